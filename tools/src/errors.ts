/** What `slbench` itself can be stopped by; the packages have error classes of their own. */
export type ToolErrorCode =
  `${"SETUP" | "RUN" | "FILE" | "USAGE" | "SERVE" | "FRAMES" | "MODEL" | "REPORT" | "SYSTEM"}_${string}`;

export interface ToolErrorOptions extends ErrorOptions {
  /** What to do next, as a sentence without full stop. */
  readonly hint: string;
  /** 1 failed (default), 2 wrong usage, 3 incomplete data, 4 a threshold failed. */
  readonly exitCode?: number;
}

/** An error that a user can mend: main.ts prints message and hint without a stack. */
export class ToolError extends Error {
  readonly code: ToolErrorCode;
  readonly hint: string;
  readonly exitCode: number;

  constructor(code: ToolErrorCode, message: string, options: ToolErrorOptions) {
    super(message, options);
    this.name = "ToolError";
    this.code = code;
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? 1;
  }
}
