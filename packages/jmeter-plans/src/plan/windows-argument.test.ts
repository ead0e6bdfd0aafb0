import fc from "fast-check";
import { expect, test } from "vitest";
import { processArgument, readProcessArgument } from "./windows-argument.ts";

test.each<[text: string, line: string]>([
  ["plain", "plain"],
  ["", '""'],
  ["a b", '"a b"'],
  ['say "x"', '"say \\"x\\""'],
  ["C:\\new folder\\", '"C:\\new folder\\\\"'],
  ["C:\\folder\\", "C:\\folder\\"],
  ['end\\"', '"end\\\\\\""'],
])("processArgument() writes %j for Windows as %j", (text, line) => {
  expect(processArgument(text, "windows")).toBe(line);
  expect(processArgument(text, "posix")).toBe(text);
});

const awkward = fc.string({ unit: fc.constantFrom("\\", '"', " ", "a", "\t", "$") });

test("processArgument(): a Windows program receives the intended argument", () => {
  fc.assert(
    fc.property(fc.array(awkward, { minLength: 1 }), (texts) => {
      expect(splitCommandLine(texts.map((text) => processArgument(text, "windows")).join(" "))).toEqual(
        texts,
      );
    }),
  );
});

test("readProcessArgument() is the inverse of processArgument()", () => {
  fc.assert(
    fc.property(awkward, fc.constantFrom("posix", "windows"), (text, platform) => {
      expect(readProcessArgument(processArgument(text, platform), platform)).toBe(text);
    }),
  );
});

/**
 * How Microsoft's C runtime splits a command line, after its description: n pairs of backslashes before a quote
 * are n backslashes and the quote counts; with one more the quote is text; elsewhere a backslash is one.
 */
function splitCommandLine(line: string): string[] {
  const found: string[] = [];
  let text = "";
  let quoted = false;
  let inside = false;
  for (let i = 0; i < line.length; i++) {
    const backslashes = /^\\*/.exec(line.slice(i))?.[0].length ?? 0;
    if (backslashes > 0) {
      const quote = line[i + backslashes] === '"';
      text += "\\".repeat(quote ? Math.floor(backslashes / 2) : backslashes);
      inside = true;
      i += backslashes - 1;
      if (!quote || backslashes % 2 === 0) continue;
      text += '"';
      i++;
    } else if (line[i] === '"') {
      quoted = !quoted;
      inside = true;
    } else if (!quoted && (line[i] === " " || line[i] === "\t")) {
      if (inside) found.push(text);
      text = "";
      inside = false;
    } else {
      text += line[i];
      inside = true;
    }
  }
  return inside ? [...found, text] : found;
}
