export type HandlerErrorCode =
  | "BODY_EMPTY"
  | "BODY_TOO_LARGE"
  | "BODY_NOT_BASE64"
  | "BODY_NOT_JSON"
  | "BODY_TOO_SLOW"
  | "IMAGE_TYPE"
  | "IMAGE_BROKEN"
  | "IMAGE_TOO_LARGE"
  | "OPTION_WRONG"
  | "DETECTOR_UNAVAILABLE"
  | "GATEWAY_PORT"
  | "GATEWAY_REPLICA";

/** What the function or its gateway cannot do; the server answers `status` with code, message and hint. */
export class HandlerError extends Error {
  readonly code: HandlerErrorCode;
  readonly status: number;
  readonly hint: string;

  constructor(code: HandlerErrorCode, status: number, message: string, hint: string, cause?: unknown) {
    super(message, { cause });
    this.name = "HandlerError";
    this.code = code;
    this.status = status;
    this.hint = hint;
  }
}
