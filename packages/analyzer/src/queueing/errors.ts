export { SlbenchError } from "@slbench/client/error";

export type QueueingErrorCode =
  | "MODEL_NO_CELLS"
  | "MODEL_TOO_FEW_CELLS"
  | "MODEL_TOO_MANY_USERS"
  | "MODEL_ALL_FAILED"
  | "MODEL_BAD_UNITS"
  | "MODEL_BAD_QUESTION";
