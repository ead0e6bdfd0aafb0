import type { Arrivals } from "../http/http-connection.ts";
import type { StreamKind } from "../spec/response-spec.ts";

/** One event of a streamed response. */
export interface StreamEvent {
  /** Its data, without the framing of server-sent events. */
  readonly text: string;
  /** From the request's start to the arrival of the event's last byte. */
  readonly seconds: number;
}

/** Chat functions end their streams with this; it is no event of theirs. */
const END_MARK = "[DONE]";

/**
 * Splits a body that arrived in pieces into its events. Runs after the timer: the arrivals keep the times.
 * `sse`: events with data, without comments and `[DONE]`; `lines`: lines that are not blank; `chunks`: HTTP chunks,
 * or pieces as they arrived if the body has no chunks.
 */
export function readEvents(kind: StreamKind, body: Buffer, arrivals: Arrivals): readonly StreamEvent[] {
  const events: StreamEvent[] = [];
  let piece = 0;
  const add = (text: string, end: number) => {
    while (piece < arrivals.ends.length - 1 && (arrivals.ends[piece] as number) < end) piece++;
    events.push({ text, seconds: (arrivals.ms[piece] ?? 0) / 1000 });
  };
  if (kind === "chunks") {
    let start = 0;
    for (const end of arrivals.ends) {
      if (end > start) add(body.toString("utf8", start, end), end);
      start = end;
    }
    return events;
  }
  let data: string | undefined;
  const dispatch = (end: number) => {
    if (data !== undefined && data.trim() !== END_MARK) add(data, end);
    data = undefined;
  };
  for (let start = 0; start < body.length; ) {
    const newline = body.indexOf(10, start);
    const end = newline < 0 ? body.length : newline + 1;
    const line = body.toString("utf8", start, end).replace(/\r?\n$/, "");
    start = end;
    if (kind === "lines") {
      if (line.trim() !== "") add(line, end);
    } else if (line === "") dispatch(end);
    else if (line.startsWith("data:")) {
      const text = line.slice(line[5] === " " ? 6 : 5);
      data = data === undefined ? text : `${data}\n${text}`;
    }
  }
  // Some servers leave out the last blank line.
  dispatch(body.length);
  return events;
}
