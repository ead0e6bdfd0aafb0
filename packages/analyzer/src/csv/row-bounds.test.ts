import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { parseJtl } from "../log/parse-jtl.ts";
import { Marks } from "./marks.ts";
import { RowBounds } from "./row-bounds.ts";

/** The fields that find() sees, or its position when it gives up. */
function find(row: string, delimiter = ",") {
  const bytes = new TextEncoder().encode(row);
  const bounds = new RowBounds(delimiter.charCodeAt(0));
  const newline = bounds.find(bytes, 0, new Marks(delimiter.charCodeAt(0)));
  if (newline < 0) return undefined;
  expect(bytes[newline]).toBe(10);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return Array.from({ length: bounds.count }, (_, field) =>
    decoder.decode(bytes.subarray(bounds.from[field], bounds.to[field])),
  );
}

describe("find()", () => {
  it("gives csv-parse's fields wherever it gives an answer, and none of a row that does not end", () => {
    const letter = fc.constantFrom(
      '"',
      '""',
      ",",
      ";",
      "\r",
      "\n",
      "\r\n",
      "a",
      "é",
      " ",
      '","',
      '"\n',
      "\u0000",
    );
    let answers = 0;
    fc.assert(
      fc.property(fc.array(letter, { maxLength: 14 }), fc.constantFrom(",", ";"), (letters, delimiter) => {
        const row = `"${letters.join("")}`;
        const found = find(row, delimiter);
        if (found === undefined) return;
        answers++;
        const [record] = parse(row, { delimiter, relax_column_count: true, to: 1 }) as string[][];
        expect(found).toEqual(record);
      }),
      { numRuns: 20_000 },
    );
    expect(answers).toBeGreaterThan(1000);
  });

  it("answers for every row that is quoted as a whole", () => {
    const field = fc.string().filter((text) => !/["\n\0]/.test(text));
    const quoted = fc.array(fc.tuple(field, fc.boolean()), { minLength: 1 });
    fc.assert(
      fc.property(quoted, fc.constantFrom("\n", "\r\n"), (fields, end) => {
        const written = fields.map(([text, bare]) => (bare && /^[^,\r]+$/.test(text) ? text : `"${text}"`));
        expect(find(`${written.join(",")}${end}`)).toEqual(fields.map(([text]) => text));
      }),
    );
  });

  test.each([
    ["a doubled quote", '"a""b",c\n'],
    ["a newline in a field", '"a\nb",c\n'],
    ["a zero byte", '"a\0b",c\n'],
    ["something behind a quote", '"a"b,c\n'],
    ["a quote within a bare field", '"a",b"c"\n'],
    ["a lone carriage return", '"a",b\rc\n'],
    ["an open quote", '"a,b\n'],
    ["no line end", '"a","b"'],
  ])("leaves a row with %s to others", (_, row) => {
    expect(find(row)).toBeUndefined();
  });
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
