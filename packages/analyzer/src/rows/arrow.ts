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
import { COLUMN_NAMES, type ColumnKind, REQUEST_COLUMNS } from "./columns.ts";

/**
 * requests.arrow: an Arrow IPC file (Feather version 2), one column per field, null for unknown values.
 * Read it with `pandas.read_feather` or R's `arrow::read_feather`.
 *
 * @example
 * ```ts
 * new TextDecoder().decode(renderRequestsArrow([]).subarray(0, 6)); // "ARROW1"
 * ```
 */
export function renderRequestsArrow(rows: Iterable<RequestRow>): Uint8Array {
  const columns = COLUMN_NAMES.map((name) => ({ name, kind: REQUEST_COLUMNS[name], cells: [] as unknown[] }));
  // One iteration only: each one makes all rows anew.
  for (const row of rows) for (const { name, kind, cells } of columns) cells.push(cell(row[name], kind));
  const vectors = columns.map(
    ({ name, kind, cells }) => [name, vectorFromArray(cells, typeOf(kind))] as const,
  );
  return tableToIPC(new Table(Object.fromEntries(vectors)), "file");
}

const cell = (value: RequestRow[keyof RequestRow], kind: ColumnKind) =>
  value === undefined ? null : kind === "long" ? BigInt(Math.round(value as number)) : value;

function typeOf(kind: ColumnKind): DataType {
  if (kind === "text") return new Utf8();
  if (kind === "integer") return new Int32();
  if (kind === "long") return new Int64();
  return kind === "boolean" ? new Bool() : new Float64();
}
