import { AnalyzerError } from "../core/errors.ts";
import type { RequestRow } from "../core/request-row.ts";
import { COLUMN_NAMES, REQUEST_COLUMNS } from "./columns.ts";

/** Of a row, or of what all rows of a client have in common. */
export type RequestPredicate = (row: Partial<RequestRow>) => boolean;

type Operator = (order: number) => boolean;
const OPERATORS: Readonly<Record<string, Operator>> = {
  "=": (order) => order === 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};
/** As people type them. */
const SHORT: Readonly<Record<string, keyof RequestRow>> = { think: "thinkTimeSeconds" };

/**
 * Reads `users=4 and outcome=ok or worker="10.0.0.1"`: comparisons of a column of requests.csv with a value,
 * `and` before `or`. A value with spaces stands in quotes. What is not known equals nothing and is not unequal either.
 *
 * @throws {AnalyzerError} FILTER_SYNTAX, FILTER_FIELD, FILTER_VALUE
 */
export function parseFilter(text: string): RequestPredicate {
  const alternatives = split(text, "or").map((part) => split(part, "and").map(parseComparison));
  return (row) => alternatives.some((all) => all.every((holds) => holds(row)));
}

/** The fields that a filter compares, each once. @throws as parseFilter() */
export function filterFields(text: string): readonly (keyof RequestRow)[] {
  const comparisons = split(text, "or").flatMap((part) => split(part, "and"));
  return [...new Set(comparisons.map((one) => readComparison(one).field))];
}

/** Cuts at a word outside quotes. */
function split(text: string, word: "and" | "or"): readonly string[] {
  const parts = [""];
  for (const [token] of text.matchAll(/"[^"]*"|[^\s"]+|\s+|"/g)) {
    if (token.toLowerCase() === word) parts.push("");
    else parts[parts.length - 1] += token;
  }
  return parts;
}

interface Comparison {
  readonly field: keyof RequestRow;
  readonly holds: Operator;
  readonly wanted: string | number | boolean;
}

function parseComparison(text: string): RequestPredicate {
  const { field, holds, wanted } = readComparison(text);
  return (row) => {
    const value = row[field];
    if (value === undefined) return false;
    return holds(value < wanted ? -1 : value > wanted ? 1 : 0);
  };
}

function readComparison(text: string): Comparison {
  const match = /^\s*([A-Za-z]+)\s*(!=|<=|>=|=|<|>)\s*(?:"([^"]*)"|([^\s"=<>!]+))\s*$/.exec(text);
  if (match === null) {
    throw new AnalyzerError(
      "FILTER_SYNTAX",
      `"${text.trim().slice(0, 80)}" is no comparison`,
      "write a field, one of = != < <= > >=, and a value: users=4 and outcome=ok",
    );
  }
  const [, name = "", operator = "", quoted, bare] = match;
  const field = SHORT[name] ?? COLUMN_NAMES.find((column) => column === name);
  if (field === undefined)
    throw new AnalyzerError(
      "FILTER_FIELD",
      `there is no field "${name}"`,
      `the fields are ${COLUMN_NAMES.join(", ")}`,
    );
  const holds = OPERATORS[operator] as Operator;
  return { field, holds, wanted: convert(field, quoted ?? bare ?? "") };
}

function convert(field: keyof RequestRow, text: string): string | number | boolean {
  const kind = REQUEST_COLUMNS[field];
  if (kind === "text") return text;
  if (kind === "boolean" && (text === "true" || text === "false")) return text === "true";
  const number = Number(text);
  if (kind !== "boolean" && text !== "" && Number.isFinite(number)) return number;
  throw new AnalyzerError(
    "FILTER_VALUE",
    `${field} is compared with "${text.slice(0, 80)}"`,
    kind === "boolean" ? `${field} is true or false` : `${field} is a number`,
  );
}
