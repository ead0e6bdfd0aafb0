import {
  type Analysis,
  allRequestRows,
  GROUPINGS,
  type Grouping,
  groupRequests,
  measuredRows,
  parseFilter,
  type RequestGroup,
  type RequestRows,
  type RunPart,
  renderRequestsCsv,
  type Selection,
  sampleRows,
  type Warning,
} from "@slbench/analyzer/logs";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { writeInside } from "../files/output-file.ts";

/** How `--requests` writes rows. */
const REQUEST_FORMATS = ["csv", "arrow", "parquet"] as const;
type RequestFormat = (typeof REQUEST_FORMATS)[number];

/** The options of `slbench analyze` that select and group requests. */
export interface ViewOptions {
  readonly by?: string;
  readonly percentiles?: string;
  readonly filter?: string;
  readonly part?: RunPart;
  readonly requests?: string;
}

export interface View {
  readonly selection: Selection;
  /** Absent: the default table. */
  readonly groups?: { readonly by: Grouping; readonly percentiles: readonly number[] };
  readonly requests?: RequestFormat;
  /** The options ask for other figures than a result folder's own files contain. */
  readonly isSpecial: boolean;
}

/** The key of groupRequests() for unknown values. */
const UNKNOWN = "unknown";
const PERCENTILES = [50, 90, 95, 99];

/**
 * Parses the options before any file is read.
 * @throws {SlbenchError} USAGE_BY, USAGE_PERCENTILES, USAGE_REQUESTS
 * @throws {SlbenchError} EXPRESSION_…
 */
export function parseView({ by, percentiles, filter, part, requests }: ViewOptions): View {
  if (filter !== undefined) parseFilter(filter);
  const grouping = GROUPINGS.find((one) => one === (by ?? "cell"));
  if (grouping === undefined)
    throw usage("USAGE_BY", `--by is "${by}"`, `group by one of ${GROUPINGS.join(", ")}`);
  const format = REQUEST_FORMATS.find((one) => one === requests);
  if (requests !== undefined && format === undefined)
    throw usage("USAGE_REQUESTS", `--requests is "${requests.slice(0, 80)}"`, "give csv, arrow or parquet");
  const grouped = by !== undefined || percentiles !== undefined;
  return {
    selection: { ...(filter !== undefined && { filter }), ...(part !== undefined && { part }) },
    ...(grouped && { groups: { by: grouping, percentiles: parsePercentiles(percentiles) } }),
    ...(format !== undefined && { requests: format }),
    isSpecial: grouped || filter !== undefined || part !== undefined,
  };
}

function parsePercentiles(text: string | undefined): readonly number[] {
  if (text === undefined) return PERCENTILES;
  const parts = text.split(",").map((part) => part.trim());
  if (!parts.every((part) => /^\d+(\.\d+)?$/.test(part) && Number(part) <= 100)) {
    throw usage(
      "USAGE_PERCENTILES",
      `--percentiles is "${text}"`,
      "give numbers from 0 to 100: --percentiles 50,90,99.9",
    );
  }
  return [...new Set(parts.map(Number))];
}

/** Groups as requested by --by. */
export interface Groups {
  readonly by: Grouping;
  readonly rows: readonly RequestGroup[];
}

/** Groups of clients' requests and of plain samples; --json prints them too. */
export interface ViewedGroups {
  readonly groups?: Groups;
  readonly sampleGroups?: Groups;
}

/** Empty without --by. Samples have no cell, so they are grouped by label instead. */
export function viewGroups(analysis: Analysis, { groups }: View): ViewedGroups {
  if (groups === undefined) return {};
  const { by, percentiles } = groups;
  const own = { by, rows: groupRequests(measuredRows(analysis), by, percentiles) };
  if (analysis.plainLogs.length === 0) return { groups: own };
  const samplesBy = by === "cell" ? "label" : by;
  const rows = groupRequests(sampleRows(analysis), samplesBy, percentiles, analysis.summary.quantiles);
  return { groups: own, sampleGroups: { by: samplesBy, rows } };
}

/** A warning if no row has the field that --by names. */
export function viewWarnings({ groups, sampleGroups }: ViewedGroups): readonly Warning[] {
  const sources = [
    { what: "requests", groups },
    { what: "samples of logs without clients' reports", groups: sampleGroups },
  ];
  return sources.flatMap(({ what, groups: { by, rows } = { by: "cell", rows: [] } }) =>
    rows.length === 0 || rows.some(({ key }) => key !== UNKNOWN)
      ? []
      : [
          {
            code: "OPTION_NOT_APPLIED",
            message: `--by ${by}: ${what} have no ${by}`,
            hint: "group requests by worker, user, request or minute, and samples by label, worker, user or minute, if the log has these columns",
          },
        ],
  );
}

/** Writes requests.csv, requests.arrow or requests.parquet, and its path to standard error. */
export async function writeRequests(analysis: Analysis, { requests }: View, folder: string): Promise<void> {
  if (requests === undefined) return;
  let count = 0;
  const all = allRequestRows(analysis);
  const rows: RequestRows = {
    columns: all.columns,
    *[Symbol.iterator]() {
      for (const row of all) {
        count++;
        yield row;
      }
    },
  };
  const path = await writeInside(folder, `requests.${requests}`, await renderRequests(rows, requests));
  process.stderr.write(`Requests: ${path} (${count} rows)\n`);
}

/** Arrow and Parquet are loaded only here: Arrow is as large as all other modules together. */
async function renderRequests(rows: RequestRows, format: RequestFormat) {
  if (format === "csv") return renderRequestsCsv(rows);
  if (format === "arrow") return (await import("@slbench/analyzer/arrow")).renderRequestsArrow(rows);
  return (await import("@slbench/analyzer/parquet")).renderRequestsParquet(rows);
}

function usage(code: ToolErrorCode, message: string, hint: string): SlbenchError {
  return new SlbenchError<ToolErrorCode>(code, message, { hint, exitCode: 2 });
}
