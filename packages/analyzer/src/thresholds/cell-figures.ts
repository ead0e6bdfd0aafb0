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
];

/**
 * A figure of a cell: `success`, `p95`, or a statistic of any of the summary's distributions, `mlSeconds.mean`.
 * A distribution that no cell has, `firstEvent.p95`, is one that is not known.
 */
export function cellFigure(name: string): Quantity<CellSummary> | undefined {
  const canonical = canonicalName(name);
  if (Object.hasOwn(FIGURES, canonical)) return FIGURES[canonical];
  const [series = "", wanted, more] = canonical.includes(".")
    ? canonical.split(".")
    : [RESPONSE_TIME, canonical];
  const statistic = STATISTICS.find((one) => one === wanted);
  const isSeries = !Object.hasOwn(FIGURES, series) && !STATISTICS.some((one) => one === series);
  if (statistic === undefined || more !== undefined || !isSeries) return undefined;
  return {
    kind: series === "faces" ? "number" : "seconds",
    of: (cell) => {
      const found: unknown = Object.hasOwn(cell, series) ? cell[series as keyof CellSummary] : undefined;
      return isStatistic(found) ? found[statistic] : undefined;
    },
  };
}

const isStatistic = (value: unknown): value is Statistic =>
  typeof value === "object" && value !== null && "count" in value;
