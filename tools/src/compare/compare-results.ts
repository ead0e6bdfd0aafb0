import {
  type CellSummary,
  type Condition,
  changesOf,
  compareRuns,
  compareShares,
  conditionKey,
  conditionOf,
  type RunChange,
  type RunComparison,
  type RunDeviation,
  type RunFigure,
  type RunPart,
  runDeviation,
  type ShareVerdict,
} from "@slbench/analyzer/logs";
import type { RunRecord } from "../results/result-folder.ts";
import { environmentDifferences } from "./environment-differences.ts";

/** The figures of a cell that comparisons need; a summary.json has them too. */
export type ComparedCell = Pick<CellSummary, "users" | "thinkTimeSeconds" | "runs"> &
  Partial<
    Pick<
      CellSummary,
      | "thinkTime"
      | "ratePerSecond"
      | "process"
      | "part"
      | "successRate"
      | "roundTripSeconds"
      | "roundTripInterval"
    >
  >;

/** Success rates of two results, 0..1. */
export interface ShareComparison extends ShareVerdict {
  readonly first: number;
  readonly second: number;
}

/** A cell that both results have. */
export interface CellComparison {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly thinkTime?: string;
  readonly ratePerSecond?: number;
  readonly process?: NonNullable<Condition["process"]>;
  /** The parts of the runs that figures are of, if they differ. */
  readonly parts?: readonly [first: RunPart, second: RunPart];
  /** Of the mean round trip, failed requests included: means over runs, seconds. */
  readonly mean?: FigureComparison;
  /** Of its 95th percentile. */
  readonly p95?: FigureComparison;
  /** Of the successful requests per second. */
  readonly throughput?: FigureComparison;
  readonly success?: ShareComparison;
  /** Runs in which the host changed, in either result. */
  readonly changes: readonly (RunChange & { readonly result: string })[];
}

export interface FigureComparison extends RunComparison {
  readonly first: number;
  readonly second: number;
}

export interface Comparison {
  readonly first: string;
  readonly second: string;
  /** Ratios within it count as equivalent: 0.1 is 10%. */
  readonly margin: number;
  /** Descriptions of what differs besides the measurements. */
  readonly environmentDifferences: readonly string[];
  readonly cells: readonly CellComparison[];
  /** Number of cells that only one result has. */
  readonly onlyOnce: number;
}

/** A result folder, or a summary.json alone. */
export interface MeasuredResult {
  readonly name: string;
  /** Absent for a summary.json. */
  readonly run?: Partial<RunRecord>;
  readonly cells: readonly ComparedCell[];
}

/** Figures of a run by name. */
const FIGURES = {
  mean: (cell: ComparedCell) => cell.runs.map(({ mean }) => mean),
  p95: (cell: ComparedCell) => cell.runs.map(({ p95 }) => p95),
  throughput: (cell: ComparedCell) =>
    cell.runs.flatMap(({ throughputPerSecond: value }) => (value === undefined ? [] : [{ value }])),
} as const satisfies Record<string, (cell: ComparedCell) => readonly RunFigure[]>;

/**
 * Compares the cells that both results have, run by run: a run is one value, because requests of one run share its
 * host. Conditions that were repeated in either result tell how much runs differ where a cell has few.
 *
 * @param margin ratios within it count as equivalent
 */
export function compareResults(first: MeasuredResult, second: MeasuredResult, margin: number): Comparison {
  const others = new Map(second.cells.map((cell) => [conditionKey(cell), cell]));
  const pairs = first.cells.flatMap((cell) => {
    const other = others.get(conditionKey(cell));
    return other === undefined ? [] : [[cell, other] as const];
  });
  const all = [...first.cells, ...second.cells];
  const compareFigure = (name: keyof typeof FIGURES) => {
    const pooled = runDeviation(all.map(FIGURES[name]));
    return (cell: ComparedCell, other: ComparedCell) =>
      compared(FIGURES[name](cell), FIGURES[name](other), margin, pooled);
  };
  const [mean, p95, throughput] = [compareFigure("mean"), compareFigure("p95"), compareFigure("throughput")];
  return {
    first: first.name,
    second: second.name,
    margin,
    environmentDifferences:
      first.run === undefined || second.run === undefined
        ? ["not compared: a summary.json does not tell its environment"]
        : environmentDifferences(first.run, second.run),
    cells: pairs.map(([cell, other]): CellComparison => {
      const figures = {
        mean: mean(cell, other),
        p95: p95(cell, other),
        throughput: throughput(cell, other),
        success: compareSuccess(cell, other),
      };
      return {
        ...conditionOf(cell),
        ...(cell.part !== undefined &&
          other.part !== undefined &&
          cell.part !== other.part && { parts: [cell.part, other.part] as const }),
        ...Object.fromEntries(Object.entries(figures).filter(([, one]) => one !== undefined)),
        changes: [
          ...changesOf(cell).map((change) => ({ ...change, result: first.name })),
          ...changesOf(other).map((change) => ({ ...change, result: second.name })),
        ],
      };
    }),
    onlyOnce: all.length - 2 * pairs.length,
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

const average = (runs: readonly RunFigure[]) => runs.reduce((sum, { value }) => sum + value, 0) / runs.length;

function compareSuccess(cell: ComparedCell, other: ComparedCell): ShareComparison | undefined {
  const [first, second] = [cell.successRate?.overRequests, other.successRate?.overRequests];
  if (first === undefined || second === undefined) return undefined;
  return { first, second, ...compareShares(clustersOf(cell), clustersOf(other)) };
}

const clustersOf = ({ runs }: ComparedCell) =>
  runs.map(({ sent, successful }) => ({ hits: successful, trials: sent }));
