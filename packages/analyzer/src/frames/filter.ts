import { canonicalName } from "../expression/cell-figures.ts";
import {
  type BoundExpression,
  bindExpression,
  type QuantityKind,
  type Vocabulary,
} from "../expression/vocabulary.ts";
import type { FrameRow } from "../frame-row.ts";
import { COLUMN_NAMES, type ColumnKind, FRAME_COLUMNS } from "./columns.ts";

/** Of a row, or of what all rows of a client have in common. */
export type FramePredicate = (row: Partial<FrameRow>) => boolean;

/** The names are the columns, but for the think time, which has one name in the whole language. */
const fieldOf = (name: string): keyof FrameRow | undefined =>
  canonicalName(name) === "think" ? "thinkTimeSeconds" : COLUMN_NAMES.find((column) => column === name);

function kindOf(field: keyof FrameRow): QuantityKind {
  const kind: ColumnKind = FRAME_COLUMNS[field];
  if (kind === "text" || kind === "boolean") return kind;
  return field.endsWith("Seconds") ? "seconds" : field.endsWith("Bytes") ? "bytes" : "number";
}

export const FILTER_VOCABULARY: Vocabulary<Partial<FrameRow>> = {
  what: "filter",
  names: COLUMN_NAMES.map((column) => (column === "thinkTimeSeconds" ? "think" : column)),
  find: (name) => {
    const field = fieldOf(name);
    return field && { kind: kindOf(field), of: (row) => row[field] };
  },
};

const bind = (text: string): BoundExpression<Partial<FrameRow>> => bindExpression(text, FILTER_VOCABULARY);

/**
 * Reads `users=4 and outcome=ok or slave="10.0.0.1"`: comparisons of columns of frames.csv, docs/expressions.md.
 * What is not known equals nothing and is not unequal either.
 *
 * @throws {SlbenchError} EXPRESSION_SYNTAX, EXPRESSION_NAME, EXPRESSION_VALUE
 */
export function parseFilter(text: string): FramePredicate {
  const { holds } = bind(text);
  return (row) => holds(row) === true;
}

/** The fields that a filter compares, each once. @throws as parseFilter() */
export function filterFields(text: string): readonly (keyof FrameRow)[] {
  return [...new Set(bind(text).comparisons.flatMap(({ source }) => fieldOf(source.name) ?? []))];
}
