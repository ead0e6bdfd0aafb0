import type { ClientRun } from "../clients/client-run.ts";
import type { CellSummary } from "../summary/cell.ts";
import type { Chart } from "./chart/chart.ts";

/** A chart of the report with all that goes with it. */
export interface ReportFigure {
  readonly title: string;
  readonly chart: Chart;
  /** Sentences below it. */
  readonly notes: readonly string[];
  /** What is drawn, for those who want numbers. */
  readonly data?: FigureTable;
}

export interface FigureTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A condition with its virtual users. */
export interface MeasuredCell {
  readonly cell: CellSummary;
  readonly clients: readonly ClientRun[];
}

/** The different values in order. */
export const distinct = (values: readonly number[]): readonly number[] =>
  [...new Set(values)].sort((a, b) => a - b);
