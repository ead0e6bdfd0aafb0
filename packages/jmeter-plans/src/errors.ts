export type PlanErrorCode =
  | "EXPERIMENT_NOT_YAML"
  | "EXPERIMENT_BAD_FIELD"
  | "PLAN_BAD_TEXT"
  | "PLAN_NOT_OURS";

/** Wrong input from outside: an experiment file, or a plan to read back. */
export class PlanError extends Error {
  readonly code: PlanErrorCode;
  readonly hint: string;
  /** 2: the user gave something wrong. */
  readonly exitCode = 2;

  constructor(code: PlanErrorCode, message: string, hint: string, cause?: unknown) {
    super(message, { cause });
    this.name = "PlanError";
    this.code = code;
    this.hint = hint;
  }
}
