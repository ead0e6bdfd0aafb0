export interface SlbenchErrorOptions extends ErrorOptions {
  /** What to do next: an imperative without a full stop. */
  readonly hint: string;
  /** 1 failed (default), 2 wrong usage, 3 incomplete data, 4 a threshold failed. */
  readonly exitCode?: number;
  /** The values that the message is made of, for programs that catch the error. */
  readonly context?: Readonly<Record<string, unknown>>;
}

/**
 * Bad input from outside, or something that a user can fix. Every package throws it; the command line prints
 * message and hint without a stack, and exits with `exitCode`. docs/errors.md lists every code.
 *
 * This module imports nothing, because the virtual user is compiled with it: docs/decisions/errors.md.
 *
 * @example
 * ```ts
 * throw new SlbenchError("JTL_EMPTY", "run.jtl is empty", { hint: "measure again" });
 * ```
 */
export class SlbenchError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly hint: string;
  readonly exitCode: number;
  readonly context: Readonly<Record<string, unknown>>;

  constructor(code: Code, message: string, { hint, exitCode = 1, context = {}, cause }: SlbenchErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "SlbenchError";
    this.code = code;
    this.hint = hint;
    this.exitCode = exitCode;
    this.context = context;
  }
}
