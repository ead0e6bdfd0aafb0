import {
  compareRuns,
  compareShares,
  mean,
  type RunComparison,
  type RunDeviation,
  type RunFigure,
  type RunSummary,
  runDeviation,
  type ShareVerdict,
} from "@slbench/analyzer/logs";

/** What is compared: a cell of a result, or a label of logs, run by run. */
export interface ComparedGroup {
  readonly runs: readonly RunSummary[];
}

/** A figure of two results: means over runs, and what their difference shows. */
export interface FigureComparison extends RunComparison {
  readonly first: number;
  readonly second: number;
}

/** Success rates of two results, 0..1. */
export interface ShareComparison extends ShareVerdict {
  readonly first: number;
  readonly second: number;
}

/** The figures of a group that both results have; absent if a side does not know them. */
export interface ComparedFigures {
  /** Of the mean response time, failed requests included: means over runs, seconds. */
  readonly mean?: FigureComparison;
  /** Of its 95th percentile. */
  readonly p95?: FigureComparison;
  /** Of the successful requests per second. */
  readonly throughput?: FigureComparison;
  readonly success?: ShareComparison;
}

/** Figures of a run by name. */
const FIGURES = {
  mean: ({ runs }: ComparedGroup) => runs.map(({ mean }) => mean),
  p95: ({ runs }: ComparedGroup) => runs.map(({ p95 }) => p95),
  throughput: ({ runs }: ComparedGroup) =>
    runs.flatMap(({ throughputPerSecond: value }) => (value === undefined ? [] : [{ value }])),
} as const satisfies Record<string, (group: ComparedGroup) => readonly RunFigure[]>;

/**
 * Compares groups run by run: a run is one value, because requests of one run share its host. Groups that were
 * repeated in either result tell how much runs differ where a group has few.
 *
 * @param all of both results
 * @param margin ratios within it count as equivalent
 */
export function figureComparer(
  all: readonly ComparedGroup[],
  margin: number,
): (first: ComparedGroup, second: ComparedGroup) => ComparedFigures {
  const compareFigure = (name: keyof typeof FIGURES) => {
    const pooled = runDeviation(all.map(FIGURES[name]));
    return (first: ComparedGroup, second: ComparedGroup) =>
      compared(FIGURES[name](first), FIGURES[name](second), margin, pooled);
  };
  const compareMean = compareFigure("mean");
  const compareP95 = compareFigure("p95");
  const compareThroughput = compareFigure("throughput");
  return (first, second) => {
    const figures = {
      mean: compareMean(first, second),
      p95: compareP95(first, second),
      throughput: compareThroughput(first, second),
      success: compareSuccess(first, second),
    };
    return Object.fromEntries(Object.entries(figures).filter(([, one]) => one !== undefined));
  };
}

function compared(
  before: readonly RunFigure[],
  after: readonly RunFigure[],
  margin: number,
  pooled: RunDeviation | undefined,
): FigureComparison | undefined {
  const found = compareRuns(before, after, { margin, ...(pooled !== undefined && { pooled }) });
  if (found === undefined) return undefined;
  return { ...found, first: average(before), second: average(after) };
}

/** The mean of a figure over runs. */
export const average = (runs: readonly RunFigure[]): number =>
  mean(runs.map(({ value }) => value)) ?? Number.NaN;

/** Of all requests of a group; undefined if it has none. */
export function successShare({ runs }: ComparedGroup): number | undefined {
  const sent = runs.reduce((sum, run) => sum + run.sent, 0);
  return sent === 0 ? undefined : runs.reduce((sum, run) => sum + run.successful, 0) / sent;
}

function compareSuccess(one: ComparedGroup, other: ComparedGroup): ShareComparison | undefined {
  const [first, second] = [successShare(one), successShare(other)];
  if (first === undefined || second === undefined) return undefined;
  return { first, second, ...compareShares(clustersOf(one), clustersOf(other)) };
}

const clustersOf = ({ runs }: ComparedGroup) =>
  runs.map(({ sent, successful }) => ({ hits: successful, trials: sent }));
