import { type ClientReport, parseReport, renderReport } from "@slbench/client/report";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { clientReport } from "../testing/client-report.ts";
import { decodeEntities } from "./entities.ts";
import { wholeReport } from "./whole-report.ts";

const report = (message: string): ClientReport =>
  clientReport(
    [
      {
        sequence: 1,
        payload: "1.jpg",
        startEpochMicros: 1,
        startMonotonicSeconds: 1,
        roundTripSeconds: 0.5,
        sentBytes: 1,
        outcome: "invalid-response",
        message,
      },
    ],
    {
      client: { version: "0", build: message, runtime: "node" },
      url: "http://127.0.0.1/?a=1&b=2",
    },
  );

/** As JMeter escapes text; */
const escaped = (text: string) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;");

const read = (data: string) => wholeReport(Buffer.from(data));
/** What the text says, read without any short cut. */
function plainly(data: string) {
  const parsed = parseReport(decodeEntities(data));
  return parsed.kind === "json" ? parsed.report : undefined;
}

describe("wholeReport()", () => {
  it("reads what parseReport() reads, whatever stands around it and wherever it is cut", () => {
    const message = fc.oneof(
      fc.string(),
      fc.string({ unit: "grapheme" }),
      fc.constant("&quot; &#10; <x> \\ 'é'"),
    );
    fc.assert(
      fc.property(
        message,
        fc.string(),
        fc.string(),
        fc.nat(),
        fc.boolean(),
        (said, before, after, cut, whole) => {
          const data = escaped(`${before}\n${renderReport(report(said))}${after}`);
          const kept = whole ? data : data.slice(0, cut % data.length);
          expect(read(kept)).toEqual(plainly(kept));
          if (whole) expect(read(kept)?.requests[0]?.message).toBe(said);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["without references", (line: string) => line, "x"],
    ["with references by number", (line: string) => escaped(line).replaceAll("&amp;", "&#38;"), "a & b"],
    [
      "with a reference that stands for nothing",
      (line: string) => `${escaped(line).replace("&amp;", "&moon;")}`,
      "a & b",
    ],
    ["with letters of two bytes", escaped, "é & ü"],
    [
      "twice: the last one counts",
      (line: string) => `${escaped(line)}\n${escaped(line.replace("25", "26"))}`,
      "x",
    ],
  ])("reads a line %s", (_, write, message) => {
    const data = write(JSON.stringify(report(message)));
    expect(read(data)).toBeDefined();
    expect(read(data)).toEqual(plainly(data));
  });

  test.each([
    ["the older text form", "Elapsed ML time in the handler: \n[]\n"],
    ["a torn line", escaped(JSON.stringify(report("x"))).slice(0, -1)],
    ["a line in a CDATA section", `<![CDATA[${JSON.stringify(report("x"))}]]>`],
    ["a report of another version", escaped(JSON.stringify(report("x"))).replace("report/2", "report/3")],
    ["the name alone", "slbench.client-report/"],
  ])("leaves %s to parseReport()", (_, data) => {
    expect(read(data)).toBeUndefined();
  });
});
