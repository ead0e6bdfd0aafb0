import { SlbenchError } from "./slbench-error.ts";

export type ClientErrorCode =
  | "CLIENT_USAGE"
  | "CLIENT_NO_PAYLOADS"
  | "CLIENT_BAD_REQUEST"
  | "CLIENT_SECRET"
  | "CLIENT_BAD_PAYLOAD"
  | "CLIENT_FILE";

/** Why a virtual user cannot run; program.ts prints it, and the process exits with `exitCode`. */
export const ClientError = SlbenchError<ClientErrorCode>;
export type ClientError = SlbenchError<ClientErrorCode>;
