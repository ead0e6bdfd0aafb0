import { SlbenchError } from "@slbench/client/error";

export type QueueingErrorCode =
  | "MODEL_NO_CELLS"
  | "MODEL_TOO_FEW_CELLS"
  | "MODEL_TOO_MANY_USERS"
  | "MODEL_ALL_FAILED"
  | "MODEL_BAD_UNITS"
  | "MODEL_BAD_QUESTION";

/**
 * Data or a question that no model can be made of.
 *
 * @example
 * ```ts
 * new QueueingError("MODEL_ALL_FAILED", "no cell", { hint: "measure one" }).code; // "MODEL_ALL_FAILED"
 * ```
 */
export const QueueingError = SlbenchError<QueueingErrorCode>;
export type QueueingError = SlbenchError<QueueingErrorCode>;
