import { type Analysis, compare, type Comparison as Difference, roundTripRuns } from "@slbench/analyzer/logs";
import type { RunRecord } from "../results/result-folder.ts";
import { environmentDifferences } from "./environment-differences.ts";

/** A cell that both results have. */
export interface CellComparison {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly firstMeanSeconds?: number;
  readonly secondMeanSeconds?: number;
  readonly firstSuccessRate?: number;
  readonly secondSuccessRate?: number;
  /** Difference of the mean round trips, including failed requests. */
  readonly roundTrip?: Difference;
}

export interface Comparison {
  readonly first: string;
  readonly second: string;
  /** Descriptions of what differs besides the measurements. */
  readonly environmentDifferences: readonly string[];
  readonly cells: readonly CellComparison[];
  /** Number of cells that only one result has. */
  readonly onlyOnce: number;
}

/** A result folder, read and analysed. */
export interface MeasuredResult {
  readonly name: string;
  readonly run: Partial<RunRecord>;
  readonly analysis: Analysis;
}

/** Compares the cells that both results have. */
export function compareResults(first: MeasuredResult, second: MeasuredResult): Comparison {
  const cells: CellComparison[] = [];
  let onlyOnce = 0;
  for (const [index, cell] of first.analysis.summary.cells.entries()) {
    const { users, thinkTimeSeconds } = cell;
    const at = second.analysis.summary.cells.findIndex(
      (other) => other.users === users && other.thinkTimeSeconds === thinkTimeSeconds,
    );
    const other = second.analysis.summary.cells[at];
    if (other === undefined) {
      onlyOnce++;
      continue;
    }
    const trips = ({ analysis }: MeasuredResult, which: number) =>
      (analysis.clients[which] ?? []).map((client) => client.roundTripSeconds);
    const runs = ({ analysis }: MeasuredResult, which: number) =>
      roundTripRuns(analysis.clients[which] ?? []);
    const roundTrip = compare(trips(first, index), trips(second, at), {
      runs: { before: runs(first, index), after: runs(second, at) },
    });
    cells.push({
      users,
      thinkTimeSeconds,
      ...(cell.roundTripSeconds.mean !== undefined && { firstMeanSeconds: cell.roundTripSeconds.mean }),
      ...(other.roundTripSeconds.mean !== undefined && { secondMeanSeconds: other.roundTripSeconds.mean }),
      ...(cell.successRate.meanOverClients !== undefined && {
        firstSuccessRate: cell.successRate.meanOverClients,
      }),
      ...(other.successRate.meanOverClients !== undefined && {
        secondSuccessRate: other.successRate.meanOverClients,
      }),
      ...(roundTrip !== undefined && { roundTrip }),
    });
  }
  onlyOnce += second.analysis.summary.cells.length - cells.length;
  return {
    first: first.name,
    second: second.name,
    environmentDifferences: environmentDifferences(first.run, second.run),
    cells,
    onlyOnce,
  };
}
