import type { Chart, Panel, Series } from "./chart/chart.ts";

/** Bars that lie one below the other, each made of parts. */
export interface LyingBars {
  readonly title: string;
  /** Of the axis below. */
  readonly label: string;
  /** What the names are; absent: plain from the title. */
  readonly names?: string;
  /** Of the parts. */
  readonly series: readonly Series[];
  /** The first one above. */
  readonly bars: readonly LyingBar[];
}

export interface LyingBar {
  /** Beside it. */
  readonly name: string;
  /** A part per series. */
  readonly parts: readonly BarPart[];
}

export interface BarPart {
  readonly low: number;
  readonly high: number;
  /** What a pointer on it shows. */
  readonly text: string;
}

/** Mean width of a character of 11 px, with room to spare, and a bar with its distance to the next. */
const [CHARACTER_PX, BAR_PX] = [6.6, 30];

/** Every bar has its name beside it, however narrow the chart is; bars below each other make it higher. */
export function lyingBars(
  { title, label, names: namesLabel = "", series, bars }: LyingBars,
  widthPx: number,
): Chart {
  const upwards = bars.toReversed();
  const names = upwards.map(({ name }) => name);
  const leftPx = 16 + CHARACTER_PX * Math.max(...names.map(({ length }) => length));
  const panel: Panel = {
    ...{ leftPx, topPx: 60, widthPx: widthPx - leftPx - 14, heightPx: BAR_PX * bars.length },
    x: { label, min: 0, max: Math.max(...bars.flatMap(({ parts }) => parts.map(({ high }) => high))) },
    y: { label: namesLabel, names },
    layers: series.map((_, index) => ({
      series: index,
      mark: {
        kind: "bars",
        bars: upwards.flatMap(({ parts }, place) => {
          const part = parts[index];
          return part === undefined ? [] : [{ place, ...part }];
        }),
      },
    })),
  };
  return { title, widthPx, heightPx: panel.topPx + panel.heightPx + 46, series, panels: [panel] };
}
