/**
 * Requests as an Apache Arrow file, for pandas, polars, DuckDB and R.
 * @module @slbench/analyzer/arrow
 */
import {
  Bool,
  type DataType,
  Float64,
  Int32,
  Int64,
  Table,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import type { RequestRow } from "../core/request-row.ts";
import { type ColumnKind, columnsOf } from "./columns.ts";

/**
 * requests.arrow: an Arrow IPC file (Feather version 2), one column per field that some row has, null for unknown
 * values.
 * Read it with `pandas.read_feather` or R's `arrow::read_feather`.
 *
 * @example
 * ```ts
 * new TextDecoder().decode(renderRequestsArrow([]).subarray(0, 6)); // "ARROW1"
 * ```
 */
export function renderRequestsArrow(rows: Iterable<RequestRow>): Uint8Array {
  const columns = columnsOf(rows).map((column) => ({ ...column, cells: [] as unknown[] }));
  // One iteration only: each one makes all rows anew.
  for (const row of rows) for (const { of, kind, cells } of columns) cells.push(cell(of(row), kind));
  const vectors = columns.map(
    ({ name, kind, cells }) => [name, vectorFromArray(cells, typeOf(kind))] as const,
  );
  return tableToIPC(new Table(Object.fromEntries(vectors)), "file");
}

const cell = (value: string | number | boolean | undefined, kind: ColumnKind) =>
  value === undefined ? null : kind === "long" ? BigInt(Math.round(value as number)) : value;

function typeOf(kind: ColumnKind): DataType {
  if (kind === "text") return new Utf8();
  if (kind === "integer") return new Int32();
  if (kind === "long") return new Int64();
  return kind === "boolean" ? new Bool() : new Float64();
}
