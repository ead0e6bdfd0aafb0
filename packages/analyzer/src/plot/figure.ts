import type { ClientRun } from "../clients/client-run.ts";
import type { CellSummary } from "../summary/cell.ts";
import type { Chart } from "./chart/chart.ts";

/** The report's sections that hold figures. */
export type FigureSection =
  | "answer"
  | "search"
  | "load"
  | "time-parts"
  | "distribution"
  | "requests"
  | "replicas"
  | "timeline"
  | "model"
  | "log-time"
  | "log-distribution";

/** A chart of the report with all that goes with it. */
export interface ReportFigure {
  readonly title: string;
  /** Where the page shows it. */
  readonly section: FigureSection;
  readonly chart: Chart;
  /** The same for a narrow screen; absent: the chart with narrower panels. */
  readonly narrow?: Chart;
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
