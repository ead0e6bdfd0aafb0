import { expressionError } from "./error.ts";
import {
  type Comparison,
  comparisonsOf,
  type Expression,
  type Operator,
  type Selector,
  type Span,
  type Value,
} from "./expression.ts";
import { type NumberKind, type NumberRange, readNumber, unitsOf } from "./number.ts";
import { parseExpression } from "./parse.ts";

export type QuantityKind = NumberKind | "text" | "boolean";

/** The quantity that a name stands for. */
export interface Quantity<Subject> {
  readonly kind: QuantityKind;
  /** Undefined if it is not known. */
  readonly of: (subject: Subject) => string | number | boolean | undefined;
}

/** The names that one use of the language has, over one kind of subject. */
export interface Vocabulary<Subject> {
  /** What the expression is, for messages: `filter`, `threshold`, `goal`. */
  readonly what: string;
  readonly find: (name: string) => Quantity<Subject> | undefined;
  /** For the hint of a wrong name. */
  readonly names: readonly string[];
  /** Absent: there are no selectors. */
  readonly select?: (selector: Selector, argument: SelectorReader) => (subject: Subject) => boolean;
}

/** Reads a selector's arguments with errors at their position. */
export interface SelectorReader {
  readonly number: (value: Value, kind: NumberKind) => NumberRange;
  readonly refuse: (at: Span, found: string, hint: string) => Error;
}

/** A value as read for its quantity's kind. */
export type Wanted = string | boolean | NumberRange;

/** A comparison whose name and values are known to fit. */
export interface BoundComparison<Subject> {
  readonly source: Comparison;
  readonly kind: QuantityKind;
  readonly wanted: readonly Wanted[];
  readonly valueOf: Quantity<Subject>["of"];
  /** Undefined if the quantity is not known. */
  readonly holds: (subject: Subject) => boolean | undefined;
}

/** An expression that can be evaluated for a subject. */
export interface BoundExpression<Subject> {
  readonly text: string;
  readonly expression: Expression;
  readonly comparisons: readonly BoundComparison<Subject>[];
  /** Whether every selector in the expression means this subject; true without selectors. */
  readonly means: (subject: Subject) => boolean;
  /** Undefined if it depends on something that is not known. */
  readonly holds: (subject: Subject) => boolean | undefined;
}

/**
 * Reads an expression and checks its names and values against a vocabulary.
 *
 * @throws {SlbenchError} EXPRESSION_SYNTAX, EXPRESSION_NAME, EXPRESSION_VALUE, each with the column
 */
export function bindExpression<Subject>(
  text: string,
  vocabulary: Vocabulary<Subject>,
): BoundExpression<Subject> {
  const expression = parseExpression(text, vocabulary.what);
  const bound = new Map<Comparison, BoundComparison<Subject>>();
  const selections: ((subject: Subject) => boolean)[] = [];
  for (const source of comparisonsOf(expression)) {
    if (source.selector !== undefined) selections.push(bindSelector(source.selector, text, vocabulary));
    bound.set(source, bindComparison(source, text, vocabulary));
  }
  return {
    text: text.trim(),
    expression,
    comparisons: [...bound.values()],
    means: (subject) => selections.every((selects) => selects(subject)),
    holds: (subject) => evaluate(expression, (comparison) => bound.get(comparison)?.holds(subject)),
  };
}

/**
 * True, false, or undefined if that is not known: an unknown part decides nothing, so `unknown and false` is
 * false, `unknown or true` is true, and `not unknown` is unknown.
 * @see Kleene 1938, Journal of Symbolic Logic 3(4)
 */
export function evaluate(
  expression: Expression,
  holds: (comparison: Comparison) => boolean | undefined,
): boolean | undefined {
  if (expression.kind === "comparison") return holds(expression);
  if (expression.kind === "not") {
    const inner = evaluate(expression.part, holds);
    return inner === undefined ? undefined : !inner;
  }
  const decisive = expression.kind === "or";
  let isKnown = true;
  for (const part of expression.parts) {
    const one = evaluate(part, holds);
    if (one === decisive) return decisive;
    if (one === undefined) isKnown = false;
  }
  return isKnown ? !decisive : undefined;
}

function bindSelector<Subject>(
  selector: Selector,
  text: string,
  { what, select }: Vocabulary<Subject>,
): (subject: Subject) => boolean {
  const refuse = (at: Span, found: string, hint: string) =>
    expressionError("EXPRESSION_NAME", found, { text, what, at, hint });
  if (select === undefined)
    throw refuse(
      selector.at,
      `${selector.name}(…) selects nothing`,
      "leave it out, and compare users or think",
    );
  return select(selector, {
    refuse,
    number: (value, kind) => readOrRefuse(value, kind, { text, what, name: selector.name }),
  });
}

function bindComparison<Subject>(
  source: Comparison,
  text: string,
  { what, find, names }: Vocabulary<Subject>,
): BoundComparison<Subject> {
  const quantity = find(source.name);
  if (quantity === undefined) {
    throw expressionError("EXPRESSION_NAME", `unknown name "${source.name.slice(0, 80)}"`, {
      ...{ text, what, at: source.nameAt },
      hint: `use one of ${names.join(", ")}`,
    });
  }
  const { kind, of } = quantity;
  const { operator } = source;
  const context = { text, what, name: source.name };
  if (kind === "boolean" && operator !== "=" && operator !== "!=") {
    throw expressionError("EXPRESSION_VALUE", `${source.name} is true or false, not ordered: "${operator}"`, {
      ...{ text, what, at: source.operatorAt },
      hint: `compare it with = or !=: ${source.name}=true`,
    });
  }
  const wanted = source.values.map((value): Wanted => {
    if (kind === "text") return value.text;
    if (kind === "boolean") return readBoolean(value, context);
    const range = readOrRefuse(value, kind, context);
    if (range.low !== range.high && operator !== "=" && operator !== "!=") {
      throw expressionError("EXPRESSION_VALUE", `a range after "${operator}"`, {
        ...{ text, what, at: value.at },
        hint: "ranges go with = and !=: users=1..4",
      });
    }
    return range;
  });
  const test = testOf(operator, wanted);
  return {
    ...{ source, kind, wanted, valueOf: of },
    holds: (subject) => {
      const value = of(subject);
      return value === undefined ? undefined : test(value);
    },
  };
}

interface Context {
  readonly text: string;
  readonly what: string;
  readonly name: string;
}

function readBoolean(value: Value, { text, what, name }: Context): boolean {
  if (value.text === "true" || value.text === "false") return value.text === "true";
  throw expressionError("EXPRESSION_VALUE", `${name} is compared with "${value.text.slice(0, 80)}"`, {
    ...{ text, what, at: value.at },
    hint: `write ${name}=true or ${name}=false`,
  });
}

const WORDS: Readonly<Record<NumberKind, string>> = {
  seconds: "a time",
  ratio: "a share from 0 to 1",
  rate: "a rate per second",
  bytes: "a size in bytes",
  count: "a number",
  number: "a number",
};
const EXAMPLES: Readonly<Record<NumberKind, string>> = {
  seconds: "0.5, 500ms or 2s",
  ratio: "0.99 or 99%",
  rate: "5 or 5/s",
  bytes: "1000 or 1kB",
  count: "4, or 1..4 after =",
  number: "4, or 1..4 after =",
};

function readOrRefuse(value: Value, kind: NumberKind, { text, what, name }: Context): NumberRange {
  const range = readNumber(value.text, kind);
  if (range !== undefined && (kind !== "ratio" || (range.low >= 0 && range.high <= 1))) return range;
  const units = unitsOf(kind);
  throw expressionError("EXPRESSION_VALUE", `${name} is ${WORDS[kind]}, not "${value.text.slice(0, 80)}",`, {
    ...{ text, what, at: value.at },
    hint: `write it as ${EXAMPLES[kind]}${units.length === 0 ? "" : ` (units: ${units.join(", ")})`}`,
  });
}

/** Text is ordered by its characters' codes. */
function testOf(
  operator: Operator,
  wanted: readonly Wanted[],
): (value: string | number | boolean) => boolean {
  if (operator === "=") return (value) => wanted.some((one) => isEqual(value, one));
  if (operator === "!=") return (value) => !wanted.some((one) => isEqual(value, one));
  const [first] = wanted;
  const limit = typeof first === "object" ? first.low : (first as string | boolean);
  switch (operator) {
    case "<":
      return (value) => value < limit;
    case "<=":
      return (value) => value <= limit;
    case ">":
      return (value) => value > limit;
    case ">=":
      return (value) => value >= limit;
  }
}

const isEqual = (value: string | number | boolean, wanted: Wanted): boolean =>
  typeof wanted === "object"
    ? (value as number) >= wanted.low && (value as number) <= wanted.high
    : value === wanted;
