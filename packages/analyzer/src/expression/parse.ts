import { expressionError } from "./error.ts";
import {
  type Argument,
  type Comparison,
  type Expression,
  KEYWORDS,
  OPERATORS,
  type Operator,
  type Selector,
  type Span,
  type Value,
} from "./expression.ts";
import { isNumber, isUnit } from "./number.ts";

// The one expression language of slbench: filters, training selections, thresholds and goals.
//
//   expression  = all { "or" all }
//   all         = term { "and" term }
//   term        = "not" term | "(" expression ")" | comparison
//   comparison  = [ selector "." ] name operator value { "," value }     several values only with = and !=
//   selector    = identifier "(" argument { "," argument } ")"
//   argument    = [ identifier "=" ] value
//   name        = identifier { "." ( identifier | digits ) }             p95, p99.9, mlSeconds.mean
//   operator    = "=" | "!=" | "<" | "<=" | ">" | ">="
//   value       = number [ unit ] | number ".." number [ unit ] | word | quoted
//   quoted      = '"' { character } '"' | "'" { character } "'"
//   number      = [ "+" | "-" ] digits [ "." digits ] [ "e" [ "+" | "-" ] digits ]
//   unit        = "s" | "ms" | "us" | "min" | "h" | "%" | "/s" | "/min" | "B" | "kB" | "MB" | "GB"
//   identifier  = letter { letter | digit | "_" }
//   word        = characters other than space " = < > ! ( ) , and no ' as the first
//
// "and", "or" and "not" are read in any case and bind as listed, "not" closest. A value that is a keyword or holds
// a character that a word cannot hold stands in quotes; a quote inside its own quotes is written twice. Space is free
// between tokens, and between a number and its unit. Which names exist and what they are compared with depends on
// the use: vocabulary.ts.

/** Longer expressions are not written by people. */
const MAX_LENGTH = 10_000;
/** Parentheses and `not` in each other; the parser calls itself once for each. */
const MAX_DEPTH = 100;

/**
 * Reads an expression.
 *
 * @param what what it is, for messages: `filter`, `threshold`, `goal`
 * @throws {SlbenchError} EXPRESSION_SYNTAX with the column, what was found there and what is allowed
 *
 * @example
 * ```ts
 * renderExpression(parseExpression("p95  <2s and users = 4", "goal")); // "p95<2s and users=4"
 * ```
 */
export function parseExpression(text: string, what = "expression"): Expression {
  return new Parser(text, what).parse();
}

const FIRST_OF_TERM = 'a name such as p95, "not" or "("';

class Parser {
  readonly #text: string;
  readonly #what: string;
  #at = 0;
  #depth = 0;

  constructor(text: string, what: string) {
    this.#text = text;
    this.#what = what;
  }

  parse(): Expression {
    if (this.#text.length > MAX_LENGTH) {
      throw expressionError("EXPRESSION_SYNTAX", `more than ${MAX_LENGTH} characters`, {
        ...{ text: this.#text, what: this.#what, at: { from: MAX_LENGTH, to: MAX_LENGTH + 1 } },
        hint: "shorten the expression",
      });
    }
    const expression = this.#expression();
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#refuse('"and", "or" or the end');
    return expression;
  }

  #expression(): Expression {
    return this.#chain("or", () => this.#chain("and", () => this.#term()));
  }

  #chain(kind: "and" | "or", next: () => Expression): Expression {
    const first = next();
    const parts = [first];
    while (this.#takeWord(kind)) parts.push(next());
    return parts.length === 1 ? first : { kind, parts };
  }

  #term(): Expression {
    const from = this.#skipSpace();
    if (this.#takeWord("not"))
      return { kind: "not", at: this.#since(from), part: this.#inner(() => this.#term()) };
    if (!this.#take("(")) return this.#comparison();
    const inner = this.#inner(() => this.#expression());
    if (!this.#take(")")) this.#refuse('"and", "or" or ")"');
    return inner;
  }

  #inner(next: () => Expression): Expression {
    if (++this.#depth > MAX_DEPTH)
      this.#refuse(`at most ${MAX_DEPTH} parentheses and "not" inside each other`);
    const inner = next();
    this.#depth--;
    return inner;
  }

  #comparison(): Comparison {
    let from = this.#skipSpace();
    let name = this.#identifier(FIRST_OF_TERM);
    let selector: Selector | undefined;
    if (this.#take("(")) {
      selector = { name, arguments: this.#arguments(), at: this.#since(from) };
      if (!this.#take(".")) this.#refuse('"." and a name, as in cell(users=4).p95<2s');
      from = this.#skipSpace();
      name = this.#identifier("a name such as p95");
    }
    name += this.#match(/(?:\.(?:[A-Za-z][A-Za-z0-9_]*|\d+))*/y);
    const nameAt = this.#since(from);
    const operatorFrom = this.#skipSpace();
    const operator = this.#operator();
    const operatorAt = this.#since(operatorFrom);
    const values = [this.#value()];
    while ((operator === "=" || operator === "!=") && this.#take(",")) values.push(this.#value());
    return { kind: "comparison", ...(selector && { selector }), name, nameAt, operator, operatorAt, values };
  }

  #arguments(): readonly Argument[] {
    const all: Argument[] = [];
    do {
      this.#skipSpace();
      const name = this.#match(/[A-Za-z][A-Za-z0-9_]*(?=\s*=)/y);
      if (name !== "") this.#take("=");
      all.push({ ...(name !== "" && { name }), value: this.#value() });
    } while (this.#take(","));
    if (!this.#take(")")) this.#refuse('"," or ")"');
    return all;
  }

  #identifier(allowed: string): string {
    this.#skipSpace();
    const start = this.#at;
    const name = this.#match(/[A-Za-z][A-Za-z0-9_]*/y);
    if (name !== "" && !KEYWORDS.includes(name.toLowerCase())) return name;
    this.#at = start;
    return this.#refuse(allowed);
  }

  #operator(): Operator {
    const operator = OPERATORS.find((one) => this.#take(one));
    return operator ?? this.#refuse(OPERATORS.toSorted().join(" "));
  }

  #value(): Value {
    const from = this.#skipSpace();
    const inQuotes = this.#match(/"(?:[^"]|"")*"|'(?:[^']|'')*'/y);
    const [quote = ""] = inQuotes;
    if (quote !== "")
      return { text: inQuotes.slice(1, -1).replaceAll(quote + quote, quote), at: this.#since(from) };
    const word = this.#match(/[^\s"'=<>!(),][^\s"=<>!(),]*/y);
    if (word === "" || KEYWORDS.includes(word.toLowerCase())) {
      this.#at = from;
      this.#refuse(
        /["']/.test(this.#text[from] ?? "")
          ? "a value with a quote at its end"
          : "a value such as 4, 2s, 99% or ok",
      );
    }
    const unit = isNumber(word) ? this.#unitAfterSpace() : "";
    return { text: word + unit, at: this.#since(from) };
  }

  /** The `%` of `99 %`. */
  #unitAfterSpace(): string {
    const [whole = "", unit = ""] = this.#peek(/\s+([a-zA-Z%/]+)(?=[\s,)]|$)/y) ?? [];
    if (!isUnit(unit)) return "";
    this.#at += whole.length;
    return unit;
  }

  #takeWord(word: string): boolean {
    this.#skipSpace();
    const found = this.#peek(/[A-Za-z]+(?![\w.])/y)?.[0] ?? "";
    if (found.toLowerCase() !== word) return false;
    this.#at += found.length;
    return true;
  }

  #take(token: string): boolean {
    this.#skipSpace();
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  /** Where the next token begins. */
  #skipSpace(): number {
    this.#match(/\s*/y);
    return this.#at;
  }

  #match(pattern: RegExp): string {
    const found = this.#peek(pattern)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  #peek(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text);
  }

  #since(from: number): Span {
    return { from, to: this.#at };
  }

  #refuse(allowed: string): never {
    const from = this.#skipSpace();
    const token = this.#peek(/"[^"]*"?|[^\s"=<>!(),]+|[=<>!]+|./suy)?.[0] ?? "";
    const found = token === "" ? "the end" : `"${token.replaceAll('"', "").slice(0, 80) || token[0]}"`;
    throw expressionError("EXPRESSION_SYNTAX", `found ${found}, expected ${allowed},`, {
      ...{ text: this.#text, what: this.#what, at: { from, to: from + Math.max(1, token.length) } },
      hint: "write comparisons joined by and, or, not: success>=0.99 and p95<2s; put a value with spaces in quotes",
    });
  }
}
