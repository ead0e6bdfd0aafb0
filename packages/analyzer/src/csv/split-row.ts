import { createRequire } from "node:module";
import { splitQuoted } from "./split-quoted.ts";

/** Loaded only if a row is quoted in an unusual way: JMeter's own rows are not. */
const loadParse = () => createRequire(import.meta.url)("csv-parse/sync") as typeof import("csv-parse/sync");

/**
 * The fields of one row, as csv-parse reads them in strict mode.
 * @returns undefined: its quotes do not fit
 *
 * @example
 * ```ts
 * splitRow('1,"a, b",', ","); // ["1", "a, b", ""]
 * ```
 */
export function splitRow(row: string, delimiter: string): readonly string[] | undefined {
  if (!row.includes('"')) return row.split(delimiter);
  const fields = splitQuoted(row, delimiter);
  if (fields !== undefined) return fields;
  try {
    const records = loadParse().parse(row, { delimiter, bom: true });
    return (records as readonly (readonly string[])[])[0];
  } catch {
    return undefined;
  }
}
