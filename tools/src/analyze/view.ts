import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Analysis,
  allFrameRows,
  GROUPINGS,
  type Grouping,
  groupFrames,
  parseFilter,
  renderFramesCsv,
  renderGroups,
  type Selection,
} from "@slbench/analyzer/logs";
import { ToolError } from "../errors.ts";

/** The options of `slbench analyze` about which frames are shown and how. */
export interface ViewOptions {
  readonly by?: string;
  readonly percentiles?: string;
  readonly filter?: string;
  readonly cutRamp?: boolean;
  readonly frames?: string;
}

export interface View {
  readonly selection: Selection;
  /** Absent: the usual table. */
  readonly groups?: { readonly by: Grouping; readonly percentiles: readonly number[] };
  readonly frames?: "csv" | "arrow";
  /** Something else is asked for than the result folder's own files hold. */
  readonly isSpecial: boolean;
}

const PERCENTILES = [50, 90, 95, 99];

/**
 * Checks the options before anything is read.
 * @throws {ToolError} USAGE_BY, USAGE_PERCENTILES, USAGE_FRAMES
 * @throws {AnalyzerError} FILTER_…
 */
export function parseView({ by, percentiles, filter, cutRamp, frames }: ViewOptions): View {
  if (filter !== undefined) parseFilter(filter);
  const grouping = GROUPINGS.find((one) => one === (by ?? "cell"));
  if (grouping === undefined)
    throw usage("USAGE_BY", `--by ${by}`, `group by one of ${GROUPINGS.join(", ")}`);
  if (frames !== undefined && frames !== "csv" && frames !== "arrow")
    throw usage("USAGE_FRAMES", `--frames ${frames}`, "frames are written as csv or as arrow");
  const grouped = by !== undefined || percentiles !== undefined;
  return {
    selection: { ...(filter !== undefined && { filter }), ...(cutRamp === true && { cutRamp }) },
    ...(grouped && { groups: { by: grouping, percentiles: parsePercentiles(percentiles) } }),
    ...(frames !== undefined && { frames }),
    isSpecial: grouped || filter !== undefined || cutRamp === true,
  };
}

function parsePercentiles(text: string | undefined): readonly number[] {
  if (text === undefined) return PERCENTILES;
  const parts = text.split(",").map((part) => part.trim());
  if (!parts.every((part) => /^\d+(\.\d+)?$/.test(part) && Number(part) <= 100)) {
    throw usage(
      "USAGE_PERCENTILES",
      `--percentiles ${text}`,
      "write numbers 0 to 100: --percentiles 50,90,99.9",
    );
  }
  return [...new Set(parts.map(Number))];
}

/** What is added to the summary where groups were asked for. */
export function viewGroups(analysis: Analysis, { groups }: View) {
  if (groups === undefined) return undefined;
  return { by: groups.by, rows: groupFrames(allFrameRows(analysis), groups.by, groups.percentiles) };
}

/** The groups as a table; undefined where none were asked for. */
export function renderView(analysis: Analysis, view: View): string | undefined {
  const groups = viewGroups(analysis, view);
  return groups && renderGroups(groups.rows, groups.by);
}

/** Writes frames.csv or frames.arrow; says where on standard error. */
export async function writeFrames(analysis: Analysis, { frames }: View, folder: string): Promise<void> {
  if (frames === undefined) return;
  const rows = allFrameRows(analysis);
  const path = join(folder, `frames.${frames}`);
  // Loaded only here: Arrow is as large as the rest of the reading together.
  const data =
    frames === "csv"
      ? renderFramesCsv(rows)
      : (await import("@slbench/analyzer/arrow")).renderFramesArrow(rows);
  await writeFile(path, data);
  process.stderr.write(`Frames: ${path} (${rows.length} rows)\n`);
}

function usage(code: `USAGE_${string}`, message: string, hint: string): ToolError {
  return new ToolError(code, message, { hint, exitCode: 2 });
}
