import type { FrameRow } from "../core/frame-row.ts";

export type ColumnKind = "text" | "integer" | "long" | "number" | "boolean";

/** The columns of frames.csv and frames.arrow, in their order. */
export const FRAME_COLUMNS = {
  cell: "text",
  users: "integer",
  thinkTimeSeconds: "number",
  repetition: "integer",
  slave: "text",
  user: "text",
  sequence: "integer",
  frame: "text",
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
} as const satisfies Record<keyof FrameRow, ColumnKind>;

export const COLUMN_NAMES = Object.keys(FRAME_COLUMNS) as readonly (keyof FrameRow)[];
