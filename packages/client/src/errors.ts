import { SlbenchError } from "./slbench-error.ts";

export type ClientErrorCode =
  | "CLIENT_USAGE"
  | "CLIENT_NO_FRAMES"
  | "CLIENT_BAD_URL"
  | "CLIENT_BAD_FRAME"
  | "CLIENT_FILE";

/** Why a virtual user cannot work at all; main.ts prints it and exits with `exitCode`. */
export const ClientError = SlbenchError<ClientErrorCode>;
export type ClientError = SlbenchError<ClientErrorCode>;
