import type { RequestRow } from "../core/request-row.ts";

export type ColumnKind = "text" | "integer" | "long" | "number" | "boolean";

/** A field of a row that is a column of its own; the named times are a column each. */
export type RowField = Exclude<keyof RequestRow, "times">;

/** The columns of requests.csv, requests.arrow and requests.parquet, in their order; named times follow mlSeconds. */
export const REQUEST_COLUMNS = {
  cell: "text",
  users: "integer",
  thinkTimeSeconds: "number",
  ratePerSecond: "number",
  repetition: "integer",
  worker: "text",
  user: "text",
  sequence: "integer",
  payload: "text",
  label: "text",
  isTransaction: "boolean",
  startEpochMicros: "long",
  roundTripSeconds: "number",
  connectSeconds: "number",
  sendSeconds: "number",
  waitSeconds: "number",
  receiveSeconds: "number",
  handlerSeconds: "number",
  mlSeconds: "number",
  firstEventSeconds: "number",
  longestGapSeconds: "number",
  secondsPerUnit: "number",
  events: "integer",
  units: "number",
  outcome: "text",
  status: "integer",
  retryAfterSeconds: "number",
  faces: "integer",
  backend: "text",
  coldStart: "boolean",
  steady: "boolean",
  replica: "text",
  callId: "text",
  lateSeconds: "number",
  sentBytes: "long",
  receivedBytes: "long",
  message: "text",
} as const satisfies Record<RowField, ColumnKind>;

export const COLUMN_NAMES = Object.keys(REQUEST_COLUMNS) as readonly RowField[];

/** The columns that every table of requests has, even if no request has a value there. */
export const FIXED_COLUMNS = [
  ...(["cell", "users", "thinkTimeSeconds", "repetition", "worker", "user", "sequence", "payload"] as const),
  ...(["startEpochMicros", "roundTripSeconds", "outcome", "status", "message"] as const),
] as const satisfies readonly RowField[];

const FIXED: ReadonlySet<string> = new Set(FIXED_COLUMNS);

export const isFixed = (name: string): boolean => FIXED.has(name);

/** One column of a table of requests. */
export interface Column {
  /** As in the header. A time that is named like another column has `times.` in front. */
  readonly name: string;
  readonly kind: ColumnKind;
  readonly of: (row: RequestRow) => string | number | boolean | undefined;
}

/**
 * The columns of a table: the fixed ones, the others that some row has, and one per named time.
 * @param has whether some row has a value in a column that is not fixed
 */
export function tableColumns(
  has: (name: RowField) => boolean,
  timeNames: Iterable<string>,
): readonly Column[] {
  const times = [...new Set(timeNames)].sort().map(
    (name): Column => ({
      name: Object.hasOwn(REQUEST_COLUMNS, name) ? `times.${name}` : name,
      kind: "number",
      of: (row) => row.times?.[name],
    }),
  );
  return COLUMN_NAMES.flatMap((name): readonly Column[] => {
    const own = isFixed(name) || has(name);
    return [
      ...(own ? [{ name, kind: REQUEST_COLUMNS[name], of: (row: RequestRow) => row[name] }] : []),
      ...(name === "mlSeconds" ? times : []),
    ];
  });
}

/** Rows that know which columns they fill. */
export interface RequestRows extends Iterable<RequestRow> {
  /** Looked up when asked for: without going through the rows. */
  readonly columns: readonly Column[];
}

/** The columns of rows; rows that do not know theirs are iterated once. */
export function columnsOf(rows: Iterable<RequestRow> | RequestRows): readonly Column[] {
  if ("columns" in rows) return rows.columns;
  const names = new Set<string>();
  const times = new Set<string>();
  for (const row of rows) {
    for (const name of COLUMN_NAMES) if (row[name] !== undefined) names.add(name);
    for (const name of Object.keys(row.times ?? {})) times.add(name);
  }
  return tableColumns((name) => names.has(name), times);
}
