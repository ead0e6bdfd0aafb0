import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, it, test } from "vitest";
import { splitQuoted } from "./split-quoted.ts";

test.each([
  ['a,"b ""c"", d",e', ["a", 'b "c", d', "e"]],
  ['"",x,', ["", "x", ""]],
  ['"two\r\nlines","é"', ["two\r\nlines", "é"]],
  ['""""', ['"']],
  ['a"b,c', undefined],
  ['"a"b,c', undefined],
  ['"a,b', undefined],
])("splitQuoted(%j)", (row, fields) => {
  expect(splitQuoted(row, ",")).toEqual(fields);
});

it("says what csv-parse says, or nothing", () => {
  const parsed = (row: string, delimiter: string) => {
    try {
      return parse(row, { delimiter }) as string[][];
    } catch {
      return undefined;
    }
  };
  const piece = fc.constantFrom(
    '"',
    '""',
    ",",
    ";",
    "a",
    " ",
    "é",
    "\n",
    "\r\n",
    '"a"',
    '"b,c"',
    '"d ""e"""',
  );
  let answers = 0;
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 1, maxLength: 9 }),
      fc.constantFrom(",", ";"),
      (pieces, delimiter) => {
        const row = pieces.join("");
        const fields = splitQuoted(row, delimiter);
        if (fields === undefined || row === "") return;
        answers++;
        expect(parsed(row, delimiter)).toEqual([fields]);
      },
    ),
    { numRuns: 3000 },
  );
  expect(answers).toBeGreaterThan(300);
});

it("reads every row that is quoted as JMeter quotes", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom('"', ",", "\n", "a", " ") }), { minLength: 1 }),
      (fields) => {
        const row = fields.map((field) =>
          /[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field,
        );
        expect(splitQuoted(row.join(","), ",")).toEqual(fields);
      },
    ),
  );
});
