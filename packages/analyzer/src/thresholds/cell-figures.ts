import { canonicalName } from "../expression/names.ts";
import type { Quantity } from "../expression/vocabulary.ts";
import type { Statistic } from "../stats/describe.ts";
import type { CellSummary } from "../summary/cell.ts";

/** Figures of a cell by name. */
const FIGURES: Readonly<Record<string, Quantity<CellSummary>>> = {
  users: { kind: "count", of: (cell) => cell.users },
  think: { kind: "seconds", of: (cell) => cell.thinkTimeSeconds },
  success: { kind: "ratio", of: (cell) => cell.successRate.meanOverClients },
  successOverRequests: { kind: "ratio", of: (cell) => cell.successRate.overRequests },
  errors: {
    kind: "ratio",
    of: ({ requests }) => (requests.sent === 0 ? undefined : requests.failed / requests.sent),
  },
  throughput: { kind: "rate", of: (cell) => cell.throughputPerSecond },
  sent: { kind: "count", of: (cell) => cell.requests.sent },
  failed: { kind: "count", of: (cell) => cell.requests.failed },
  crashed: { kind: "count", of: (cell) => cell.crashedClients },
  coldStarts: { kind: "count", of: (cell) => cell.coldStarts },
};

const STATISTICS = ["mean", "median", "min", "max", "stdev", "p90", "p95", "p99"] as const;

/** `p95` alone is the response time's. */
const RESPONSE_TIME = "roundTripSeconds";

export const CELL_FIGURE_NAMES: readonly string[] = [
  ...Object.keys(FIGURES),
  ...STATISTICS,
  "handlerSeconds.mean",
  "mlSeconds.p95",
  "firstEvent.p95",
  "tokens.perSecond",
];

/** Short names of the figures of streams. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  firstEvent: "firstEventSeconds",
  longestGap: "longestGapSeconds",
};
const SECONDS: ReadonlySet<string> = new Set(["secondsPerUnit"]);

/**
 * A figure of a cell: `success`, `p95`, a statistic of any of the summary's distributions, `mlSeconds.mean`, or of
 * the experiment's units, `tokens.perSecond`. A figure that no cell has is not known.
 */
export function cellFigure(name: string): Quantity<CellSummary> | undefined {
  const canonical = canonicalName(name);
  if (Object.hasOwn(FIGURES, canonical)) return FIGURES[canonical];
  const [first = "", wanted, more] = canonical.includes(".")
    ? canonical.split(".")
    : [RESPONSE_TIME, canonical];
  const series = Object.hasOwn(SHORT_NAMES, first) ? (SHORT_NAMES[first] as string) : first;
  const isSeries = !Object.hasOwn(FIGURES, series) && !STATISTICS.some((one) => one === series);
  if (more !== undefined || !isSeries) return undefined;
  if (wanted === "perSecond") return { kind: "rate", of: (cell) => unitsNamed(series, cell)?.perSecond };
  if (wanted === "total") return { kind: "number", of: (cell) => unitsNamed(series, cell)?.total };
  const statistic = STATISTICS.find((one) => one === wanted);
  if (statistic === undefined) return undefined;
  return {
    kind: series.endsWith("Seconds") || SECONDS.has(series) ? "seconds" : "number",
    of: (cell) => seriesOf(series, cell)?.[statistic],
  };
}

/** `units` is always a name of them. */
const unitsNamed = (name: string, { units }: CellSummary) =>
  units !== undefined && (units.name === name || name === "units") ? units : undefined;

function seriesOf(name: string, cell: CellSummary): Statistic | undefined {
  const found: unknown = Object.hasOwn(cell, name) ? cell[name as keyof CellSummary] : undefined;
  if (isStatistic(found)) return found;
  if (cell.times !== undefined && Object.hasOwn(cell.times, name)) return cell.times[name];
  return unitsNamed(name, cell)?.perRequest;
}

const isStatistic = (value: unknown): value is Statistic =>
  typeof value === "object" && value !== null && "count" in value;
