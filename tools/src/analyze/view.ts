import {
  type Analysis,
  allRequestRows,
  GROUPINGS,
  type Grouping,
  groupRequests,
  parseFilter,
  type RequestGroup,
  type RequestRow,
  renderRequestsCsv,
  requestRows,
  type Selection,
  sampleRows,
  type Warning,
} from "@slbench/analyzer/logs";
import { ToolError } from "../errors.ts";
import { writeInside } from "../output-file.ts";

/** The options of `slbench analyze` about which requests are shown and how. */
export interface ViewOptions {
  readonly by?: string;
  readonly percentiles?: string;
  readonly filter?: string;
  readonly cutRamp?: boolean;
  readonly requests?: string;
}

export interface View {
  readonly selection: Selection;
  /** Absent: the usual table. */
  readonly groups?: { readonly by: Grouping; readonly percentiles: readonly number[] };
  readonly requests?: "csv" | "arrow";
  /** Something else is asked for than the result folder's own files hold. */
  readonly isSpecial: boolean;
}

/** What groupRequests() calls what is not known. */
const UNKNOWN = "unknown";
const PERCENTILES = [50, 90, 95, 99];

/**
 * Checks the options before anything is read.
 * @throws {ToolError} USAGE_BY, USAGE_PERCENTILES, USAGE_REQUESTS
 * @throws {SlbenchError} EXPRESSION_…
 */
export function parseView({ by, percentiles, filter, cutRamp, requests }: ViewOptions): View {
  if (filter !== undefined) parseFilter(filter);
  const grouping = GROUPINGS.find((one) => one === (by ?? "cell"));
  if (grouping === undefined)
    throw usage("USAGE_BY", `--by ${by}`, `group by one of ${GROUPINGS.join(", ")}`);
  if (requests !== undefined && requests !== "csv" && requests !== "arrow")
    throw usage("USAGE_REQUESTS", `--requests is "${requests.slice(0, 80)}"`, "give csv or arrow");
  const grouped = by !== undefined || percentiles !== undefined;
  return {
    selection: { ...(filter !== undefined && { filter }), ...(cutRamp === true && { cutRamp }) },
    ...(grouped && { groups: { by: grouping, percentiles: parsePercentiles(percentiles) } }),
    ...(requests !== undefined && { requests: requests }),
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

/** Groups as they were asked for. */
export interface Groups {
  readonly by: Grouping;
  readonly rows: readonly RequestGroup[];
}

/** Of the clients' requests, and of the samples of logs without clients' reports: added to what --json prints. */
export interface ViewedGroups {
  readonly groups?: Groups;
  readonly sampleGroups?: Groups;
}

/** Empty where none were asked for. Samples have no cell: theirs are the labels. */
export function viewGroups(analysis: Analysis, { groups }: View): ViewedGroups {
  if (groups === undefined) return {};
  const { by, percentiles } = groups;
  const own = { by, rows: groupRequests(requestRows(analysis), by, percentiles) };
  if (analysis.plainLogs.length === 0) return { groups: own };
  const samplesBy = by === "cell" ? "label" : by;
  const rows = groupRequests(sampleRows(analysis), samplesBy, percentiles);
  return { groups: own, sampleGroups: { by: samplesBy, rows } };
}

/** Where nobody knows what --by asks for. */
export function viewWarnings({ groups, sampleGroups }: ViewedGroups): readonly Warning[] {
  const told = [
    { what: "the clients' requests do", groups },
    { what: "the samples of logs without clients' reports do", groups: sampleGroups },
  ];
  return told.flatMap(({ what, groups: { by, rows } = { by: "cell", rows: [] } }) =>
    rows.length === 0 || rows.some(({ key }) => key !== UNKNOWN)
      ? []
      : [
          {
            code: "OPTION_NOT_APPLIED",
            message: `--by ${by}: ${what} not say their ${by}`,
            hint: "requests have worker, user, request and minute; samples label, worker, user and minute, as far as their columns were saved",
          },
        ],
  );
}

/** Writes requests.csv or requests.arrow; says where on standard error. */
export async function writeFrames(analysis: Analysis, { requests }: View, folder: string): Promise<void> {
  if (requests === undefined) return;
  let count = 0;
  const rows: Iterable<RequestRow> = {
    *[Symbol.iterator]() {
      for (const row of allRequestRows(analysis)) {
        count++;
        yield row;
      }
    },
  };
  // Loaded only here: Arrow is as large as the rest of the reading together.
  const data =
    requests === "csv"
      ? renderRequestsCsv(rows)
      : (await import("@slbench/analyzer/arrow")).renderRequestsArrow(rows);
  const path = await writeInside(folder, `requests.${requests}`, data);
  process.stderr.write(`Requests: ${path} (${count} rows)\n`);
}

function usage(code: `USAGE_${string}`, message: string, hint: string): ToolError {
  return new ToolError(code, message, { hint, exitCode: 2 });
}
