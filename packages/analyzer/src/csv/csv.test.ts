import { describe, expect, it, test } from "vitest";
import type { Sample } from "../core/sample.ts";
import { JtlReader } from "../log/jtl-reader.ts";
import { parseJtl } from "../log/parse-jtl.ts";

const HEADER =
  "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect";
const row = (time: number, elapsed: number, label = "GET", thread = "Users 1-1") =>
  `${time},${elapsed},${label},200,OK,${thread},text,true,,10,5,1,1,http://127.0.0.1/,1,0,0`;
const T = 1_666_563_985_908;
const read = (text: string | Uint8Array) => {
  const { samples, skipped } = parseJtl(text, "x.csv");
  return {
    read: samples.map(({ elapsedMs, label }) => `${elapsedMs} ${label}`),
    skipped: skipped.map(({ position, reason }) => `${position}: ${reason}`),
  };
};

describe("parseJtl() of CSV", () => {
  test.each([
    ["plain rows", `${HEADER}\n${row(T, 1)}\n${row(T, 2)}\n`, ["1 GET", "2 GET"]],
    ["Windows' line ends", `${HEADER}\r\n${row(T, 1)}\r\n`, ["1 GET"]],
    ["a byte order mark", `\ufeff${HEADER}\n${row(T, 1)}\n`, ["1 GET"]],
    ["no line end at the end", `${HEADER}\n${row(T, 1)}`, ["1 GET"]],
    ["no header", `${row(T, 1)}\n`, ["1 GET"]],
    ["quotes, delimiters and newlines", `${HEADER}\n${row(T, 1, '"a ""b"", c\nd"')}\n`, ['1 a "b", c\nd']],
    ["no header and a newline first", `${row(T, 1, '"a\nb"')}\n${row(T, 2)}\n`, ["1 a\nb", "2 GET"]],
    ["another delimiter", `${HEADER}\n${row(T, 1)}\n`.replaceAll(",", ";"), ["1 GET"]],
    ["tabs, no header", `${row(T, 1)}\n`.replaceAll(",", "\t"), ["1 GET"]],
    ["headers repeated", `${HEADER}\n${row(T, 1)}\n${HEADER}\n${row(T, 2)}\n`, ["1 GET", "2 GET"]],
    [
      "a second run with other columns",
      `${HEADER}\n${row(T, 1)}\nelapsed,label,success,timeStamp\n2,POST,true,${T}\n`,
      ["1 GET", "2 POST"],
    ],
    ["few columns", "label,elapsed\na,5\nb,6\n", ["5 a", "6 b"]],
    ["quoted names", `"elapsed","label"\n5,"a"\n`, ["5 a"]],
    ["dates", "timeStamp,elapsed,label\n2022/10/23 22:26:25.908,7,a\n", ["7 a"]],
    ["quotes and Windows' line ends", `${HEADER}\r\n${row(T, 1, '"a,b"')}\r\n`, ["1 a,b"]],
    ["a quoted last column", `elapsed,label\r\n5,"a,b"\r\n6,"c"\r\n`, ["5 a,b", "6 c"]],
    ["empty lines", `${HEADER}\n\n${row(T, 1)}\n\r\n\n`, ["1 GET"]],
  ])("reads %s", (_name, text, expected) => {
    expect(read(text)).toEqual({ read: expected, skipped: [] });
  });

  test.each([
    ["a torn last row", `${HEADER}\n${row(T, 1)}\n${T},5,GE`, ["1 GET"], ["line 3: 3 columns instead of 17"]],
    [
      "a torn row in quotes",
      `${HEADER}\n${T},5,"GE\n${row(T, 1)}\n${row(T, 2, '"a,b"')}\n`,
      ["1 GET", "2 a,b"],
      ["line 2: a torn row: its quotes or columns do not fit"],
    ],
    ...[1, 8, 15, 30, 64, 90].map((length): [string, string, string[], string[]] => [
      `a header behind ${length} characters of a torn row`,
      `${HEADER}\n${row(T, 1)}\n${row(T, 2).slice(0, length)}${HEADER}\n${row(T + 5, 3)}\n`,
      ["1 GET", "3 GET"],
      ["line 3: a torn row, and a header on its line"],
    ]),
    [
      "another header behind a torn row",
      `${HEADER}\n${row(T, 1)}\n1666timeStamp,elapsed,label\n${T},2,POST\n`,
      ["1 GET", "2 POST"],
      ["line 3: a torn row, and a header on its line"],
    ],
    [
      "what is no time",
      `${HEADER}\n${row(T, 1)}\n${row(T, 2).replace(/^\d{9}/, "nonsense")}\n`,
      ["1 GET"],
      [`line 3: timeStamp is "nonsense${String(T).slice(9)}", not a time`],
    ],
    [
      "a row behind ten digits of a torn one",
      `${HEADER}\n${row(T, 1)}\n1666563985${row(T + 5, 3)}\n`,
      ["1 GET", "3 GET"],
      [`line 3: timeStamp is "1666563985${T + 5}", not a time`],
    ],
    [
      "a row behind two digits of a torn one",
      `${HEADER}\n${row(T, 1)}\n16${row(T + 5, 3)}\n`,
      ["1 GET", "3 GET"],
      [`line 3: timeStamp is "16${T + 5}", not a time`],
    ],
    [
      "a row behind half of a torn one",
      `${HEADER}\n${row(T, 2).slice(0, 40)}${row(T + 5, 3)}\n`,
      ["3 GET"],
      ["line 2: 23 columns instead of 17"],
    ],
    [
      "a last text that may be cut",
      `elapsed,label\n5,POST\n6,PO`,
      ["5 POST"],
      ["line 3: the last row has no line end: its last field may be cut"],
    ],
    [
      "a torn first row before the header of a second run",
      `7,GET,200\n${HEADER}\n${row(T, 1)}\n`,
      ["1 GET"],
      ["line 1: 3 columns instead of 17"],
    ],
    [
      "zero bytes",
      `${HEADER}\n${row(T, 1)}\n${"\0".repeat(99)}\n${row(T, 2)}\n`,
      ["1 GET", "2 GET"],
      ["line 3: a row with zero bytes: the log was not written to the disk"],
    ],
    [
      "a number that is none",
      `${HEADER}\n${row(T, 1).replace(",1,", ",x,")}\n${row(T, 2)}\n`,
      ["2 GET"],
      ['line 2: elapsed is "x", not a number of milliseconds'],
    ],
    [
      "a last number that may be cut",
      "label,elapsed\na,55\nb,6",
      ["55 a"],
      ["line 3: the last row has no line end: its last field may be cut"],
    ],
  ])("uses what is whole of %s", (_name, text, expected, skipped) => {
    expect(read(text)).toEqual({ read: expected, skipped });
  });

  test.each([
    ["nothing", "", "JTL_EMPTY"],
    ["blanks", " \n\n", "JTL_EMPTY"],
    ["HTML", "<!doctype html><html><body>no</body></html>", "JTL_NOT_A_JTL"],
    ["other CSV", "name,age\nAnn,5\nBob,6\n", "JTL_NOT_A_JTL"],
    ["numbers", "1666563985908,3\n1666563985909,4\n", "JTL_NOT_A_JTL"],
    ["text", "Lorem ipsum dolor sit amet, consectetur\n".repeat(5000), "JTL_NOT_A_JTL"],
  ])("refuses %s", (_name, text, code) => {
    expect(() => parseJtl(text, "x")).toThrow(expect.objectContaining({ code }));
  });

  it("takes columns that are given, whatever a header says", () => {
    const samples: Sample[] = [];
    const columns = ["label", "threadName", "elapsed"];
    const reader = new JtlReader({ source: "x", columns }, { take: (sample) => void samples.push(sample) });
    reader.push(new TextEncoder().encode("elapsed,label,x\na,b,5\nc,d,6\n"));
    expect(reader.end()).toEqual([]);
    expect(samples).toMatchObject([
      { label: "a", threadName: "b", elapsedMs: 5 },
      { label: "c", threadName: "d", elapsedMs: 6 },
    ]);
  });

  it("finds any delimiter if columns are given", () => {
    const samples: Sample[] = [];
    const columns = ["timeStamp", "elapsed", "label"];
    const reader = new JtlReader({ source: "x", columns }, { take: (sample) => void samples.push(sample) });
    reader.push(new TextEncoder().encode(`${T}~5~a\n${T}~6~b\n`));
    expect(reader.end()).toEqual([]);
    expect(samples).toMatchObject([
      { label: "a", elapsedMs: 5 },
      { label: "b", elapsedMs: 6 },
    ]);
  });

  it("passes on no batch without rows, however many lines hold none", () => {
    const batches: number[] = [];
    const sink = { take: () => {}, count: ({ rows }: { readonly rows: number }) => void batches.push(rows) };
    const reader = new JtlReader({ source: "x" }, sink);
    reader.push(new TextEncoder().encode(`${HEADER}\n${row(T, 1)}\n${"\n".repeat(100)}${row(T, 2)}\n`));
    expect(reader.end()).toEqual([]);
    expect(batches).toEqual([1, 1]);
  });

  it("gives up a row of 17 MB but not the log", () => {
    const text = `${HEADER}\n${"x".repeat(17 << 20)}\n${row(T, 1)}\n`;
    expect(read(text)).toEqual({
      read: ["1 GET"],
      skipped: [expect.stringContaining("line 2: a row of more")],
    });
  });
});
