import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { readEvents } from "./stream-events.ts";

/** Pieces of a body with their arrival times in ms. */
function read(kind: "sse" | "lines" | "chunks", pieces: readonly (readonly [string, number])[]) {
  const ends: number[] = [];
  let length = 0;
  for (const [text] of pieces) {
    length += Buffer.byteLength(text);
    ends.push(length);
  }
  const body = Buffer.from(pieces.map(([text]) => text).join(""));
  return readEvents(kind, body, { ends, ms: pieces.map(([, ms]) => ms) });
}

describe("readEvents()", () => {
  it("reads server-sent events: comments, other fields, several data lines, CRLF, [DONE]", () => {
    const pieces = [
      [": keep-alive\n\n", 10],
      ['event: delta\ndata: {"a":1}\n\n', 20],
      ["data:one\r\ndata: two\r\n\r\n", 30],
      ["data: [DONE]\n\n", 40],
    ] as const;
    expect(read("sse", pieces)).toEqual([
      { text: '{"a":1}', seconds: 0.02 },
      { text: "one\ntwo", seconds: 0.03 },
    ]);
  });

  it("gives an event the time at which its last byte arrived", () => {
    const pieces = [
      ["data: a", 10],
      ["bc\n", 20],
      ["\ndata: d\n\ndata: e\n\n", 30],
      ["data: last", 40],
    ] as const;
    expect(read("sse", pieces)).toEqual([
      { text: "abc", seconds: 0.03 },
      { text: "d", seconds: 0.03 },
      { text: "e", seconds: 0.03 },
      { text: "last", seconds: 0.04 },
    ]);
  });

  it("reads lines without blank ones, and the last one without a line feed", () => {
    const pieces = [
      ['{"a":1}\n\n', 5],
      ['{"a":', 6],
      ["2}", 7],
    ] as const;
    expect(read("lines", pieces)).toEqual([
      { text: '{"a":1}', seconds: 0.005 },
      { text: '{"a":2}', seconds: 0.007 },
    ]);
  });

  it("takes each piece as an event of chunks", () => {
    const pieces = [
      ["é", 1],
      ["bc", 3],
    ] as const;
    expect(read("chunks", pieces)).toEqual([
      { text: "é", seconds: 0.001 },
      { text: "bc", seconds: 0.003 },
    ]);
  });

  test.each(["sse", "lines"] as const)("finds the same events of %s however the bytes are split", (kind) => {
    const line = fc.string({ unit: fc.constantFrom("a", "é", ":", " ", "{"), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 6 }), (lines, cuts) => {
        const texts = lines.map((one) => `x${one}`);
        const body = Buffer.from(
          texts.map((one) => (kind === "sse" ? `data: ${one}\n\n` : `${one}\n`)).join(""),
        );
        const ends = [...new Set([...cuts.map((cut) => cut % (body.length + 1)), body.length])].sort(
          (a, b) => a - b,
        );
        const events = readEvents(kind, body, { ends, ms: ends.map((end) => end) });
        expect(events.map(({ text }) => text)).toEqual(texts);
        let end = 0;
        for (const [index, text] of texts.entries()) {
          end += Buffer.byteLength(text) + (kind === "sse" ? 8 : 1);
          // The arrival time of a piece is the offset of its end.
          expect(events[index]?.seconds).toBe((ends.find((one) => one >= end) as number) / 1000);
        }
      }),
    );
  });
});
