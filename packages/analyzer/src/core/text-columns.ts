type Rows = readonly (readonly string[])[];

/** Letters that each column of the first row needs for all rows. */
export function columnWidths(rows: Rows): readonly number[] {
  return rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length))) ?? [];
}

/** A row whose values end under each other. */
export function alignRight(row: readonly string[], widths: readonly number[], gap = "  "): string {
  return row.map((value, column) => value.padStart(widths[column] ?? 0)).join(gap);
}

/** A row whose values begin under each other; nothing trails. */
export function alignLeft(row: readonly string[], widths: readonly number[], gap = "  "): string {
  return row
    .map((value, column) => value.padEnd(widths[column] ?? 0))
    .join(gap)
    .trimEnd();
}
