import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { parseCellFilter, TRAINING_VOCABULARY } from "../queueing/asking/questions.ts";
import { GOAL_VOCABULARY, parseGoal } from "../queueing/goal.ts";
import { FILTER_VOCABULARY, parseFilter } from "../rows/filter.ts";
import { parseThreshold, THRESHOLD_VOCABULARY } from "../thresholds/threshold.ts";
import { parseExpression } from "./parse.ts";
import { renderExpression } from "./render.ts";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const text = read("../../../../docs/expressions.md");

const USES: Readonly<Record<string, { parse: (text: string) => unknown; find: (name: string) => unknown }>> =
  {
    filter: { parse: parseFilter, find: FILTER_VOCABULARY.find },
    training: { parse: parseCellFilter, find: TRAINING_VOCABULARY.find },
    threshold: { parse: parseThreshold, find: THRESHOLD_VOCABULARY.find },
    goal: { parse: parseGoal, find: GOAL_VOCABULARY.find },
  };

/** Fenced blocks: what stands after the fence, and the lines. */
const blocks = [...text.matchAll(/^```(\w+(?: \w+)?)\n([\s\S]*?)\n```$/gm)].map(
  ([, kind = "", body = ""]) => ({
    kind,
    lines: body.split("\n"),
  }),
);

const examples = blocks.flatMap(({ kind, lines }) =>
  kind in USES ? lines.map((line) => [kind, line] as const) : [],
);

test("docs/expressions.md has examples of every use", () => {
  expect(new Set(examples.map(([kind]) => kind))).toEqual(new Set(Object.keys(USES)));
});

test.each(examples)("the %s %s of docs/expressions.md is read, and rendered and read again", (kind, line) => {
  USES[kind]?.parse(line);
  const rendered = renderExpression(parseExpression(line));
  USES[kind]?.parse(rendered);
  expect(renderExpression(parseExpression(rendered))).toBe(rendered);
});

const errors = blocks.flatMap(({ kind, lines: [line = "", ...message] }) =>
  kind.startsWith("error ") ? [[kind.slice("error ".length), line, message.join("\n")] as const] : [],
);

test.each(errors)("the %s %s is refused as docs/expressions.md shows", (kind, line, message) => {
  expect(() => USES[kind]?.parse(line)).toThrow(expect.objectContaining({ message }));
});

test("the grammar of docs/expressions.md is the one above the parser", () => {
  const documented = blocks.find(({ kind }) => kind === "bnf")?.lines;
  const above = [...read("./parse.ts").matchAll(/^\/\/ {3}(.*)$/gm)].map(([, line]) => line);
  expect(above).toEqual(documented);
});

describe("the names of docs/expressions.md", () => {
  const rows = [...text.matchAll(/^\| (`.+?) +\|.*\| ([a-z, ]+?) +\|$/gm)].map(
    ([, names = "", uses = ""]) => ({
      names: [...names.matchAll(/`(\w[\w.]*)`/g)].map(([, name]) => name as string),
      uses: uses.split(", "),
    }),
  );

  it("exist in each use that is named", () => {
    expect(rows.length).toBeGreaterThan(10);
    const missing = rows.flatMap(({ names, uses }) =>
      names.flatMap((name) =>
        uses.filter((use) => USES[use]?.find(name) === undefined).map((use) => `${name} in a ${use}`),
      ),
    );
    expect(missing).toEqual([]);
  });

  it("are all that the hints of wrong names propose, columns apart", () => {
    const documented = new Set(rows.flatMap(({ names }) => names));
    for (const { names } of [TRAINING_VOCABULARY, THRESHOLD_VOCABULARY, GOAL_VOCABULARY])
      for (const name of names) if (!name.includes(".")) expect(documented).toContain(name);
  });
});
