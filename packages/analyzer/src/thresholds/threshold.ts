import { AnalyzerError } from "../core/errors.ts";
import type { CellSummary } from "../summary/cell.ts";

/** One figure of a cell by the name that thresholds use. */
const METRICS = {
  successRate: (cell: CellSummary) => cell.successRate.meanOverClients,
  successRateOverRequests: (cell: CellSummary) => cell.successRate.overRequests,
  mean: (cell: CellSummary) => cell.roundTripSeconds.mean,
  median: (cell: CellSummary) => cell.roundTripSeconds.median,
  max: (cell: CellSummary) => cell.roundTripSeconds.max,
  p90: (cell: CellSummary) => cell.roundTripSeconds.p90,
  p95: (cell: CellSummary) => cell.roundTripSeconds.p95,
  p99: (cell: CellSummary) => cell.roundTripSeconds.p99,
  throughput: (cell: CellSummary) => cell.throughputPerSecond,
  failedRequests: (cell: CellSummary) => cell.requests.failed,
  crashedClients: (cell: CellSummary) => cell.crashedClients,
} as const;

const COMPARE = {
  ">=": (a: number, b: number) => a >= b,
  "<=": (a: number, b: number) => a <= b,
  ">": (a: number, b: number) => a > b,
  "<": (a: number, b: number) => a < b,
} as const;

/** How many of each make one. Divided by, not multiplied: 95 × 0.01 is more than 0.95. */
const UNITS = { "": 1, s: 1, ms: 1000, "%": 100 } as const;

/** Something that a cell must keep. */
export interface Threshold {
  /** As it was written. */
  readonly text: string;
  readonly users?: number;
  readonly thinkTimeSeconds?: number;
  readonly metric: keyof typeof METRICS;
  readonly comparison: keyof typeof COMPARE;
  /** Seconds, ratio or count. */
  readonly limit: number;
}

/** A threshold held against one cell; `cell` and `value` are absent where there was nothing to hold it against. */
export interface ThresholdResult {
  readonly threshold: string;
  readonly cell?: { readonly users: number; readonly thinkTimeSeconds: number };
  readonly value?: number;
  readonly passed: boolean;
  /** What was found, in words. */
  readonly found: string;
}

const HINT = `write it as successRate>=0.99, p95<2s or cell(users=4,think=0).mean<500ms; figures: ${Object.keys(METRICS).join(", ")}`;

/**
 * Reads `successRate>=0.99`, `p95<2s`, `cell(users=4).mean<1s`.
 * @throws {AnalyzerError} THRESHOLD_WRONG
 */
export function parseThreshold(text: string): Threshold {
  const wrong = (why: string) => new AnalyzerError("THRESHOLD_WRONG", `the threshold "${text}" ${why}`, HINT);
  const [, cell, metric, comparison, limit, unit = ""] =
    /^\s*(?:cell\(([^)]*)\)\s*\.\s*)?(\w+)\s*(>=|<=|>|<)\s*(\d*\.?\d+)\s*(s|ms|%)?\s*$/.exec(text) ?? [];
  if (metric === undefined || comparison === undefined) throw wrong("cannot be read");
  if (!(metric in METRICS)) throw wrong(`names ${metric}, which is no figure of a cell`);
  let users: number | undefined;
  let thinkTimeSeconds: number | undefined;
  for (const part of cell === undefined ? [] : cell.split(",")) {
    const [, name, value] = /^\s*(users|think)\s*=\s*(\d*\.?\d+)\s*$/.exec(part) ?? [];
    if (name === "users") users = Number(value);
    else if (name === "think") thinkTimeSeconds = Number(value);
    else throw wrong(`names the cell "${part.trim()}"`);
  }
  return {
    text: text.trim(),
    ...(users !== undefined && { users }),
    ...(thinkTimeSeconds !== undefined && { thinkTimeSeconds }),
    metric: metric as Threshold["metric"],
    comparison: comparison as Threshold["comparison"],
    limit: Number(limit) / UNITS[unit as keyof typeof UNITS],
  };
}

/** Holds each threshold against each cell that it means. One that meets no cell, or no figure, fails. */
export function checkThresholds(
  cells: readonly CellSummary[],
  thresholds: readonly Threshold[],
): readonly ThresholdResult[] {
  return thresholds.flatMap((threshold): readonly ThresholdResult[] => {
    const meant = cells.filter(
      (cell) =>
        (threshold.users === undefined || threshold.users === cell.users) &&
        (threshold.thinkTimeSeconds === undefined || threshold.thinkTimeSeconds === cell.thinkTimeSeconds),
    );
    if (meant.length === 0)
      return [{ threshold: threshold.text, passed: false, found: "no cell that it means was measured" }];
    return meant.map((cell) => {
      const value = METRICS[threshold.metric](cell);
      const { users, thinkTimeSeconds } = cell;
      return {
        threshold: threshold.text,
        cell: { users, thinkTimeSeconds },
        ...(value !== undefined && { value }),
        passed: value !== undefined && COMPARE[threshold.comparison](value, threshold.limit),
        found: value === undefined ? "not known" : Number(value.toPrecision(6)).toString(),
      };
    });
  });
}
