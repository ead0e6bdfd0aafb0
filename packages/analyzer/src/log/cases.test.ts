import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { analyze, type Summary } from "../analyze.ts";
import type { Sample } from "../core/sample.ts";
import { groupRequests } from "../rows/groups.ts";
import { sampleRows } from "../rows/rows.ts";
import { JtlReader } from "./jtl-reader.ts";
import { type LogOptions, parseLog } from "./log.ts";
import { parseJtl } from "./parse-jtl.ts";
import { readLog } from "./read-log.ts";

const bytesOf = (name: string) => readFileSync(new URL(`../../testdata/cases/${name}`, import.meta.url));

function analyzeLog(text: string | Uint8Array, source: string, options: LogOptions = {}) {
  const log = parseLog(text, source, { keepSamples: true, ...options });
  const { threads: users } = log;
  return analyze([{ users, thinkTimeSeconds: 0, repetition: 1, source, log, isConditionInferred: true }]);
}
const analysisOf = (name: string, options?: LogOptions) => analyzeLog(bytesOf(name), name, options);
const codesOf = ({ warnings }: Summary) => warnings.map(({ code }) => code);
const namesOf = ({ labels }: Summary) => labels.map(({ label }) => label);

describe("time stamps", () => {
  it("leaves a sample of 1970 out of the time span, and keeps it in all other figures", () => {
    const { summary } = analysisOf("ts0-1970.csv");
    expect(summary.labels).toMatchObject([{ samples: 21, errors: 1 }]);
    // 20 samples, one each 100 ms, the last one takes 100 ms.
    expect(summary.labels[0]?.throughputPerSecond).toBeCloseTo(10, 6);
    expect(summary.warnings).toMatchObject([
      {
        code: "TIMES_IMPLAUSIBLE",
        message: expect.stringContaining("1 sample has a time that cannot be right (1970-01-01)"),
      },
    ]);
    expect(summary.complete).toBe(true);
    const minutes = groupRequests(sampleRows(analysisOf("ts0-1970.csv")), "minute");
    expect(minutes.map(({ key, sent }) => [key, sent])).toEqual([
      ["0", 20],
      ["unknown", 1],
    ]);
  });

  it("warns of a pause that is longer than the test, and names the filter that takes a run", () => {
    const run = (from: number) =>
      Array.from({ length: 20 }, (_, n) => `${1_700_000_000_000 + from + n * 1000},100,a,true\n`).join("");
    const header = "timeStamp,elapsed,label,success\n";
    const { warnings, complete } = analyzeLog(header + run(0) + run(86_400_000), "x").summary;
    expect(warnings).toMatchObject([
      {
        code: "TIMES_PAUSE",
        message:
          "x: no sample ended for 24 h, and all within the other 40 s; rates of the whole log include this pause",
        hint: expect.stringMatching(/--filter 'startEpochMicros>=17000432\d{8}'/),
      },
    ]);
    expect(complete).toBe(true);
    // Nine minutes may be a part of the test.
    expect(codesOf(analyzeLog(header + run(0) + run(540_000), "x").summary)).toEqual([]);
  });

  it("keeps times of a clock that began at 0 if all samples have such", () => {
    const rows = Array.from({ length: 10 }, (_, n) => `${n * 100},100,a,true\n`).join("");
    const { summary } = analyzeLog(`timeStamp,elapsed,label,success\n${rows}`, "x");
    expect(summary.labels[0]?.throughputPerSecond).toBeCloseTo(10, 6);
    expect(summary.warnings).toEqual([]);
  });

  test.each([
    ["epoch-seconds.xml", "seconds", 10 / 9.1],
    ["epoch-micros.csv", "microseconds", undefined],
  ])("%s: %s are recognised", (name, unit, rate) => {
    const { summary } = analysisOf(name);
    const [label] = summary.labels;
    expect(label?.throughputPerSecond).toBeCloseTo(rate ?? 10, 0);
    if (rate !== undefined) expect(label?.throughputPerSecond).toBeCloseTo(rate, 6);
    expect(summary.warnings).toMatchObject([
      { code: "TIMES_CONVERTED", message: expect.stringContaining(`the time stamps are ${unit},`) },
    ]);
  });

  it("reads nanoseconds, and milliseconds behind torn digits as torn", () => {
    const header = "timeStamp,elapsed,label,success\n";
    const nanos = parseJtl(`${header}1700000000000123456,5,a,true\n`, "x");
    expect(nanos.samples[0]?.timeStampMs).toBeCloseTo(1_700_000_000_000.123, 2);
    // As microseconds 2022, but the log's times are milliseconds.
    const torn = parseJtl(`${header}1700000000000,5,a,true\n1661666563985913,6,a,true\n`, "x");
    expect(torn.samples.map(({ timeStampMs }) => timeStampMs)).toEqual([
      1_700_000_000_000, 1_666_563_985_913,
    ]);
    expect(torn.skipped).toMatchObject([{ position: "line 3" }]);
  });

  it("takes no other column for the times where a text holds delimiters or newlines", () => {
    const commas = 'responseMessage,elapsed,bytes,timeStamp,success\n"a,b",5,1700000000,1,true\n';
    expect(parseJtl(commas, "x").samples).toMatchObject([{ timeStampMs: 1, sizeBytes: 1_700_000_000 }]);
    const newlines = 'elapsed,responseMessage,timeStamp,bytes,success\n5,"two\nlines",1,1700000000,true\n';
    expect(parseJtl(newlines, "x").samples).toMatchObject([{ timeStampMs: 1, sizeBytes: 1_700_000_000 }]);
    const unit = parseJtl('timeStamp,elapsed,label,success\n1700000000,5,"two\nlines",true\n', "x");
    expect(unit.samples[0]?.timeStampMs).toBe(1_700_000_000_000);
  });

  it("reads XML without times as CSV without times", () => {
    const { summary } = analysisOf("no-ts.xml");
    expect(summary.labels).toMatchObject([{ samples: 2, errors: 1, elapsedSeconds: { mean: 0.2 } }]);
    expect(summary.labels[0]).not.toHaveProperty("throughputPerSecond");
    const csv = analyzeLog(
      "elapsed,label,responseCode,success\n100,a,200,true\n300,a,500,false\n",
      "x",
    ).summary;
    expect(csv.labels).toEqual(summary.labels);
    expect([codesOf(csv), codesOf(summary)]).toEqual([["TIMES_NOT_READ"], ["TIMES_NOT_READ"]]);
  });
});

describe("dates", () => {
  it("reads dates without an offset in the zone that is given", () => {
    const { summary } = analysisOf("dates-in-dst.csv", { timeZone: "Europe/Berlin" });
    // 01:59:59.5 and 03:00:00.5 are one second apart there, as the clock was set forward.
    expect(summary.labels[0]?.throughputPerSecond).toBeCloseTo(3 / 2.1, 6);
    expect(summary.warnings).toMatchObject([
      { code: "TIME_ZONE_USED", message: expect.stringContaining("in the time zone Europe/Berlin") },
    ]);
    const utc = analysisOf("dates-in-dst.csv", { timeZone: "UTC" }).summary;
    expect(utc.labels[0]?.throughputPerSecond).toBeCloseTo(3 / 3602.1, 6);
  });

  it("names the machine's zone if none is given", () => {
    const { summary } = analysisOf("dates-in-dst.csv");
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    expect(summary.warnings).toMatchObject([
      { message: expect.stringContaining(`${zone}, that of this machine`) },
    ]);
  });

  it("reads ISO dates with an offset", () => {
    const { summary } = analysisOf("date-iso-offset.csv");
    expect(summary.labels).toMatchObject([{ samples: 3, errors: 0 }]);
    expect(summary.labels[0]?.throughputPerSecond).toBeCloseTo(3 / 2.3, 6);
    expect(summary.warnings).toEqual([]);
  });

  it("gives elapsed figures and one warning if the format is not known", () => {
    const { summary } = analysisOf("date-ddmmyyyy.csv");
    expect(summary.labels).toMatchObject([{ samples: 3, elapsedSeconds: { mean: 0.2 } }]);
    expect(summary.labels[0]).not.toHaveProperty("throughputPerSecond");
    expect(summary.skipped).toEqual([]);
    expect(summary.warnings).toMatchObject([
      {
        code: "TIMES_NOT_READ",
        message: expect.stringContaining('3 time stamps such as "13/01/2024 10:00:00"'),
      },
    ]);
  });

  test.each([
    ["dd/MM/yyyy HH:mm:ss", "13/01/2024 10:00:00", "2024-01-13T10:00:00Z"],
    ["d.M.yy HH:mm:ss,SSS", "3.1.24 10:00:00,250", "2024-01-03T10:00:00.250Z"],
    ["MMM d, yyyy h:mm:ss a", "Jan 13, 2024 1:00:00 PM", "2024-01-13T13:00:00Z"],
    ["yyyy-MM-dd'T'HH:mm:ss.SSSZ", "2024-01-13T10:00:00.500+0100", "2024-01-13T09:00:00.500Z"],
    ["yyyy-MM-dd'T'HH:mm:ssXXX", "2024-01-13T10:00:00+05:30", "2024-01-13T04:30:00Z"],
    ["EEE, dd MMM yyyy HH:mm:ss", "Sat, 13 Jan 2024 10:00:00", "2024-01-13T10:00:00Z"],
    ["yyyyMMddHHmmss", "20240113100000", "2024-01-13T10:00:00Z"],
    ["yyMMddHHmmss", "240113100000", "2024-01-13T10:00:00Z"],
  ])("reads %s", (timestampFormat, written, iso) => {
    const text = `timeStamp\telapsed\tlabel\tsuccess\n${written}\t5\ta\ttrue\n`;
    const { labels } = parseLog(text, "x", { timestampFormat, timeZone: "UTC" });
    expect(new Date(labels[0]?.range.firstMs ?? 0).toISOString()).toBe(new Date(iso).toISOString());
  });

  test.each([
    [{ timeZone: "Mars/Olympus" }, "JTL_TIME_ZONE"],
    [{ timestampFormat: "GGGG yyyy" }, "JTL_TIME_FORMAT"],
  ])("refuses %o", (options, code) => {
    expect(() => parseLog("", "x", options)).toThrow(expect.objectContaining({ code, exitCode: 2 }));
  });
});

describe("encodings", () => {
  it("reads the encoding that XML declares", () => {
    const { summary } = analysisOf("latin1-declared.xml");
    expect(summary.labels).toMatchObject([
      { label: "cafè", samples: 2 },
      { label: "café", samples: 2 },
    ]);
    expect(summary.warnings).toEqual([]);
  });

  test.each(["utf-8", "utf-16le"] as const)(
    "reads lines that end with a carriage return alone: %s",
    (encoding) => {
      const text = "timeStamp,elapsed,label,success\r1700000000000,5,a,true\r1700000001000,7,b,false\r";
      const bytes = Buffer.from(encoding === "utf-8" ? text : `\ufeff${text}`, encoding);
      for (const length of [1, 7, bytes.length]) {
        const samples: Sample[] = [];
        const reader = new JtlReader({ source: "x" }, { take: (sample) => samples.push(sample) });
        for (let at = 0; at < bytes.length; at += length) reader.push(bytes.subarray(at, at + length));
        expect(reader.end()).toEqual([]);
        expect(samples.map(({ label, elapsedMs, success }) => [label, elapsedMs, success])).toEqual([
          ["a", 5, true],
          ["b", 7, false],
        ]);
      }
    },
  );

  it("reads UTF-16 with a byte order mark and without", () => {
    const marked = bytesOf("utf16le.csv");
    for (const bytes of [marked, marked.subarray(2), Buffer.from(marked).swap16()]) {
      const { summary } = analyzeLog(bytes, "x");
      expect(summary.labels).toMatchObject([{ label: "Página ñ", errors: 0, threads: 3 }]);
      expect(summary).toMatchObject({ complete: true, warnings: [] });
    }
  });

  it("keeps labels apart whose bytes are not UTF-8, in plain rows, rows with quotes and XML", () => {
    const row = (label: string) => `1700000000000,100,${label},200,true\n`;
    const labels = ["caf\xe9", "caf\xe8", "caf\xc3\xa9"];
    const csv = `timeStamp,elapsed,label,responseCode,success\n${labels.map(row).join("")}`;
    const quoted = csv.replaceAll(/caf[^,]*/g, '"$&, ""x"""');
    const xml = `<testResults>${labels.map((label) => `<sample t="1" ts="1700000000000" s="true" lb="${label}"/>`).join("")}</testResults>`;
    for (const [text, end] of [
      [csv, ""],
      [quoted, ', "x"'],
      [xml, ""],
    ] as const) {
      const { summary } = analyzeLog(Buffer.from(text, "latin1"), "x");
      // The third one is UTF-8: é like the first.
      expect(namesOf(summary)).toEqual([`cafè${end}`, `café${end}`]);
      expect(summary.labels.map(({ samples }) => samples)).toEqual([1, 2]);
      expect(codesOf(summary)).toEqual(["ENCODING_ASSUMED"]);
    }
  });

  it("names a declared encoding that does not exist", () => {
    const { summary } = analyzeLog(
      '<?xml version="1.0" encoding="klingon"?><testResults><sample t="1" ts="1700000000000" s="true" lb="é"/></testResults>',
      "x",
    );
    expect(namesOf(summary)).toEqual(["é"]);
    expect(summary.warnings).toMatchObject([{ message: expect.stringContaining('"klingon" is unknown') }]);
  });
});

describe("rows", () => {
  it("reads decimal commas, and says so once", () => {
    const { summary } = analysisOf("decimal-comma.csv");
    expect(summary.labels[0]?.elapsedSeconds.min).toBe(0.1005);
    expect(summary.skipped).toEqual([]);
    expect(summary.warnings).toMatchObject([
      { code: "DECIMAL_COMMA", message: expect.stringContaining("elapsed 100,5") },
    ]);
  });

  it("does not guess what 1,234 is if commas part the columns", () => {
    const { samples, skipped } = parseJtl('elapsed,label\n"1,234",a\n"1,5",b\n', "x");
    expect(samples.map(({ elapsedMs }) => elapsedMs)).toEqual([1.5]);
    expect(skipped).toMatchObject([{ reason: 'elapsed is "1,234", not a number of milliseconds' }]);
  });

  test.each(["sep-line.csv", "header-with-spaces.csv"])("%s: the header is read", (name) => {
    const { summary } = analysisOf(name);
    expect(summary.labels).toMatchObject([{ label: "Página ñ", samples: 20, threads: 3 }]);
    expect(summary).toMatchObject({ complete: true, warnings: [] });
  });

  it("takes the first of two columns of one name, as sample variables may have any", () => {
    const text = `timeStamp,elapsed,label,success,"label","x","x"\n1700000000000,5,a,true,"b","c","d"\n`;
    expect(parseJtl(text, "x")).toMatchObject({
      samples: [{ label: "a", elapsedMs: 5 }],
      skipped: [],
      warnings: [],
    });
  });

  it("keeps a whole last row without a line end, and warns if its last field may be cut", () => {
    const { summary } = analysisOf("no-last-newline.csv");
    expect(summary.labels).toMatchObject([{ samples: 2, elapsedSeconds: { mean: 1.65 } }]);
    expect(summary.complete).toBe(true);
    expect(summary.warnings).toMatchObject([
      { code: "LAST_ROW_NOT_ENDED", message: expect.stringContaining("its bytes may be cut") },
    ]);
    const quoted = parseJtl('elapsed,label\n5,POST\n6,"PUT"', "x");
    expect(quoted.samples.map(({ label }) => label)).toEqual(["POST", "PUT"]);
    expect(quoted.warnings).toEqual([]);
  });

  it("finds the threads of a log without header, and names the columns that it took", () => {
    const { summary } = analysisOf("headerless-13cols.csv");
    expect(summary.labels).toMatchObject([{ label: "get", threads: 3, samples: 3 }]);
    expect(summary.warnings).toMatchObject([
      {
        code: "COLUMNS_INFERRED",
        message: expect.stringContaining(
          "timeStamp, elapsed, label, responseCode, threadName, success, bytes",
        ),
      },
    ]);
  });

  it("takes any element with a sample's attributes for a sample", () => {
    const { summary } = analysisOf("other-sampler-class.xml");
    expect(summary.labels).toMatchObject([
      { label: "a", samples: 1 },
      { label: "drv", samples: 1, elapsedSeconds: { mean: 0.1 } },
    ]);
    expect(summary).toMatchObject({ complete: true, warnings: [] });
    const nested = `<testResults><my.Result t="9" ts="1700000000000" s="true" lb="outer"><other.Result t="4" ts="1700000000001" s="true" lb="inner"/></my.Result></testResults>`;
    expect(parseJtl(nested, "x").samples).toMatchObject([
      { label: "outer", subSamples: [{ label: "inner" }] },
    ]);
  });

  it("counts a row for as many samples as it stands for", () => {
    const analysis = analysisOf("samplecount.csv");
    const { labels, totals, errors } = analysis.summary;
    // Five rows of ten samples, three of them failed, within 4.1 s.
    const figures = { samples: 50, errors: 15, elapsedSeconds: { count: 50, mean: 0.1 }, codes: { 200: 50 } };
    expect(labels).toMatchObject([figures]);
    expect(totals).toMatchObject([figures]);
    expect(labels[0]?.throughputPerSecond).toBeCloseTo(50 / 4.1, 6);
    expect(errors).toMatchObject([{ kind: "summed", count: 15, shareRatio: 1 }]);
    expect(codesOf(analysis.summary)).toEqual(["SAMPLES_SUMMED"]);
    expect(groupRequests(sampleRows(analysis), "label")).toMatchObject([{ sent: 50, successful: 35 }]);
    const log = parseLog(bytesOf("samplecount.csv"), "x", { keepSamples: true });
    const filtered = analyze(
      [{ users: 1, thinkTimeSeconds: 0, repetition: 1, source: "x", log, isConditionInferred: true }],
      { filter: "outcome=ok" },
    ).summary;
    expect(filtered.labels).toMatchObject([{ samples: 35, errors: 0 }]);
    expect(filtered.selection?.requestsLeftOut).toBe(15);
  });
});

describe("transactions", () => {
  it("leaves controllers out of totals and rates, and shows them as rows of their own", () => {
    const analysis = analysisOf("transactions-by-minute.csv");
    expect(analysis.summary.labels).toMatchObject([
      { label: "GET /x", samples: 10 },
      { label: "GET /y", samples: 10 },
      { label: "buy", samples: 10, isTransaction: true },
    ]);
    expect(analysis.summary.totals).toMatchObject([{ samples: 20, elapsedSeconds: { mean: 0.15 } }]);
    expect(groupRequests(sampleRows(analysis), "minute").map(({ sent }) => sent)).toEqual([20]);
    expect(groupRequests(sampleRows(analysis), "user").map(({ sent }) => sent)).toEqual([20]);
    expect(
      groupRequests(sampleRows(analysis), "label").map(({ key, isTransaction }) => [key, isTransaction]),
    ).toEqual([
      ["GET /x", undefined],
      ["GET /y", undefined],
      ["buy", true],
    ]);
  });

  it("counts them if a log holds nothing else, beyond 10,000 rows too", () => {
    const row = (n: number) =>
      `${1_700_000_000_000 + n},300,buy,200,"Number of samples in transaction : 2, number of failing samples : 0",true\n`;
    const text = `timeStamp,elapsed,label,responseCode,responseMessage,success\n${Array.from({ length: 20_000 }, (_, n) => row(n)).join("")}`;
    const { totals, labels } = analyzeLog(text, "x", { keepSamples: false }).summary;
    expect(totals).toMatchObject([{ samples: 20_000 }]);
    expect(labels).toMatchObject([{ label: "buy", isTransaction: true, samples: 20_000 }]);
  });

  it("keeps a sampler and a controller of one name apart", () => {
    const text =
      "timeStamp,elapsed,label,responseCode,responseMessage,success\n" +
      "1700000000000,1,a,200,OK,true\n" +
      '1700000000000,5,a,200,"Number of samples in transaction : 1, number of failing samples : 0",true\n';
    expect(analyzeLog(text, "x").summary.labels).toMatchObject([
      { label: "a", elapsedSeconds: { mean: 0.001 } },
      { label: "a", isTransaction: true, elapsedSeconds: { mean: 0.005 } },
    ]);
  });
});

describe("errors", () => {
  it("tells types of errors apart: count, share, example message, samplers", () => {
    const { errors, totals } = analysisOf("errors.csv").summary;
    const all = totals[0]?.errors ?? 0;
    expect(all).toBe(35);
    expect(errors.map(({ kind, code, message }) => [kind, code, message]).sort()).toEqual([
      ["assertion", "200", "expected text"],
      ["code", "500", "Internal"],
      ["code", "502", "Bad Gateway"],
      ["code", "Non HTTP response code: java.net.SocketTimeoutException", "Read timed out"],
    ]);
    expect(errors.reduce((sum, { count }) => sum + count, 0)).toBe(all);
    for (const { count, shareRatio, labels } of errors) {
      expect(shareRatio).toBeCloseTo(count / all, 9);
      expect(labels).toEqual([{ label: "a", count }]);
    }
  });

  it("puts messages together that differ in numbers, and bounds the rest", () => {
    const rows = Array.from({ length: 500 }, (_, n) => `1,a,500,port ${n} refused,false\n`).join("");
    const words = Array.from({ length: 500 }, (_, n) => `1,a,500,${"x".repeat(n)},false\n`).join("");
    const header = "elapsed,label,responseCode,responseMessage,success\n";
    expect(analyzeLog(header + rows, "x").summary.errors).toMatchObject([
      { count: 500, message: "port 0 refused" },
    ]);
    const { errors } = analyzeLog(header + words, "x").summary;
    expect(errors.length).toBeLessThanOrEqual(101);
    expect(errors.reduce((sum, { count }) => sum + count, 0)).toBe(500);
  });

  it("words failed processes for logs that are not of slbench's clients", () => {
    const { summary } = analysisOf("os-process-130.csv");
    expect(summary.labels).toMatchObject([{ samples: 2, errors: 1 }]);
    expect(summary.errors).toMatchObject([{ kind: "process", code: "130", count: 1 }]);
    const [warning] = summary.warnings;
    expect(warning).toMatchObject({
      code: "PROCESS_FAILED",
      hint: expect.stringContaining("counts as an error"),
    });
    expect(`${warning?.message} ${warning?.hint}`).not.toMatch(/client|not in the figures/);
  });
});

describe("what is no log", () => {
  test.each(["header-only.csv", "empty-testresults.xml"])("%s: no samples", async (name) => {
    await expect(readLog(new Blob([bytesOf(name)]).stream(), name)).rejects.toMatchObject({
      code: "JTL_NO_SAMPLES",
      exitCode: 3,
      message: `no samples in ${name}`,
    });
  });

  test.each([
    [bytesOf("aggregate-report.csv").toString(), "an Aggregate Report export"],
    [
      "Label,# Samples,Average,Min,Max,Std. Dev.,Error %,Throughput\na,1,2,2,2,0,0%,1\n",
      "a Summary Report export",
    ],
    ['{\n  "Total" : {\n    "transaction" : "Total",', "the statistics.json of JMeter's dashboard"],
    ['<?xml version="1.0" encoding="UTF-8"?>\n<jmeterTestPlan version="1.2">', "a test plan"],
  ])("names what it is: %#", (text, what) => {
    expect(() => parseJtl(text, "x")).toThrow(
      expect.objectContaining({ code: "JTL_NOT_A_JTL", message: expect.stringContaining(`x is ${what}`) }),
    );
  });

  test.each([
    ["PK\x03\x04\x14\x00a.csvtimeStamp,elapsed,label,success\n1700000000000,5,a,true\n", "a zip archive"],
    ["\x28\xb5\x2f\xfd\x04\x00", "compressed with zstd"],
    ["\xfd7zXZ\x00", "compressed with xz"],
    ["BZh91AY&SY\x00", "compressed with bzip2"],
    ["7z\xbc\xaf\x27\x1c", "a 7-Zip archive"],
    ["\xff\xfe\0\0t\0\0\0", "text in UTF-32LE"],
    ["t\0\0\0i\0\0\0", "text in UTF-32LE"],
    ["\0\0\xfe\xff\0\0\0t", "text in UTF-32BE"],
    ["\0\0\0t\0\0\0i", "text in UTF-32BE"],
  ])("names a compression or encoding and how to convert it: %#", (text, what) => {
    expect(() => parseJtl(Buffer.from(text, "latin1"), "x")).toThrow(
      expect.objectContaining({
        code: "JTL_NOT_A_JTL",
        message: `x is ${what}, not a log`,
        hint: expect.stringMatching(/^convert it first: .* \| slbench analyze -$/),
      }),
    );
  });
});
