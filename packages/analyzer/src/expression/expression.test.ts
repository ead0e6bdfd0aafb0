import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { type Comparison, type Expression, OPERATORS } from "./expression.ts";
import { parseExpression } from "./parse.ts";
import { renderExpression } from "./render.ts";
import { bindExpression, evaluate, type Vocabulary } from "./vocabulary.ts";

const nowhere = { from: 0, to: 0 };

/** An expression without positions: two of them can be compared. */
const withoutPlaces = (expression: Expression): unknown =>
  JSON.parse(
    JSON.stringify(expression, (key, value) => (/^at$|At$/.test(key) ? undefined : (value as unknown))),
  );

const identifier = fc.constantFrom("users", "p95", "mlSeconds.mean", "p99.9", "android", "nothing", "order");
const value = fc
  .oneof(
    fc.constantFrom("4", "2s", "99%", "1..4", "ok", "and", "NOT", "10.0.0.1", "5/s", ""),
    fc.string({ unit: "grapheme", maxLength: 8 }),
    fc.string({ unit: fc.constantFrom('"', "'", "(", ")", ",", " ", "=", "a", "\n"), maxLength: 6 }),
  )
  .map((text) => ({ text, at: nowhere }));
const selector = fc
  .record({
    name: fc.constantFrom("cell", "label"),
    arguments: fc.array(
      fc.oneof(fc.record({ value }), fc.record({ name: fc.constantFrom("users", "think"), value })),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map((one) => ({ ...one, at: nowhere }));
const comparison: fc.Arbitrary<Comparison> = fc
  .tuple(
    fc.option(selector, { nil: undefined }),
    identifier,
    fc.constantFrom(...OPERATORS),
    fc.array(value, { minLength: 1, maxLength: 3 }),
  )
  .map(([chosen, name, operator, values]) => ({
    ...{ kind: "comparison" as const, name, nameAt: nowhere, operator, operatorAt: nowhere },
    ...(chosen && { selector: chosen }),
    values: operator === "=" || operator === "!=" ? values : values.slice(0, 1),
  }));
const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    comparison,
    fc.record({
      kind: fc.constantFrom("and" as const, "or" as const),
      parts: fc.array(tie("expression"), { minLength: 2, maxLength: 3 }),
    }),
    tie("expression").map((part) => ({ kind: "not" as const, at: nowhere, part })),
  ),
}));

describe("parseExpression()", () => {
  it("reads what renderExpression() writes", () => {
    fc.assert(
      fc.property(expression, (one) => {
        expect(withoutPlaces(parseExpression(renderExpression(one)))).toEqual(withoutPlaces(one));
      }),
      { numRuns: 500 },
    );
  });

  it("reads any text or refuses it with a column inside it, and renders what it read the same again", () => {
    const piece = fc.constantFrom(
      ...[
        "users",
        "p95",
        "and",
        "or",
        "not",
        "(",
        ")",
        "=",
        "<",
        ">=",
        "4",
        "2s",
        "%",
        " ",
        ",",
        '"',
        "'",
        ".",
        "cell(",
      ],
    );
    const any = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(piece, { maxLength: 12 }).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(any, (text) => {
        try {
          const rendered = renderExpression(parseExpression(text));
          expect(renderExpression(parseExpression(rendered))).toBe(rendered);
        } catch (error) {
          expect(error).toMatchObject({ code: "EXPRESSION_SYNTAX", exitCode: 2 });
          const { column } = (error as { context: { column: number } }).context;
          expect(column).toBeGreaterThanOrEqual(1);
          expect(column).toBeLessThanOrEqual(text.length + 1);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["users=4 and outcome=ok or think=0", "(users=4 and outcome=ok) or think=0"],
    ["not users=4 AND think=0", "not users=4 and think=0"],
    ["NOT (users=4 or think=0)", "not (users=4 or think=0)"],
    ["((p95 < 2 s))", "p95<2s"],
    ["success >= 99 %", "success>=99%"],
    ["cell( users=4 , think = 0 ) . p95<1s", "cell(users=4, think=0).p95<1s"],
    ['label("sign in").p95<1s', 'label("sign in").p95<1s'],
    ["label('sign in').p95<1s", 'label("sign in").p95<1s'],
    ["label(user's).p95<1s", "label(user's).p95<1s"],
    ["label='it''s'", "label=it's"],
    ['label="say ""hi"""', 'label="say ""hi"""'],
    ["status=500,503", "status=500,503"],
    ["users=1..4,8", "users=1..4,8"],
    ["throughput>=5 /s", "throughput>=5/s"],
  ])("%s is %s", (text, wanted) => {
    expect(renderExpression(parseExpression(text))).toBe(wanted);
  });

  test.each([
    ["users==4", 7],
    ["users=4 outcome=ok", 9],
    ["users=4 and", 12],
    ["(users=4", 9],
    ["users=4)", 8],
    ["users<1,2", 8],
    ["users=and", 7],
    ['label="a', 7],
    ["label='a", 7],
    ["4=users", 1],
    ["not", 4],
    ["cell(users=4)=1", 14],
    ["users.=4", 6],
    ["users ~ 4", 7],
  ])("refuses %j at column %i", (text, column) => {
    expect(() => parseExpression(text)).toThrow(
      expect.objectContaining({ code: "EXPRESSION_SYNTAX", context: { expression: text, column } }),
    );
  });

  it("marks the error below the expression, and shows only a part of a long one", () => {
    expect(() => parseExpression("users=4 and outcome ok", "filter")).toThrow(
      'found "ok", expected != < <= = > >=, in column 21 of the filter\n  users=4 and outcome ok\n                      ^^',
    );
    const long = `${"users=4 and ".repeat(50)}outcome ok${" and users=4".repeat(50)}`;
    const [, shown = "", caret = ""] = /\n(.*)\n(.*)$/.exec(messageOf(long)) ?? [];
    expect(shown.length).toBeLessThanOrEqual(80);
    expect(shown.slice(caret.indexOf("^"), caret.lastIndexOf("^") + 1)).toBe("ok");
  });

  it("bounds nesting and length", () => {
    expect(messageOf(`${"(".repeat(1000)}users=4`)).toContain("in column 102");
    expect(messageOf("not ".repeat(1000))).toContain("at most 100");
    expect(messageOf("a".repeat(20_000))).toContain("more than 10000 characters");
  });
});

function messageOf(text: string): string {
  try {
    parseExpression(text);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it was read");
}

describe("bindExpression()", () => {
  interface Subject {
    readonly n?: number | undefined;
    readonly t?: string | undefined;
    readonly b?: boolean | undefined;
  }
  const vocabulary: Vocabulary<Subject> = {
    what: "test",
    names: ["n", "t", "b"],
    find: (name) =>
      name === "n"
        ? { kind: "number", of: ({ n }) => n }
        : name === "t"
          ? { kind: "text", of: ({ t }) => t }
          : name === "b"
            ? { kind: "boolean", of: ({ b }) => b }
            : undefined,
  };
  const leaf = fc.oneof(
    fc.tuple(fc.constant("n"), fc.constantFrom(...OPERATORS), fc.integer({ min: 0, max: 3 }).map(String)),
    fc.tuple(fc.constant("t"), fc.constantFrom(...OPERATORS), fc.constantFrom("a", "b", "c d")),
    fc.tuple(fc.constant("b"), fc.constantFrom("=", "!="), fc.constantFrom("true", "false")),
  );
  /** Text and its truth by Kleene's tables, each written out on its own. */
  const truth = fc.letrec<{ any: readonly [string, (subject: Subject) => boolean | undefined] }>((tie) => ({
    any: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf.map(
        ([name, operator, wanted]) =>
          [
            `${name}${operator}${wanted.includes(" ") ? `"${wanted}"` : wanted}`,
            (subject: Subject) => {
              const found = subject[name as keyof Subject];
              if (found === undefined) return undefined;
              const other = name === "n" ? Number(wanted) : name === "b" ? wanted === "true" : wanted;
              const order = found === other ? 0 : found < other ? -1 : 1;
              return {
                "=": order === 0,
                "!=": order !== 0,
                "<": order < 0,
                ">": order > 0,
                "<=": order <= 0,
                ">=": order >= 0,
              }[operator];
            },
          ] as const,
      ),
      fc.tuple(tie("any"), tie("any")).map(
        ([[left, l], [right, r]]) =>
          [
            `(${left}) and (${right})`,
            (subject: Subject) => {
              const both = [l(subject), r(subject)];
              return both.includes(false) ? false : both.includes(undefined) ? undefined : true;
            },
          ] as const,
      ),
      fc.tuple(tie("any"), tie("any")).map(
        ([[left, l], [right, r]]) =>
          [
            `(${left}) or (${right})`,
            (subject: Subject) => {
              const both = [l(subject), r(subject)];
              return both.includes(true) ? true : both.includes(undefined) ? undefined : false;
            },
          ] as const,
      ),
      tie("any").map(
        ([text, holds]) =>
          [
            `not (${text})`,
            (subject: Subject) => {
              const inner = holds(subject);
              return inner === undefined ? undefined : !inner;
            },
          ] as const,
      ),
    ),
  })).any;
  const subject: fc.Arbitrary<Subject> = fc.record({
    n: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
    t: fc.option(fc.constantFrom("a", "b", "c d"), { nil: undefined }),
    b: fc.option(fc.boolean(), { nil: undefined }),
  });

  it("holds as the tables of truth say", () => {
    fc.assert(
      fc.property(truth, subject, ([text, holds], one) => {
        expect(bindExpression(text, vocabulary).holds(one)).toBe(holds(one));
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["n=1..2", { n: 2 }, true],
    ["n!=1..2", { n: 2 }, false],
    ["n=0,2..3", { n: 1 }, false],
    ["t=a,b", { t: "b" }, true],
    ["t!=a,b", { t: "c d" }, true],
    ["t=1..2", { t: "1..2" }, true],
    ["n=1e1", { n: 10 }, true],
    ["n>-1", { n: 0 }, true],
  ])("%s of %j is %s", (text, one, wanted) => {
    expect(bindExpression(text, vocabulary).holds(one)).toBe(wanted);
  });

  test.each([
    ["n=2..1", "EXPRESSION_VALUE", 3],
    ["n=4s", "EXPRESSION_VALUE", 3],
    ["n=1e999", "EXPRESSION_VALUE", 3],
    ["t=a and b>=true", "EXPRESSION_VALUE", 10],
    ["t=a and m=1", "EXPRESSION_NAME", 9],
    ["toString=1", "EXPRESSION_NAME", 1],
  ])("refuses %j", (text, code, column) => {
    expect(() => bindExpression(text, vocabulary)).toThrow(
      expect.objectContaining({ code, context: { expression: text, column } }),
    );
  });

  it("asks only for what decides", () => {
    const asked: string[] = [];
    evaluate(parseExpression("a=1 or b=2"), ({ name }) => {
      asked.push(name);
      return true;
    });
    expect(asked).toEqual(["a"]);
  });
});
