export type QueueingErrorCode =
  | "MODEL_NO_CELLS"
  | "MODEL_TOO_FEW_CELLS"
  | "MODEL_TOO_MANY_USERS"
  | "MODEL_ALL_FAILED"
  | "MODEL_BAD_UNITS"
  | "MODEL_BAD_QUESTION";

/** Data or a question that no model can be made of. */
export class QueueingError extends Error {
  readonly code: QueueingErrorCode;
  readonly hint: string;
  readonly exitCode: number;

  constructor(code: QueueingErrorCode, message: string, hint: string) {
    super(message);
    this.name = "QueueingError";
    this.code = code;
    this.hint = hint;
    this.exitCode = code === "MODEL_BAD_QUESTION" ? 2 : 1;
  }
}
