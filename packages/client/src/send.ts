import { readAnswer } from "./answer.ts";
import type { Exchange } from "./http-connection.ts";
import type { AnswerFormat } from "./options.ts";
import type { FrameResult } from "./report.ts";
import type { EncodedFrame } from "./request.ts";
import { readServerClock } from "./server-clock.ts";

/** Joins an exchange and what its answer says to the frame's row. Not inside any timer. */
export function frameResult(
  sequence: number,
  frame: EncodedFrame,
  format: AnswerFormat,
  exchange: Exchange,
): FrameResult {
  const { answer, failure, ...timed } = exchange;
  const row = { sequence, frame: frame.name, ...timed, sentBytes: frame.sizeBytes };
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
