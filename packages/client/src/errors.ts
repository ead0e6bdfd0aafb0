export type ClientErrorCode =
  | "CLIENT_USAGE"
  | "CLIENT_NO_FRAMES"
  | "CLIENT_BAD_URL"
  | "CLIENT_BAD_FRAME"
  | "CLIENT_FILE";

/** Why a virtual user cannot work at all; main.ts prints it and exits with `exitCode`. */
export class ClientError extends Error {
  readonly code: ClientErrorCode;
  readonly hint: string;

  constructor(code: ClientErrorCode, message: string, hint: string, cause?: unknown) {
    super(message, { cause });
    this.name = "ClientError";
    this.code = code;
    this.hint = hint;
  }

  /** 2 for wrong usage, 1 for everything else. */
  get exitCode(): number {
    return this.code === "CLIENT_USAGE" ? 2 : 1;
  }
}
