import { SlbenchError } from "@slbench/client/error";

export type AnalyzerErrorCode = "JTL_NOT_A_JTL" | "JTL_EMPTY";

/**
 * Input that cannot be analysed at all.
 *
 * @example
 * ```ts
 * new AnalyzerError("JTL_EMPTY", "run.jtl is empty", { hint: "check JMeter" }).code; // "JTL_EMPTY"
 * ```
 */
export const AnalyzerError = SlbenchError<AnalyzerErrorCode>;
export type AnalyzerError = SlbenchError<AnalyzerErrorCode>;
