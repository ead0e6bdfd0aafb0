import type { RequestRow } from "../core/request-row.ts";

export type ColumnKind = "text" | "integer" | "long" | "number" | "boolean";

/** The columns of requests.csv and requests.arrow, in their order. */
export const REQUEST_COLUMNS = {
  cell: "text",
  users: "integer",
  thinkTimeSeconds: "number",
  repetition: "integer",
  worker: "text",
  user: "text",
  sequence: "integer",
  payload: "text",
  label: "text",
  startEpochMicros: "long",
  roundTripSeconds: "number",
  connectSeconds: "number",
  sendSeconds: "number",
  waitSeconds: "number",
  receiveSeconds: "number",
  handlerSeconds: "number",
  mlSeconds: "number",
  outcome: "text",
  status: "integer",
  faces: "integer",
  backend: "text",
  coldStart: "boolean",
  replica: "text",
  callId: "text",
  lateSeconds: "number",
  sentBytes: "long",
  receivedBytes: "long",
  message: "text",
} as const satisfies Record<keyof RequestRow, ColumnKind>;

export const COLUMN_NAMES = Object.keys(REQUEST_COLUMNS) as readonly (keyof RequestRow)[];
