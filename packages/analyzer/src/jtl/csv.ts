import { parse } from "csv-parse/sync";
import { AnalyzerError } from "../errors.ts";
import type { Sample } from "../sample.ts";
import type { Loss } from "../warnings.ts";
import { sampleFrom } from "./fields.ts";

/** All samples of a CSV log with a header line; rows that cannot be read are counted as lost. */
export function parseCsvJtl(
  csv: string,
  source: string,
): { readonly samples: readonly Sample[]; readonly lost: readonly Loss[] } {
  const lost: Loss[] = [];
  const rows = parse(csv, {
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    info: true,
    // An open quote at the end is a torn last row.
    on_skip: (error) => {
      lost.push({ source, place: `line ${error?.lines ?? "?"}`, reason: error?.message ?? "unreadable row" });
      return undefined;
    },
    skip_records_with_error: true,
  }) as unknown as readonly {
    readonly record: readonly string[];
    readonly info: { readonly lines: number };
  }[];
  const [header, ...body] = rows;
  if (header === undefined || !header.record.includes("timeStamp")) {
    throw new AnalyzerError(
      "JTL_NOT_A_JTL",
      `${source} has no header line with timeStamp`,
      "give a CSV log that JMeter wrote with its column names",
    );
  }
  const samples: Sample[] = [];
  for (const { record, info } of body) {
    if (record[0] === header.record[0]) continue; // two runs appended: the header again
    const place = `line ${info.lines}`;
    if (record.length < header.record.length) {
      lost.push({ source, place, reason: `${record.length} columns instead of ${header.record.length}` });
      continue;
    }
    const made = sampleFrom(Object.fromEntries(header.record.map((name, index) => [name, record[index]])));
    if (typeof made === "string") lost.push({ source, place, reason: made });
    else samples.push(made);
  }
  return { samples, lost };
}
