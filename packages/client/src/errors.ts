export { SlbenchError } from "./slbench-error.ts";

export type ClientErrorCode =
  | "CLIENT_USAGE"
  | "CLIENT_NO_PAYLOADS"
  | "CLIENT_BAD_REQUEST"
  | "CLIENT_SECRET"
  | "CLIENT_BAD_PAYLOAD"
  | "CLIENT_FILE";
