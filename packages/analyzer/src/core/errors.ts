import { SlbenchError } from "@slbench/client/error";

export type AnalyzerErrorCode = "JTL_NOT_A_JTL" | "JTL_EMPTY";

/** Input that cannot be analysed at all. */
export const AnalyzerError = SlbenchError<AnalyzerErrorCode>;
export type AnalyzerError = SlbenchError<AnalyzerErrorCode>;
