export { SlbenchError } from "@slbench/client/error";

export type AnalyzerErrorCode = "JTL_NOT_A_JTL" | "JTL_EMPTY";
