import fc from "fast-check";
import { expect, it } from "vitest";
import { readStartTag } from "./start-tag.ts";

const TAG = /^<[\w.:-]+((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*\/?>/;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;

/** The attributes and the end of the tag that a text begins with, by patterns. */
function byPatterns(text: string) {
  const tag = TAG.exec(text);
  if (tag === null) return undefined;
  const attributes = [...(tag[1] as string).matchAll(ATTRIBUTE)];
  return {
    end: tag[0].length,
    attributes: attributes.map(([, name, double, single]) => [name, double ?? single]),
  };
}

function byHand(text: string) {
  const attributes: string[][] = [];
  const end = readStartTag(text, (nameFrom, nameTo, from, to) => {
    attributes.push([text.slice(nameFrom, nameTo), text.slice(from, to)]);
  });
  return end < 0 ? undefined : { end, attributes };
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
      if (expected !== undefined && expected.attributes.length > 0) whole++;
      expect(byHand(tag)).toEqual(expected);
    }),
    { numRuns: 20_000 },
  );
  expect(whole).toBeGreaterThan(500);
});

it.each([
  ['<sample t="1" lb="x"/>', 22],
  ["<sample/>", 9],
  ['<sample t="1"><x/></sample>', 14],
  ['<sample t="1', -1],
  ['<sample t="1"lb="x">', -1],
  ['<sample t="<">', -1],
  ["<sample t=1>", -1],
])("readStartTag(%j) is %j", (text, end) => {
  expect(readStartTag(text, () => {})).toBe(end);
});
