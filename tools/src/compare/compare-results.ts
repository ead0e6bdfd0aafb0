import {
  type CellSummary,
  type Condition,
  changesOf,
  conditionKey,
  conditionOf,
  type RunChange,
  type RunPart,
} from "@slbench/analyzer/logs";
import type { RunRecord } from "../results/result-folder.ts";
import { type ComparedFigures, figureComparer } from "./compare-groups.ts";
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

/** A cell that both results have. */
export interface CellComparison extends ComparedFigures {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly thinkTime?: string;
  readonly ratePerSecond?: number;
  readonly process?: NonNullable<Condition["process"]>;
  /** The parts of the runs that figures are of, if they differ. */
  readonly parts?: readonly [first: RunPart, second: RunPart];
  /** Runs in which the host changed, in either result. */
  readonly changes: readonly (RunChange & { readonly result: string })[];
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
  const compare = figureComparer(all, margin);
  return {
    first: first.name,
    second: second.name,
    margin,
    environmentDifferences:
      first.run === undefined || second.run === undefined
        ? ["not compared: a summary.json does not tell its environment"]
        : environmentDifferences(first.run, second.run),
    cells: pairs.map(([cell, other]): CellComparison => {
      const { success, ...figures } = compare(cell, other);
      const hasSuccess = isSuccessKnown(cell) && isSuccessKnown(other);
      return {
        ...conditionOf(cell),
        ...(cell.part !== undefined &&
          other.part !== undefined &&
          cell.part !== other.part && { parts: [cell.part, other.part] as const }),
        ...figures,
        ...(hasSuccess && success !== undefined && { success }),
        changes: [
          ...changesOf(cell).map((change) => ({ ...change, result: first.name })),
          ...changesOf(other).map((change) => ({ ...change, result: second.name })),
        ],
      };
    }),
    onlyOnce: all.length - 2 * pairs.length,
  };
}

/** A summary.json of an older form may not tell it. */
const isSuccessKnown = ({ successRate }: ComparedCell) => successRate?.overRequests !== undefined;
