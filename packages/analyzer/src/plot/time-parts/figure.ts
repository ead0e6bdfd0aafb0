import type { CellSummary } from "../../summary/cell.ts";
import type { Chart, Panel } from "../chart/chart.ts";
import type { ReportFigure } from "../figure.ts";
import { knownParts, stackedParts, TIME_PARTS } from "./data.ts";
import { AXES, barText, cellName, NOTES, partNames, TITLE, timePartsTable } from "./text.ts";

/**
 * Where the round trip goes, a stacked bar per cell; undefined if no cell knows.
 *
 * @example
 * ```ts
 * timePartsFigure([]); // undefined
 * ```
 */
export function timePartsFigure(all: readonly CellSummary[]): ReportFigure | undefined {
  const cells = all.filter((cell) => cell.parts !== undefined);
  if (cells.length === 0) return undefined;
  return {
    section: "time-parts",
    title: TITLE,
    chart: timePartsChart(cells),
    notes: NOTES,
    data: timePartsTable(cells),
  };
}

function timePartsChart(cells: readonly CellSummary[]): Chart {
  const [stacked, known, names] = [stackedParts(cells), knownParts(cells), partNames(cells)];
  const panel: Panel = {
    ...{ leftPx: 56, topPx: 60, widthPx: 690, heightPx: 260 },
    x: { label: AXES.x, names: cells.map(cellName) },
    y: {
      label: AXES.y,
      min: 0,
      max: Math.max(
        ...Object.values(stacked)
          .flat()
          .map(({ high }) => high),
      ),
    },
    layers: known.map((part, series) => ({
      series,
      mark: {
        kind: "bars",
        bars: stacked[part].map(({ low, high }, place) => ({
          ...{ place, low, high },
          text: barText(part, high - low, cells[place] as CellSummary),
        })),
      },
    })),
  };
  const series = known.map((part) => ({
    name: names[part],
    color: TIME_PARTS.indexOf(part),
    swatch: ["area"] as const,
  }));
  return { title: TITLE, widthPx: 760, heightPx: 380, series, panels: [panel] };
}
