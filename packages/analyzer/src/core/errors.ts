export type AnalyzerErrorCode =
  | "JTL_NOT_A_JTL"
  | "JTL_EMPTY"
  | "JTL_BAD_FIELD"
  | "ANALYZE_NO_INPUT"
  | "THRESHOLD_WRONG"
  | "FILTER_SYNTAX"
  | "FILTER_FIELD"
  | "FILTER_VALUE";

/** Input that cannot be analysed at all. */
export class AnalyzerError extends Error {
  readonly code: AnalyzerErrorCode;
  readonly hint: string;
  /** 2 for a question that was put wrongly, else 1. */
  readonly exitCode: number;

  constructor(code: AnalyzerErrorCode, message: string, hint: string, cause?: unknown) {
    super(message, { cause });
    this.name = "AnalyzerError";
    this.code = code;
    this.hint = hint;
    this.exitCode = code === "THRESHOLD_WRONG" || code.startsWith("FILTER_") ? 2 : 1;
  }
}
