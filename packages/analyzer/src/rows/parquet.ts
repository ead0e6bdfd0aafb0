/**
 * Requests as a Parquet file, compressed with Zstandard.
 * @module @slbench/analyzer/parquet
 */
import * as zlib from "node:zlib";
import type { SchemaElement } from "hyparquet";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { RequestRow } from "../core/request-row.ts";
import { type Column, type ColumnKind, columnsOf } from "./columns.ts";

/** Rows are kept until there are so many; pandas, polars and DuckDB read groups of them in parallel. */
const GROUP_ROWS = 100_000;

/** Absent before Node 22.15. */
const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Uint8Array) => Uint8Array };
const compressors = zstdCompressSync === undefined ? {} : { ZSTD: zstdCompressSync };

/** How requests.parquet is compressed: Zstandard, or Snappy if this runtime lacks it. */
export const PARQUET_CODEC = zstdCompressSync === undefined ? "SNAPPY" : "ZSTD";

/**
 * requests.parquet in pieces: one column per field that some row has, null for unknown values, 100 000 rows a group.
 * Read it with pandas, polars, DuckDB or R's `arrow::read_parquet`.
 *
 * @example
 * ```ts
 * const [first] = renderRequestsParquet([]);
 * new TextDecoder().decode(first?.subarray(0, 4)); // "PAR1"
 * ```
 */
export function* renderRequestsParquet(rows: Iterable<RequestRow>): Generator<Uint8Array, void, undefined> {
  const columns = columnsOf(rows);
  const bytes = new ByteWriter();
  const schema = schemaOf(columns);
  const options = { writer: bytes, schema, codec: PARQUET_CODEC, compressors, createdBy: "slbench" } as const;
  const writer = new ParquetWriter(options);
  let group: RequestRow[] = [];
  const write = () => {
    if (group.length > 0) writer.write({ columnData: dataOf(columns, group), rowGroupSize: GROUP_ROWS });
    group = [];
  };
  for (const row of rows) {
    group.push(row);
    if (group.length < GROUP_ROWS) continue;
    write();
    yield taken(bytes);
  }
  write();
  writer.finish();
  yield taken(bytes);
}

/** The bytes written since the last time. */
function taken(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}

const dataOf = (columns: readonly Column[], rows: readonly RequestRow[]) =>
  columns.map(({ name, kind, of }) => ({ name, data: rows.map((row) => cell(of(row), kind)) }));

const cell = (value: string | number | boolean | undefined, kind: ColumnKind) =>
  value === undefined ? null : kind === "long" ? BigInt(Math.round(value as number)) : value;

const schemaOf = (columns: readonly Column[]): SchemaElement[] => [
  { name: "root", num_children: columns.length },
  ...columns.map(({ name, kind }) => ({ name, repetition_type: "OPTIONAL" as const, ...TYPES[kind] })),
];

const TYPES = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } },
  integer: { type: "INT32" },
  long: { type: "INT64" },
  number: { type: "DOUBLE" },
  boolean: { type: "BOOLEAN" },
} as const satisfies Record<ColumnKind, Partial<SchemaElement>>;
