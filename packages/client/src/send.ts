import type { Exchange } from "./http-connection.ts";
import type { ResponseFormat } from "./options.ts";
import { readResponse } from "./read-response.ts";
import type { RequestResult } from "./report.ts";
import type { EncodedRequest } from "./request.ts";
import { readServerClock } from "./server-clock.ts";

/** Makes a request's row of its exchange and its response. Runs outside every timer. */
export function requestResult(
  sequence: number,
  request: EncodedRequest,
  format: ResponseFormat,
  exchange: Exchange,
): RequestResult {
  const { response, failure, ...timed } = exchange;
  const row = { sequence, payload: request.name, ...timed, sentBytes: request.sizeBytes };
  if (response === undefined) {
    return { ...row, outcome: "connection-closed", ...failure };
  }
  const callId = response.header("x-call-id");
  const named = { ...row, ...(callId !== undefined && { callId }), ...readServerClock(response.header) };
  if (response.status < 200 || response.status > 299) {
    const beginning = response.body.toString("utf8", 0, 200).replaceAll(/\s+/g, " ").trim();
    const message = beginning === "" ? `HTTP ${response.status}` : `HTTP ${response.status}: ${beginning}`;
    return { ...named, outcome: "http-error", message };
  }
  const fields = readResponse(response, format);
  if (typeof fields === "string") return { ...named, outcome: "invalid-response", message: fields };
  return { ...named, ...fields, outcome: "ok" };
}
