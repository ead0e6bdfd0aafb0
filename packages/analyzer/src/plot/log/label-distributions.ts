import type { LabelValues } from "../../log/label-values.ts";
import type { Chart, Panel, Series } from "../chart/chart.ts";
import type { ReportFigure } from "../figure.ts";
import { fourDigits } from "../text.ts";
import { type LogPlot, namedLabels, usualSeconds } from "./data.ts";
import { AXES, beyondNotes, shortened, TITLES } from "./text.ts";

const MAX_PANELS = 12;
const BARS = 60;

/** How the panels are laid out: on a page, and on a phone. */
interface Layout {
  readonly widthPx: number;
  readonly columns: number;
}
const WIDE: Layout = { widthPx: 760, columns: 3 };
const NARROW: Layout = { widthPx: 360, columns: 2 };

/** Of a character of a panel's title, with room to spare. */
const CHARACTER_PX = 8;
const [LEFT_PX, TOP_PX, RIGHT_PX, BOTTOM_PX] = [14, 56, 14, 50];
const [GAP_X_PX, GAP_Y_PX, PANEL_PX] = [20, 34, 80];

interface LabelDistribution {
  readonly label: string;
  readonly samples: number;
  /** Percent of the label's samples in each bar. */
  readonly percents: readonly number[];
  readonly medianSeconds: number;
}

/** The distribution of each label in a panel of its own, all on the same axes; none for fewer than two labels. */
export function labelDistributionsFigure(plot: LogPlot): readonly ReportFigure[] {
  const labels = namedLabels(plot);
  if (labels.length < 2) return [];
  const drawn = labels.slice(0, MAX_PANELS);
  // Time-outs would press all others into one bar.
  const endSeconds = usualSeconds(drawn) || 0.001;
  const distributions = drawn.map((values) => distributionOf(values, endSeconds));
  const edge = (part: number) => (endSeconds * part) / BARS;
  return [
    {
      ...{ section: "log-distribution", title: TITLES.labelHistograms },
      chart: chartOf(distributions, edge, WIDE),
      narrow: chartOf(distributions, edge, NARROW),
      notes: [
        "All panels have the same axis of time, up to the longest 99th percentile of a label's successful samples; each is as high as its own highest bar.",
        ...beyondNotes(drawn, endSeconds),
        ...(labels.length > drawn.length
          ? [`The ${drawn.length} most frequent of ${labels.length} labels are drawn.`]
          : []),
      ],
      data: {
        head: ["from (s)", "to (s)", ...distributions.map(({ label }) => `${label} (%)`)],
        rows: Array.from({ length: BARS }, (_, part) => [
          ...[edge(part), edge(part + 1)].map(fourDigits),
          ...distributions.map(({ percents }) => fourDigits(percents[part] ?? 0)),
        ]),
      },
    },
  ];
}

function distributionOf(values: LabelValues, endSeconds: number): LabelDistribution {
  const samples = values.sampleCount;
  return {
    ...{ label: values.label, samples },
    percents: values.histogram(BARS, endSeconds).map((count) => (100 * count) / samples),
    medianSeconds: values.quantiles([0.5])[0] ?? Number.NaN,
  };
}

const SERIES: readonly Series[] = [{ name: AXES.share, color: "accent", swatch: ["area"], isUnlisted: true }];

function chartOf(
  distributions: readonly LabelDistribution[],
  edge: (part: number) => number,
  layout: Layout,
): Chart {
  const columns = Math.min(layout.columns, distributions.length);
  const rows = Math.ceil(distributions.length / columns);
  const widthPx = (layout.widthPx - LEFT_PX - RIGHT_PX - GAP_X_PX * (columns - 1)) / columns;
  const panels = distributions.map(({ label, percents, medianSeconds }, index): Panel => {
    const [across, down] = [index % columns, Math.floor(index / columns)];
    const isLowest = index + columns >= distributions.length;
    const steps = [...percents, 0];
    return {
      ...{ leftPx: LEFT_PX + across * (widthPx + GAP_X_PX), topPx: TOP_PX + down * (PANEL_PX + GAP_Y_PX) },
      ...{ widthPx, heightPx: PANEL_PX, title: shortened(label, Math.floor(widthPx / CHARACTER_PX)) },
      x: {
        ...{ label: isLowest && across === 0 ? AXES.seconds : "", readoutLabel: AXES.seconds },
        ...{
          min: 0,
          max: edge(BARS),
          isNice: false,
          hasTickLabels: isLowest,
          tickCount: Math.round(widthPx / 55),
        },
      },
      y: {
        ...{ label: "", readoutLabel: AXES.share, hasTickLabels: false },
        ...{ min: 0, max: Math.max(...percents), isNice: false, tickCount: 2 },
      },
      layers: [
        {
          series: 0,
          mark: {
            ...{ kind: "area", isStepped: true },
            ranges: steps.map((high, part) => ({ x: edge(part), low: 0, high })),
          },
        },
        {
          series: 0,
          mark: {
            ...{ kind: "line", isStepped: true, widthPx: 1.5 },
            points: steps.map((percent, part) => [edge(part), percent] as const),
          },
        },
      ],
      labels: [
        {
          ...{ x: Number.POSITIVE_INFINITY, y: Number.POSITIVE_INFINITY, anchor: "end", shiftPx: [-4, 14] },
          ...{ color: "muted", text: `median ${fourDigits(medianSeconds)} s` },
        },
      ],
    };
  });
  return {
    ...{ title: TITLES.labelHistograms, widthPx: layout.widthPx, series: SERIES, panels },
    heightPx: TOP_PX + rows * (PANEL_PX + GAP_Y_PX) - GAP_Y_PX + BOTTOM_PX,
  };
}
