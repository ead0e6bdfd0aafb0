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
import type { FrameRow } from "../frame-row.ts";
import { COLUMN_NAMES, type ColumnKind, FRAME_COLUMNS } from "./columns.ts";

/**
 * frames.arrow: an Arrow IPC file (Feather version 2), one column per field, null for what is not known.
 * Read it with `pandas.read_feather` or R's `arrow::read_feather`.
 */
export function renderFramesArrow(rows: readonly FrameRow[]): Uint8Array {
  const columns = COLUMN_NAMES.map((name) => {
    const kind = FRAME_COLUMNS[name];
    return [
      name,
      vectorFromArray(
        rows.map((row) => cell(row[name], kind)),
        typeOf(kind),
      ),
    ] as const;
  });
  return tableToIPC(new Table(Object.fromEntries(columns)), "file");
}

const cell = (value: FrameRow[keyof FrameRow], kind: ColumnKind) =>
  value === undefined ? null : kind === "long" ? BigInt(Math.round(value as number)) : value;

function typeOf(kind: ColumnKind): DataType {
  if (kind === "text") return new Utf8();
  if (kind === "integer") return new Int32();
  if (kind === "long") return new Int64();
  return kind === "boolean" ? new Bool() : new Float64();
}
