import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { XMLParser } from "fast-xml-parser";
import { describe, expect, it, test } from "vitest";
import { isEpochMs } from "../core/epoch.ts";
import type { Sample } from "../core/sample.ts";
import { FieldReader } from "../jtl/fields.ts";
import { TimeStamps } from "../jtl/time-stamps.ts";
import { decodeEntities } from "../xml/entities.ts";
import { JtlReader } from "./jtl-reader.ts";
import { parseJtl } from "./parse-jtl.ts";

/** Text that a log can hold: no lone surrogates, no zero bytes (those are holes in a file). */
const text = fc.string({ unit: "grapheme", maxLength: 12 }).filter((value) => !/\0/.test(value));
const csvText = fc.oneof(
  text,
  fc.constantFrom('"', ",", "\n", "a,b", 'say "hi"', "two\r\nlines", "é€😀", ";", " x "),
);
const sample: fc.Arbitrary<Sample> = fc.record({
  // None that is a time of these decades in seconds: a log with few others would be read so.
  timeStampMs: fc.integer({ min: 1, max: 4e12 }).filter((time) => !isEpochMs(time * 1000)),
  elapsedMs: fc.nat(1e7),
  label: csvText,
  responseCode: fc.constantFrom("0", "1", "200", "500", "Non HTTP response code: java.net.X"),
  responseMessage: csvText,
  threadName: csvText,
  success: fc.boolean(),
  sizeBytes: fc.nat(),
});

const FIELDS: Readonly<Record<string, (sample: Sample) => string>> = {
  timeStamp: ({ timeStampMs }) => String(timeStampMs),
  elapsed: ({ elapsedMs }) => String(elapsedMs),
  label: ({ label }) => label,
  responseCode: ({ responseCode }) => responseCode,
  responseMessage: ({ responseMessage }) => responseMessage,
  threadName: ({ threadName }) => threadName,
  success: ({ success }) => String(success),
  bytes: ({ sizeBytes }) => String(sizeBytes),
};
const ALL = Object.keys(FIELDS);

/** As JMeter's CSVSaveService quotes. */
function csvOf(
  samples: readonly Sample[],
  columns: readonly string[],
  delimiter: string,
  end: string,
): string {
  const quoted = (value: string) =>
    /["\r\n]/.test(value) || value.includes(delimiter) ? `"${value.replaceAll('"', '""')}"` : value;
  const rows = samples.map((one) => columns.map((name) => quoted(FIELDS[name]?.(one) ?? "x")));
  return [columns, ...rows].map((row) => row.join(delimiter) + end).join("");
}

const NAMED: Readonly<Record<string, string>> = {
  "&": "amp",
  "<": "lt",
  ">": "gt",
  '"': "quot",
  "'": "apos",
};

/** As XStream escapes. */
function escaped(value: string): string {
  const characters = [...value].map((character) => {
    const code = character.codePointAt(0) as number;
    if (NAMED[character] !== undefined) return `&${NAMED[character]};`;
    return code < 32 || code === 0xfffe || code === 0xffff ? `&#x${code.toString(16)};` : character;
  });
  return characters.join("");
}

function xmlOf(samples: readonly Sample[]): string {
  const body = samples.map((one, index) => {
    const tag = index % 2 === 0 ? "sample" : "httpSample";
    const { timeStampMs, elapsedMs, label, responseCode, responseMessage, threadName, success, sizeBytes } =
      one;
    const attributes = `t="${elapsedMs}" ts="${timeStampMs}" s="${success}" lb="${escaped(label)}" rc="${responseCode}" rm="${escaped(responseMessage)}" tn="${escaped(threadName)}" by="${sizeBytes}"`;
    if (one.responseData === undefined) return `<${tag} ${attributes}/>\n`;
    return `<${tag} ${attributes}>\n  <responseData class="java.lang.String">${escaped(one.responseData)}</responseData>\n</${tag}>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testResults version="1.2">\n${body.join("")}\n</testResults>\n`;
}

const readAll = (bytes: Uint8Array, cuts: readonly number[] = []) => {
  const samples: Sample[] = [];
  const reader = new JtlReader({ source: "x" }, { take: (one) => void samples.push(one) });
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  try {
    // One buffer for all chunks: what the reader keeps must be its own.
    const buffer = new Uint8Array(bytes.length);
    for (const [index, to] of [...places, bytes.length].entries()) {
      const chunk = bytes.subarray(places[index - 1] ?? 0, to);
      buffer.set(chunk);
      reader.push(buffer.subarray(0, chunk.length));
      buffer.fill(63);
    }
    return { samples, skipped: reader.end() };
  } catch (error) {
    return { error: (error as { code?: string }).code };
  }
};

describe("JtlReader", () => {
  const dialect = fc.record({
    columns: fc.shuffledSubarray([...ALL, "URL", "my variable"], { minLength: 2 }),
    delimiter: fc.constantFrom(",", ";", "\t", "|"),
    end: fc.constantFrom("\n", "\r\n"),
  });

  it("reads the CSV that was written, in any dialect", () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 20 }), dialect, (samples, { columns, delimiter, end }) => {
        const known = new Set(columns);
        fc.pre(
          known.has("elapsed") && columns.filter((name) => ALL.includes(name) || name === "URL").length > 1,
        );
        // A row of one empty column would be an empty line.
        const { samples: read, skipped } = parseJtl(csvOf(samples, columns, delimiter, end), "x.csv");
        expect(skipped).toEqual([]);
        expect(read.length).toBe(samples.length);
        for (const [index, one] of samples.entries()) {
          for (const name of columns.filter((column) => ALL.includes(column)))
            expect(FIELDS[name]?.(read[index] as Sample)).toBe(FIELDS[name]?.(one));
        }
      }),
    );
  });

  it("reads the XML that was written", () => {
    const data = fc.option(fc.oneof(text, fc.constantFrom("<a&b>\r\n]]>", "\u0000\u001b\uffff")), {
      nil: undefined,
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(sample, data), { maxLength: 20 }), (pairs) => {
        const samples = pairs.map(([one, responseData]) =>
          responseData === undefined ? one : { ...one, responseData: responseData.replaceAll("\0", "") },
        );
        expect(parseJtl(xmlOf(samples), "x.xml")).toMatchObject({ samples, skipped: [] });
      }),
    );
  });

  it("gives the same however the bytes are cut, whole logs and damaged ones", () => {
    const log = fc.oneof(
      fc.array(sample, { minLength: 1, maxLength: 8 }).map((samples) => csvOf(samples, ALL, ",", "\n")),
      fc.array(sample, { minLength: 1, maxLength: 8 }).map(xmlOf),
    );
    const cut = fc.array(fc.nat(5000), { maxLength: 30 });
    const damage = fc.array(fc.tuple(fc.nat(5000), fc.constantFrom(0, 10, 34, 44, 60, 62, 47, 63, 33)), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(log, damage, cut, (written, damages, cuts) => {
        const bytes = new TextEncoder().encode(written);
        for (const [at, byte] of damages) bytes[at % bytes.length] = byte;
        expect(readAll(bytes, cuts)).toEqual(readAll(bytes));
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    "jtl-csv/b9bf35a__results10Half.csv",
    "jtl-jmeter-5.6.3/faults.csv",
    "jtl-jmeter-5.6.3/faults.xml",
    "jtl-xml/bfdf17b__result.xml",
  ])("gives the same for %s cut after every byte", (name) => {
    const bytes = readFileSync(new URL(`../../testdata/${name}`, import.meta.url));
    expect(readAll(bytes, [...bytes.keys()])).toEqual(readAll(bytes));
  });

  it("gives the same as csv-parse for plain rows", () => {
    const field = fc.oneof(
      fc.string({ unit: fc.constantFrom("a", "1", "é", " ", ".", "-", "/"), maxLength: 6 }),
      fc.constantFrom(
        "",
        "true",
        "false",
        "True",
        "-5",
        "1.5",
        "1e3",
        " 7",
        "1666563985908",
        "99999999999999999",
      ),
    );
    const good = fc.tuple(
      fc.integer({ min: 1e12, max: 4e12 }),
      fc.nat(99999),
      field,
      field,
      field,
      field,
      fc.constantFrom("true", "false"),
      fc.nat(9999),
    );
    const row = fc.oneof(
      { weight: 4, arbitrary: good.map((values) => values.map(String)) },
      // But none that is a whole row behind the rest of another one.
      fc.array(field, { minLength: 7, maxLength: 9 }).filter((values) => values[1] !== "1666563985908"),
    );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
        const written = [ALL, ...rows].map((values) => `${values.join(",")}\n`).join("");
        const reader = new FieldReader(new TimeStamps(), false);
        const expected = (parse(written, { relax_column_count: true }) as string[][])
          .slice(1)
          .filter((record) => record.length === ALL.length)
          .map((record) =>
            reader.sample(Object.fromEntries(ALL.map((name, index) => [name, record[index]]))),
          );
        const { samples, skipped } = parseJtl(written, "x.csv");
        expect(samples).toEqual(expected.filter((made) => typeof made !== "string"));
        expect(samples.length + skipped.length).toBe(rows.length);
      }),
      { numRuns: 500 },
    );
  });

  it("gives the same as fast-xml-parser over the whole log", () => {
    const parser = new XMLParser({
      ignoreAttributes: false,
      parseTagValue: false,
      parseAttributeValue: false,
      trimValues: false,
      processEntities: false,
      attributeNamePrefix: "",
      isArray: (name) => name === "sample",
    });
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 10 }), (samples) => {
        const written = xmlOf(samples.map((one) => ({ ...one, responseData: one.label }))).replaceAll(
          "httpSample",
          "sample",
        );
        const root = parser.parse(written) as { testResults: { sample: Record<string, string>[] } };
        const theirs = root.testResults.sample.map(({ lb, tn, t, ts, responseData }) => [
          ...[lb, tn, t, ts].map((value) => decodeEntities(value ?? "")),
          decodeEntities((responseData as unknown as Record<string, string>)["#text"] ?? ""),
        ]);
        const ours = parseJtl(written, "x.xml").samples.map((one) => [
          one.label,
          one.threadName,
          String(one.elapsedMs),
          String(one.timeStampMs),
          one.responseData,
        ]);
        expect(ours).toEqual(theirs);
      }),
    );
  });

  it("reads a sample with 100 MB of response data", () => {
    const line = new TextEncoder().encode("0123456789abcdef".repeat(65_536)); // 1 MiB
    let length = 0;
    const reader = new JtlReader(
      { source: "x" },
      {
        take: (one) => {
          length += one.responseData?.length ?? 0;
        },
      },
    );
    reader.push(new TextEncoder().encode('<testResults>\n<sample t="1" ts="2" s="true"><responseData>'));
    for (let i = 0; i < 100; i++) reader.push(line);
    reader.push(new TextEncoder().encode("</responseData></sample>\n</testResults>"));
    expect(reader.end()).toEqual([]);
    expect(length).toBe(100 << 20);
  });
});
