type Rows = readonly (readonly string[])[];

/**
 * Width of each column in characters.
 *
 * @example
 * ```ts
 * columnWidths([["a", "bb"], ["ccc", "d"]]); // [3, 2]
 * ```
 */
export function columnWidths(rows: Rows): readonly number[] {
  return rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length))) ?? [];
}

/**
 * A row with right-aligned columns.
 *
 * @example
 * ```ts
 * alignRight(["a", "bb"], [3, 4]); // "  a    bb"
 * ```
 */
export function alignRight(row: readonly string[], widths: readonly number[], gap = "  "): string {
  return row.map((value, column) => value.padStart(widths[column] ?? 0)).join(gap);
}

/**
 * A row with left-aligned columns, without trailing space.
 *
 * @example
 * ```ts
 * alignLeft(["a", "bb"], [3, 4]); // "a    bb"
 * ```
 */
export function alignLeft(row: readonly string[], widths: readonly number[], gap = "  "): string {
  return row
    .map((value, column) => value.padEnd(widths[column] ?? 0))
    .join(gap)
    .trimEnd();
}
