import type { RequestRow } from "../core/request-row.ts";
import { canonicalName } from "../expression/names.ts";
import {
  type BoundExpression,
  bindExpression,
  type QuantityKind,
  type Vocabulary,
} from "../expression/vocabulary.ts";
import { COLUMN_NAMES, type ColumnKind, REQUEST_COLUMNS } from "./columns.ts";

/** Of a row, or of the fields that all rows of a client share. */
export type RequestPredicate = (row: Partial<RequestRow>) => boolean;

/** The names are the columns, but for the think time, which has one name in the whole language. */
const fieldOf = (name: string): keyof RequestRow | undefined =>
  canonicalName(name) === "think" ? "thinkTimeSeconds" : COLUMN_NAMES.find((column) => column === name);

function kindOf(field: keyof RequestRow): QuantityKind {
  const kind: ColumnKind = REQUEST_COLUMNS[field];
  if (kind === "text" || kind === "boolean") return kind;
  return field.endsWith("Seconds") ? "seconds" : field.endsWith("Bytes") ? "bytes" : "number";
}

export const FILTER_VOCABULARY: Vocabulary<Partial<RequestRow>> = {
  what: "filter",
  names: COLUMN_NAMES.map((column) => (column === "thinkTimeSeconds" ? "think" : column)),
  find: (name) => {
    const field = fieldOf(name);
    return field && { kind: kindOf(field), of: (row) => row[field] };
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

/** The fields that a filter compares, each once. @throws as parseFilter() */
export function filterFields(text: string): readonly (keyof RequestRow)[] {
  return [...new Set(bind(text).comparisons.flatMap(({ source }) => fieldOf(source.name) ?? []))];
}
