import type { RequestRow } from "../core/request-row.ts";
import { canonicalName } from "../expression/names.ts";
import {
  type BoundExpression,
  bindExpression,
  type QuantityKind,
  type Vocabulary,
} from "../expression/vocabulary.ts";
import { COLUMN_NAMES, type ColumnKind, REQUEST_COLUMNS, type RowField } from "./columns.ts";

/** Of a row, or of the fields that all rows of a client share. */
export type RequestPredicate = (row: Partial<RequestRow>) => boolean;

/** The names are the columns, but for the think time, which has one name in the whole language. */
const fieldOf = (name: string): RowField | undefined =>
  canonicalName(name) === "think" ? "thinkTimeSeconds" : COLUMN_NAMES.find((column) => column === name);

/** A named time: its column, whose name ends in `Seconds`. */
function timeOf(name: string): string | undefined {
  const bare = name.startsWith("times.") ? name.slice("times.".length) : name;
  return /^\w+Seconds$/.test(bare) ? bare : undefined;
}

function kindOf(field: RowField): QuantityKind {
  const kind: ColumnKind = REQUEST_COLUMNS[field];
  if (kind === "text" || kind === "boolean") return kind;
  return field.endsWith("Seconds") ? "seconds" : field.endsWith("Bytes") ? "bytes" : "number";
}

export const FILTER_VOCABULARY: Vocabulary<Partial<RequestRow>> = {
  what: "filter",
  names: COLUMN_NAMES.map((column) => (column === "thinkTimeSeconds" ? "think" : column)),
  find: (name) => {
    const field = fieldOf(name);
    if (field !== undefined) return { kind: kindOf(field), of: (row) => row[field] };
    const time = timeOf(name);
    return time === undefined ? undefined : { kind: "seconds", of: (row) => row.times?.[time] };
  },
};

const bind = (text: string): BoundExpression<Partial<RequestRow>> => bindExpression(text, FILTER_VOCABULARY);

/**
 * Reads `users=4 and outcome=ok or worker="10.0.0.1"`: comparisons of columns of requests.csv, docs/expressions.md.
 * An unknown value is neither equal nor unequal to anything.
 *
 * @throws {SlbenchError} EXPRESSION_SYNTAX, EXPRESSION_NAME, EXPRESSION_VALUE
 *
 * @example
 * ```ts
 * const keeps = parseFilter("users=4 and outcome=ok");
 * keeps({ users: 4, outcome: "ok" }); // true
 * keeps({ users: 4, outcome: "timeout" }); // false
 * ```
 */
export function parseFilter(text: string): RequestPredicate {
  const { holds } = bind(text);
  return (row) => holds(row) === true;
}

/** The names that a filter compares, each once: fields of a row and named times. @throws as parseFilter() */
export function filterFields(text: string): readonly string[] {
  return [...new Set([...comparedNames(text).flatMap((name) => fieldOf(name) ?? []), ...filterTimes(text)])];
}

/** The named times that a filter compares, each once. @throws as parseFilter() */
export function filterTimes(text: string): readonly string[] {
  const names = comparedNames(text).filter((name) => fieldOf(name) === undefined);
  return [...new Set(names.flatMap((name) => timeOf(name) ?? []))];
}

const comparedNames = (text: string) => bind(text).comparisons.map(({ source }) => source.name);
