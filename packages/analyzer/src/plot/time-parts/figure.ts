import type { CellSummary } from "../../summary/cell.ts";
import type { Chart, Panel, Series } from "../chart/chart.ts";
import type { ReportFigure } from "../figure.ts";
import { lyingBars } from "../lying-bars.ts";
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
    ...(cells.length <= MAX_LYING && { narrow: lyingChart(cells) }),
    notes: NOTES,
    data: timePartsTable(cells),
  };
}

function timePartsChart(cells: readonly CellSummary[]): Chart {
  const [stacked, known] = [stackedParts(cells), knownParts(cells)];
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
  return { title: TITLE, widthPx: 760, heightPx: 380, series: partSeries(cells), panels: [panel] };
}

/** More cells would make it longer than four screens of a phone. */
const MAX_LYING = 40;

/** The same for a phone, where names below the bars would not fit. */
function lyingChart(cells: readonly CellSummary[]): Chart {
  const [stacked, known] = [stackedParts(cells), knownParts(cells)];
  const bars = cells.map((cell, place) => ({
    name: cellName(cell),
    parts: known.map((part) => {
      const { low = 0, high = 0 } = stacked[part][place] ?? {};
      return { low, high, text: barText(part, high - low, cell) };
    }),
  }));
  return lyingBars({ title: TITLE, label: AXES.y, names: AXES.x, series: partSeries(cells), bars }, 360);
}

function partSeries(cells: readonly CellSummary[]): readonly Series[] {
  const names = partNames(cells);
  return knownParts(cells).map((part) => ({
    name: names[part],
    color: TIME_PARTS.indexOf(part),
    swatch: ["area"],
  }));
}
