export { SlbenchError } from "@slbench/client/error";

export type AnalyzerErrorCode =
  | "JTL_NOT_A_JTL"
  | "JTL_EMPTY"
  | "JTL_NO_SAMPLES"
  | "JTL_TIME_ZONE"
  | "JTL_TIME_FORMAT";
