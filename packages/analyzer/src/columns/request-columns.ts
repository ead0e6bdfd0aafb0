/** Which fields of a request have a column. */
import type { RequestResult } from "@slbench/client/report";

/** The columns that figures need. */
export const FIGURES = [
  "sequence",
  "startEpochMicros",
  "roundTripSeconds",
  "connectSeconds",
  "sendSeconds",
  "waitSeconds",
  "receiveSeconds",
  "handlerSeconds",
  "mlSeconds",
  "receivedBytes",
  "faces",
  "lateSeconds",
  "sentBytes",
] as const satisfies readonly (keyof RequestResult)[];
/** Seconds that a round trip splits into. */
export const PARTS = [
  ...(["roundTripSeconds", "connectSeconds", "sendSeconds", "waitSeconds", "receiveSeconds"] as const),
  ...(["handlerSeconds", "mlSeconds"] as const),
] as const satisfies readonly (typeof FIGURES)[number][];
export const NUMBERS = [
  ...FIGURES,
  "startMonotonicSeconds",
  "status",
] as const satisfies readonly (keyof RequestResult)[];
/** Numbers that only some functions report; their columns are made at the first value. */
export const RARE_FIGURES = ["units", "firstEventSeconds", "longestGapSeconds", "secondsPerUnit"] as const;
export const RARE = [
  ...RARE_FIGURES,
  "events",
  "retryAfterSeconds",
] as const satisfies readonly (keyof RequestResult)[];
export const TEXT_FIGURES = [
  "backend",
  "replica",
  "payload",
] as const satisfies readonly (keyof RequestResult)[];
export const TEXTS = [
  ...TEXT_FIGURES,
  "callId",
  "message",
] as const satisfies readonly (keyof RequestResult)[];
/** Numbers of a request that can be read as a column. */
export type NumberName = (typeof FIGURES)[number] | (typeof RARE)[number];
