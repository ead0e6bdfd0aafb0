import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { analyze } from "../analyze.ts";
import { CountedValues } from "../columns/counted-values.ts";
import type { Sample } from "../core/sample.ts";
import { describe as describeValues } from "../stats/describe.ts";
import { LabelValues } from "./label-values.ts";
import { summarizeErrorTypes, summarizeLabels } from "./labels.ts";
import { type Log, parseLog } from "./log.ts";
import { readLog } from "./read-log.ts";

const HEADER = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success,bytes\n";
const rowOf = (one: Sample) =>
  `${one.timeStampMs},${one.elapsedMs},${one.label},${one.responseCode},OK,${one.threadName},${one.success},${one.sizeBytes}\n`;
const sample: fc.Arbitrary<Sample> = fc.record({
  timeStampMs: fc.integer({ min: 1_700_000_000_000, max: 1_700_000_100_000 }),
  elapsedMs: fc.oneof(fc.nat(500), fc.nat(200_000)),
  label: fc.constantFrom("a", "b", "é"),
  responseCode: fc.constantFrom("200", "404", "500"),
  responseMessage: fc.constant("OK"),
  threadName: fc.constantFrom("Users 1-1", "Users 1-2", "Users 2-1"),
  success: fc.boolean(),
  sizeBytes: fc.nat(5000),
});

function expectClose(actual: object, expected: object): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) {
    const got = (actual as Record<string, unknown>)[name];
    if (typeof value === "number")
      expect(Math.abs((got as number) - value)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
    else if (typeof value === "object" && value !== null) expectClose(got as object, value);
    else expect(got).toEqual(value);
  }
}

/** All samples in memory, the plain way. */
function naive(samples: readonly Sample[]) {
  const threads = new Set(samples.map(({ threadName }) => threadName)).size;
  return [...new Set(samples.map(({ label }) => label))].sort().map((label) => {
    const mine = samples.filter((one) => one.label === label);
    const first = Math.min(...mine.map(({ timeStampMs }) => timeStampMs ?? 0));
    const last = Math.max(...mine.map(({ timeStampMs, elapsedMs }) => (timeStampMs ?? 0) + elapsedMs));
    const seconds = (last - first) / 1000;
    const codes: Record<string, number> = {};
    for (const { responseCode } of mine) codes[responseCode] = (codes[responseCode] ?? 0) + 1;
    return {
      label,
      threads,
      samples: mine.length,
      errors: mine.filter(({ success }) => !success).length,
      elapsedSeconds: describeValues(mine.map(({ elapsedMs }) => elapsedMs / 1000)),
      ...(seconds > 0 && {
        throughputPerSecond: mine.length / seconds,
        receivedBytesPerSecond: mine.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / seconds,
      }),
      codes,
    };
  });
}

describe("parseLog()", () => {
  it("sums up per label as a naive oracle does", () => {
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 60 }), (samples) => {
        const log = parseLog(HEADER + samples.map(rowOf).join(""), "x");
        const summaries = summarizeLabels([log]);
        const expected = naive(samples);
        expect(summaries.length).toBe(expected.length);
        for (const [index, one] of expected.entries()) expectClose(summaries[index] as object, one);
      }),
    );
  });

  it("takes a return code other than 0 for an error if processes are logged", () => {
    const row = (code: string, thread: string) => `1,5,run,${code},OK,${thread},true,0\n`;
    const log = parseLog(HEADER + row("0", "a 1-1") + row("3", "a 1-2") + row("137", "a 1-3"), "x");
    expect(summarizeLabels([log])).toMatchObject([
      { samples: 3, errors: 2, threads: 3, codes: { 0: 1, 3: 1, 137: 1 } },
    ]);
    const http = parseLog(HEADER + row("200", "a 1-1") + row("204", "a 1-2"), "x");
    expect(summarizeLabels([http])).toMatchObject([{ samples: 2, errors: 0 }]);
    const late = parseLog(HEADER + row("255", "a 1-1") + row("255", "a 1-2"), "x");
    expect(summarizeLabels([late])).toMatchObject([{ samples: 2, errors: 2 }]);
    const webSocket = parseLog(HEADER + row("101", "a 1-1") + row("101", "a 1-2"), "x");
    expect(summarizeLabels([webSocket])).toMatchObject([{ samples: 2, errors: 0 }]);
    const oneOdd = parseLog(HEADER + row("200", "a 1-1") + row("0", "a 1-1") + row("200", "a 1-2"), "x");
    expect(summarizeLabels([oneOdd])).toMatchObject([{ samples: 3, errors: 0 }]);
  });

  it("counts rows that stand for several samples", () => {
    const text = "timeStamp,elapsed,label,success,SampleCount\n1,5,a,true,1\n2,5,a,true,10\n3,5,a,true,4\n";
    expect(parseLog(text, "x").summed).toEqual({ rows: 2, samples: 14 });
    const xml = (count: number) => `<sample t="5" ts="1" s="true" lb="a" sc="${count}" ec="0"/>\n`;
    const log = parseLog(`<testResults version="1.2">\n${xml(1)}${xml(7)}</testResults>`, "x");
    expect(log.summed).toEqual({ rows: 1, samples: 7 });
    const input = { users: 1, thinkTimeSeconds: 0, repetition: 1, source: "x", isConditionInferred: true };
    expect(analyze([{ ...input, log }]).summary.warnings).toMatchObject([{ code: "SAMPLES_SUMMED" }]);
  });

  it("bounds what many labels, codes and single samples can cost, and counts all of them", () => {
    const rows = Array.from({ length: 30_000 }, (_, n) => `${n},1,label ${n},${n},OK,thread ${n},true,0\n`);
    const log = parseLog(HEADER + rows.join(""), "x");
    expect(log).toMatchObject({ samples: 30_000, threads: 30_000, hasReports: false, skipped: [] });
    expect(log.clients).toEqual([]);
    const labels = summarizeLabels([log]);
    expect(labels.length).toBe(10_001);
    expect(labels.reduce((sum, { samples }) => sum + samples, 0)).toBe(30_000);
  });
});

it("counts plain rows without an object each as those with one", () => {
  // Beyond 10 000 samples: the rows in quotes come as samples, the others as figures.
  const rows = Array.from({ length: 30_000 }, (_, n) => {
    const label = n % 3 === 0 ? '"a"' : "a";
    return `${n},${n % 900},${label},${n % 7 === 0 ? 500 : 200},OK,Users 1-${n % 20},${n % 7 !== 0},10\n`;
  });
  const [whole, plain] = [rows.join(""), rows.join("").replaceAll('"', "")].map((text) =>
    summarizeLabels([parseLog(HEADER + text, "x")]),
  );
  expect(whole).toEqual(plain);
  expect(plain).toMatchObject([{ label: "a", threads: 20, samples: 30_000, errors: Math.ceil(30_000 / 7) }]);
});

it("counts plain samples of XML as the same rows of CSV", () => {
  const samples = Array.from({ length: 30_000 }, (_, n) => {
    const [code, message] = n % 7 === 0 ? [500, "Internal Server Error"] : [200, "OK"];
    return {
      n,
      ms: n % 900,
      label: `GET ${n % 3}`,
      code,
      message,
      thread: `Users 1-${n % 20}`,
      ok: n % 7 !== 0,
    };
  });
  const csv = samples.map(
    ({ n, ms, label, code, message, thread, ok }) =>
      `${1_700_000_000_000 + n},${ms},${label},${code},${message},${thread},${ok},10\n`,
  );
  const xml = samples.map(
    ({ n, ms, label, code, message, thread, ok }) =>
      `<httpSample t="${ms}" ts="${1_700_000_000_000 + n}" s="${ok}" lb="${label}" rc="${code}" rm="${message}" tn="${thread}" by="10">\n  <responseData class="java.lang.String">page ${n}</responseData>\n</httpSample>\n`,
  );
  const shown = (log: Log) => ({
    ...{ labels: summarizeLabels([log]), errors: summarizeErrorTypes([log]), series: log.series?.toData() },
    ...{ threads: log.threads, warnings: log.warnings, skipped: log.skipped },
  });
  const [rows, elements] = [
    HEADER + csv.join(""),
    `<testResults version="1.2">\n${xml.join("")}</testResults>\n`,
  ].map((text) => shown(parseLog(text, "x", { keepSeries: true })));
  expect(elements).toEqual(rows);
  expect(rows?.labels.map((label) => label.samples)).toEqual([10_000, 10_000, 10_000]);
});

describe("LabelValues", () => {
  it("merged is the same as all in one", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(sample, fc.boolean())), (pairs) => {
        const [whole, left, right] = [new LabelValues("x"), new LabelValues("x"), new LabelValues("x")];
        for (const [one, isLeft] of pairs) {
          // Merging adds up the logs' times; here all are one log's.
          const figures = [undefined, one.elapsedMs, one.responseCode, one.success, one.sizeBytes] as const;
          whole.add(...figures);
          (isLeft ? left : right).add(...figures);
        }
        left.merge(right);
        expectClose(left.summarize(3), whole.summarize(3));
      }),
    );
  });

  it("adds the logs' times, not what lies between them", () => {
    const [first, second] = [new LabelValues("x"), new LabelValues("x")];
    for (const n of [0, 1, 2, 3]) {
      first.add(n * 1000, 1000, "200", true, 10);
      second.add(1e9 + n * 1000, 1000, "200", true, 10);
    }
    first.merge(second);
    expect(first.summarize(1)).toMatchObject({ throughputPerSecond: 1, receivedBytesPerSecond: 10 });
  });
});

describe("CountedValues", () => {
  const value = fc.oneof(
    fc.nat(100),
    fc.nat(70_000),
    fc.nat(1e9),
    fc.double({ min: 0, max: 1e6, noNaN: true }),
  );

  it("describes as all values in memory do, whatever table they are in", () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.constantFrom(1, 50, 200), (values, times) => {
        const counted = new CountedValues();
        const all: number[] = [];
        for (let i = 0; i < times; i++) {
          for (const one of values) {
            counted.add(one + 0);
            all.push(one);
          }
        }
        const expected = describeValues(all);
        const { stdev, ...rest } = counted.describe(1);
        const { stdev: expectedStdev, ...expectedRest } = expected;
        expectClose(rest, expectedRest);
        // Sums of squares: as exact as their largest part.
        if (stdev !== undefined)
          expect(Math.abs(stdev - (expectedStdev as number))).toBeLessThanOrEqual(
            1e-6 * (expected.max as number) + 1e-9,
          );
        expect(counted.quantileErrorRatio).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  it("falls back to a histogram beyond 10 million values that no table holds, and says so", () => {
    const counted = new CountedValues();
    const half = new CountedValues();
    for (let i = 0; i <= 10_000_000; i++) counted.add(100_000 + (i % 100_000));
    for (let i = 0; i < 1000; i++) half.add(150_000);
    expect(counted.quantileErrorRatio).toBe(0.001);
    half.merge(counted);
    expect(half.quantileErrorRatio).toBe(0.001);
    for (const { count, median, p99, min, max, mean } of [counted.describe(1), half.describe(1)]) {
      expect(count).toBeGreaterThan(10_000_000);
      expect(min).toBe(100_000);
      expect(max).toBe(199_999);
      for (const [got, expected] of [
        [median, 150_000],
        [p99, 199_000],
        [mean, 150_000],
      ])
        expect(Math.abs((got as number) / (expected as number) - 1)).toBeLessThan(0.002);
    }
  });
});

test("readLog() reads gzip by content, several members, and what came before a cut", async () => {
  const rows = Array.from({ length: 5000 }, (_, n) => `${n},${n % 700},x,200,OK,Users 1-1,true,0\n`);
  const zipped = gzipSync(HEADER + rows.join(""));
  async function* chunks(bytes: Uint8Array) {
    for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
  }
  expect(await readLog(chunks(zipped), "x")).toMatchObject({ samples: 5000, skipped: [] });
  expect(await readLog(chunks(Buffer.concat([zipped, gzipSync(rows.join(""))])), "x")).toMatchObject({
    samples: 10_000,
    skipped: [],
  });
  const cut = await readLog(chunks(zipped.subarray(0, zipped.length - 100)), "x");
  expect(cut.samples).toBeGreaterThan(4000);
  expect(cut.skipped.at(-1)).toMatchObject({
    position: "the end",
    reason: expect.stringContaining("gzip data are damaged"),
  });
  await expect(readLog(chunks(zipped.subarray(0, 15)), "x")).rejects.toMatchObject({ code: "JTL_NOT_A_JTL" });
});
