import { Buffer } from "node:buffer";
import fc from "fast-check";
import { expect, it } from "vitest";
import { nameNumber, readStartTag } from "./start-tag.ts";

const TAG = /^<[\w.:-]+((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*\/?>$/;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;

type Attribute = readonly [name: number, value: string, isPlain: boolean];

/** The attributes of a start tag, by patterns. */
function byPatterns(text: string): readonly Attribute[] | undefined {
  const tag = TAG.exec(text);
  if (tag === null) return undefined;
  return [...(tag[1] as string).matchAll(ATTRIBUTE)].map(([, name = "", double, single]) => {
    const value = double ?? single ?? "";
    return [nameNumber(name), value, !/[&\x80-\xff]/.test(value)];
  });
}

/** The same by readStartTag(), among other bytes. */
function byBytes(text: string): readonly Attribute[] | undefined {
  const attributes: Attribute[] = [];
  const bytes = Buffer.from(`"${text}"><`, "latin1");
  const isTag = readStartTag(bytes, 1, 1 + text.length, (name, from, to, isPlain) => {
    attributes.push([name, bytes.toString("latin1", from, to), isPlain]);
  });
  return isTag ? attributes : undefined;
}

it("reads a tag as patterns read it, whole or damaged", () => {
  const letters = [
    "<",
    ">",
    "/",
    "/>",
    "=",
    '"',
    "'",
    " ",
    "\n",
    "\u00a0",
    "a",
    "lb",
    "x:y-z.1",
    "é",
    "&amp;",
  ];
  const piece = fc.constantFrom(...letters, ' t="1"', " lb='a > \"b\"'", ' s = "true"', "<sample");
  const attribute = fc.constantFrom(' t="1"', " lb='a > \"b\"'", '\ns = "true"', ' tn="é &lt;"');
  const rest = fc.array(fc.oneof({ weight: 9, arbitrary: attribute }, { weight: 1, arbitrary: piece }));
  const text = fc.oneof(
    fc.tuple(rest, fc.constantFrom(">", "/>", " >")).map(([parts, end]) => `<sample${parts.join("")}${end}`),
    fc.array(piece, { maxLength: 12 }).map((parts) => parts.join("")),
  );
  let whole = 0;
  fc.assert(
    fc.property(text, (tag) => {
      const expected = byPatterns(tag);
      if (expected !== undefined && expected.length > 0) whole++;
      expect(byBytes(tag)).toEqual(expected);
    }),
    { numRuns: 20_000 },
  );
  expect(whole).toBeGreaterThan(500);
});

it.each([
  ['<sample t="1" lb="x"/>', true],
  ["<sample/>", true],
  ['<sample t="1"><x/></sample>', false],
  ['<sample t="1', false],
  ['<sample t="1>', false],
  ['<sample t="1"lb="x">', false],
  ['<sample t="<">', false],
  ["<sample t=1>", false],
  ["<>", false],
  ["<", false],
])("readStartTag(%j) is %j", (text, isTag) => {
  const bytes = Buffer.from(text);
  expect(readStartTag(bytes, 0, bytes.length, () => {})).toBe(isTag);
});
