type Rows = readonly (readonly string[])[];

/** Width of each column in characters. */
export function columnWidths(rows: Rows): readonly number[] {
  return rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length))) ?? [];
}

/** A row with right-aligned columns. */
export function alignRight(row: readonly string[], widths: readonly number[], gap = "  "): string {
  return row.map((value, column) => value.padStart(widths[column] ?? 0)).join(gap);
}

/** A row with left-aligned columns, without trailing space. */
export function alignLeft(row: readonly string[], widths: readonly number[], gap = "  "): string {
  return row
    .map((value, column) => value.padEnd(widths[column] ?? 0))
    .join(gap)
    .trimEnd();
}
