import { readAnswer } from "./answer.ts";
import type { Exchange } from "./http-connection.ts";
import type { AnswerFormat } from "./options.ts";
import type { RequestResult } from "./report.ts";
import type { EncodedRequest } from "./request.ts";
import { readServerClock } from "./server-clock.ts";

/** Joins an exchange and what its answer says to the request's row. Not inside any timer. */
export function requestResult(
  sequence: number,
  request: EncodedRequest,
  format: AnswerFormat,
  exchange: Exchange,
): RequestResult {
  const { answer, failure, ...timed } = exchange;
  const row = { sequence, payload: request.name, ...timed, sentBytes: request.sizeBytes };
  if (answer === undefined) {
    return { ...row, outcome: "connection-closed", ...failure };
  }
  const callId = answer.header("x-call-id");
  const named = { ...row, ...(callId !== undefined && { callId }), ...readServerClock(answer.header) };
  if (answer.status < 200 || answer.status > 299) {
    const said = answer.body.toString("utf8", 0, 200).replaceAll(/\s+/g, " ").trim();
    const message = said === "" ? `HTTP ${answer.status}` : `HTTP ${answer.status}: ${said}`;
    return { ...named, outcome: "http-error", message };
  }
  const said = readAnswer(answer, format);
  if (typeof said === "string") return { ...named, outcome: "bad-response", message: said };
  return { ...named, ...said, outcome: "ok" };
}
