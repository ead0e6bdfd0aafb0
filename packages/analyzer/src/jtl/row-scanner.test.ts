import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it, test, vi } from "vitest";
import type { Sample } from "../core/sample.ts";
import { parseJtl } from "../log/parse-jtl.ts";
import { columnIndexesOf } from "./column-indexes.ts";
import { RowScanner } from "./row-scanner.ts";
import { CODE } from "./scan-rows.generated.ts";
import { MILLISECONDS } from "./time-unit.ts";

const NAMES = ["label", "responseCode", "threadName", "Hostname", "responseMessage", "failureMessage"];
const NUMBERS = ["timeStamp", "elapsed", "bytes"];
const COLUMNS = [...NUMBERS, "success", ...NAMES];

function createScanner(delimiter = ",", columns: readonly string[] = COLUMNS): RowScanner {
  const scanner = RowScanner.create({
    ...{
      format: { delimiter: delimiter.charCodeAt(0) },
      unit: MILLISECONDS,
      endMs: 1e13,
      messageCharacter: 78,
    },
  });
  if (scanner === undefined) throw new Error("this runtime lacks WebAssembly's SIMD");
  scanner.setColumns(columns.length, columnIndexesOf(columns));
  return scanner;
}

const commas = createScanner();
const semicolons = createScanner(";");
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const textOf = (scanner: RowScanner, index: number | undefined) =>
  index === 0 || index === undefined ? "" : decoder.decode(scanner.text(index));

/** The six texts of a row; undefined: it is left to others. */
function textsOf(row: string, delimiter = ","): readonly string[] | undefined {
  const scanner = delimiter === ";" ? semicolons : commas;
  scanner.clear();
  scanner.forgetTexts();
  const bytes = new TextEncoder().encode([1, 2, 3, true, row].join(delimiter));
  if (scanner.scan(bytes, 0, true) === 0) return undefined;
  const { label, responseCode, threadName, hostname, responseMessage, failureMessage } = scanner.columns;
  const columns = [label, responseCode, threadName, hostname, responseMessage, failureMessage];
  return columns.map((column) => textOf(scanner, column[0]));
}

describe("fields of a row", () => {
  it("are csv-parse's if there is an answer, and a row that does not end has none", () => {
    const letters = ['"', '""', ",", ";", "\r", "\n", "a", "é", " ", '","', '"\n', "\0"];
    const inner = fc.array(fc.constantFrom(...letters), { maxLength: 2 }).map((parts) => parts.join(""));
    const field = fc.oneof(fc.constantFrom("", "a", '"a,b"', '"é;"', '""'), inner);
    let answers = 0;
    fc.assert(
      fc.property(
        fc.array(field, { minLength: 6, maxLength: 6 }),
        fc.constantFrom(",", ";"),
        fc.constantFrom("\n", "\r\n"),
        (fields, delimiter, end) => {
          const row = `${fields.join(delimiter)}${end}`;
          const found = textsOf(row, delimiter);
          if (found === undefined) return;
          answers++;
          const [record] = parse(row, {
            delimiter,
            relax_column_count: true,
            to: 1,
            record_delimiter: ["\n", "\r\n"],
          }) as string[][];
          expect(found).toEqual(record);
        },
      ),
      { numRuns: 20_000 },
    );
    expect(answers).toBeGreaterThan(1000);
  });

  it("are found in every row that is quoted as a whole", () => {
    const field = fc.string({ unit: "grapheme" }).filter((text) => !/["\n\0]/.test(text));
    const quoted = fc.array(fc.tuple(field, fc.boolean()), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(quoted, fc.constantFrom("\n", "\r\n"), (fields, end) => {
        const written = fields.map(([text, bare]) => (bare && /^[^,\r]+$/.test(text) ? text : `"${text}"`));
        expect(textsOf(`${written.join(",")}${end}`)).toEqual(fields.map(([text]) => text));
      }),
    );
  });

  test.each([
    ["a doubled quote", '"a""b",c,d,e,f,g\n'],
    ["a newline in a field", '"a\nb",c,d,e,f,g\n'],
    ["a zero byte", '"a\0b",c,d,e,f,g\n'],
    ["something behind a quote", '"a"b,c,d,e,f,g\n'],
    ["a quote within a bare field", '"a",b"c",d,e,f,g\n'],
    ["a lone carriage return", '"a",b\rc,d,e,f,g\n'],
    ["an open quote", '"a,b,c,d,e,f\n'],
    ["no line end", '"a","b",c,d,e,f'],
    ["a field too few", "a,b,c,d,e\n"],
    ["a field too many", "a,b,c,d,e,f,g\n"],
    ["a text of 5000 bytes", `${"a".repeat(5000)},b,c,d,e,f\n`],
  ])("are left to others if there is %s", (_, row) => {
    expect(textsOf(row)).toBeUndefined();
  });
});

test.each([
  ["1700000000000,5,6,true", 1],
  ["17000000000001,5,6,true", 0],
  ["-1,5,6,true", 0],
  [",5,6,true", 0],
  ["1,x,6,true", 0],
  ["1,5,6.0,true", 0],
  ["1,1234567890123456,6,true", 0],
  ["1,5,6,TRUE", 0],
  ["1,5,6,tru", 0],
  ["1,5,6,falsy", 0],
  ["1,5,6,false", 1],
  ["1,2147483647,6,true", 1],
  ["1,2147483648,6,true", 0],
])("takes numbers and truths as JMeter writes them: %s", (values, rows) => {
  expect(createScanner().scan(new TextEncoder().encode(`${values},,,,,,\n`), 0, true)).toBe(rows);
});

it("goes on with more different texts than there is room for", () => {
  const scanner = createScanner();
  const count = 70_000;
  const lines = Array.from({ length: count }, (_, index) => `1,2,3,true,label ${index},200,,,,\n`);
  const bytes = new TextEncoder().encode(lines.join(""));
  let [at, rows, forgotten] = [0, 0, 0];
  for (;;) {
    const found = scanner.scan(bytes, at, true);
    if (found > 0) {
      expect(textOf(scanner, scanner.columns.label[found - 1])).toBe(`label ${rows + found - 1}`);
      at = scanner.end;
    }
    rows += found;
    if (scanner.hasNoRoom) {
      scanner.forgetTexts();
      forgotten++;
    } else if (found === 0) break;
  }
  expect([rows, forgotten, at]).toEqual([count, 2, bytes.length]);
});

it("reads the same with and without WebAssembly, whatever the rows", () => {
  const header = [...NUMBERS, "success", ...NAMES, "sentBytes", "Latency", "Connect", "allThreads", "extra"];
  const text = fc.constantFrom(
    "",
    "a",
    "GET /",
    '"x,y"',
    '"x""y"',
    '"x\ny"',
    "é",
    "Number of samples",
    "Ab".repeat(40),
  );
  const number = fc.constantFrom("0", "5", "1234", "", "x", "99999999999999999");
  const row = fc
    .tuple(
      fc.constantFrom("1700000000000", "1700000000123", "12", "x", "1700000000123456789"),
      fc.constantFrom("5", "123456", "x"),
      fc.constantFrom("0", "77", "x"),
      fc.constantFrom("true", "false", "no"),
      fc.tuple(text, text, text, text, text, text),
      fc.tuple(number, number, number, number),
      fc.constantFrom("", "more", "a,b"),
      fc.constantFrom("\n", "\r\n"),
    )
    .map(([time, elapsed, bytes, success, texts, numbers, extra, end]) =>
      [time, elapsed, bytes, success, ...texts, ...numbers, `${extra}${end}`].join(","),
    );
  const readAll = (log: string): unknown => {
    try {
      const { samples, ...rest } = parseJtl(log, "x");
      return { ...rest, samples: samples as readonly Sample[] };
    } catch (error) {
      return String(error);
    }
  };
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
      const log = `${header.join(",")}\n${rows.join("")}`;
      const scanned = readAll(log);
      const create = vi.spyOn(RowScanner, "create").mockReturnValue(undefined);
      try {
        expect(scanned).toEqual(readAll(log));
      } finally {
        create.mockRestore();
      }
    }),
    { numRuns: 500 },
  );
});

test("rows with more fields than there is room for are read as others are", () => {
  const more = Array.from({ length: 600 }, (_, index) => `variable${index}`);
  const row = (quote: string, extra: number) =>
    ["1700000000000", "5", "a", "200", "T 1-1", "true", ...more.slice(0, 600 + extra).map(() => "x")]
      .map((value) => `${quote}${value}${quote}`)
      .concat(extra > 0 ? ["y"] : [])
      .join(",");
  const header = ["timeStamp", "elapsed", "label", "responseCode", "threadName", "success", ...more].join(
    ",",
  );
  const { samples, skipped } = parseJtl(
    `${[header, row("", 0), row('"', 0), row("", 1), row('"', 1)].join("\n")}\n`,
    "x",
  );
  expect(samples.map(({ label }) => label)).toEqual(["a", "a"]);
  expect(skipped.map(({ position }) => position)).toEqual(["line 4", "line 5"]);
});

it("has all the memory that it lays out", () => {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(CODE, "base64")));
  const { memory, memoryBytes } = exports as { memory: WebAssembly.Memory; memoryBytes(): number };
  expect(memoryBytes()).toBeLessThanOrEqual(memory.buffer.byteLength);
});

it("is compiled from wasm/scan-rows.ts as it is now", async () => {
  const script = new URL("../../scripts/make-wasm.mjs", import.meta.url).href;
  const { makeWasm } = (await import(script)) as { makeWasm(name: string): Promise<string> };
  const committed = readFileSync(new URL("scan-rows.generated.ts", import.meta.url), "utf8");
  expect(committed, "run npm run wasm -w packages/analyzer").toBe(await makeWasm("scan-rows"));
});

test("a row that is written otherwise does not cost another search of the bytes behind it", () => {
  const plain = "1,2,3,true,a,b,c,d,e,f\n";
  const odd = "\n";
  const bytes = new TextEncoder().encode(plain + odd + plain + odd.repeat(200_000));
  const scanner = createScanner();
  expect(scanner.scan(bytes, 0, true)).toBe(1);
  bytes.fill(0, plain.length + odd.length); // only a further search would see it
  expect(scanner.scan(bytes, plain.length, true)).toBe(0);
  expect(scanner.scan(bytes, plain.length + odd.length, true)).toBe(1);
});
