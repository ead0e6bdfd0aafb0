export type HandlerErrorCode =
  | "BODY_EMPTY"
  | "BODY_TOO_LARGE"
  | "BODY_NOT_BASE64"
  | "BODY_NOT_JSON"
  | "BODY_TOO_SLOW"
  | "BODY_TYPE"
  | "BODY_CUT_SHORT"
  | "IMAGE_TYPE"
  | "IMAGE_BROKEN"
  | "IMAGE_TOO_LARGE"
  | "IMAGE_TOO_COMPLEX"
  | "IMAGE_TOO_SLOW"
  | "OPTION_WRONG"
  | "REQUEST_METHOD"
  | "REQUEST_MALFORMED"
  | "REQUEST_TOO_SLOW"
  | "REQUEST_EXPECTATION"
  | "SERVER_BUSY"
  | "DETECTOR_UNAVAILABLE"
  | "GATEWAY_PORT"
  | "GATEWAY_REPLICA";

/** An error of the function or its gateway. The server responds with `status`, code, message and hint. */
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

/** The JSON that a caller gets for an error: `{error: {code, message, hint}}`, without internal details. */
export function renderError(error: unknown): { readonly status: number; readonly body: Buffer } {
  const known = error instanceof HandlerError;
  const { code, message, hint } = known
    ? error
    : { code: "INTERNAL", message: "the function failed", hint: "see the function's log" };
  return {
    status: known ? error.status : 500,
    body: Buffer.from(JSON.stringify({ error: { code, message, hint } })),
  };
}
