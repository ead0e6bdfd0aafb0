import { formatInteger } from "../../core/format.ts";
import { quantileOfUnsorted } from "../../stats/quantile.ts";
import { axisEnd } from "../axis-end.ts";
import type { Chart, Panel, Series } from "../chart/chart.ts";
import type { ReportFigure } from "../figure.ts";
import { lyingBars } from "../lying-bars.ts";
import { fourDigits } from "../text.ts";
import { drawnLabels, type LogPlot, overThreads, percentileCurve, usualSeconds } from "./data.ts";
import { labelDistributionsFigure } from "./label-distributions.ts";
import { highest, lineFigure } from "./line-chart.ts";
import { AXES, BEYOND_NOTE, beyondNotes, shortened, TITLES, TRANSACTIONS_NOTE, UP_TO_P99 } from "./text.ts";

const EXACT = "Exact: of all samples, not of the last 20,000 as in JMeter's dashboard.";

/** Everything that is not over time. */
export function logDistributionFigures(plot: LogPlot): readonly ReportFigure[] {
  return [
    percentileFigure(plot),
    histogramFigure(plot),
    ...labelDistributionsFigure(plot),
    ...partsFigure(plot),
    ...threadsFigure(plot),
    ...loadFigure(plot),
  ];
}

function percentileFigure(plot: LogPlot): ReportFigure {
  const labels = drawnLabels(plot);
  const lines = [
    ...(labels.length > 1
      ? [{ name: "all samples", color: "muted" as const, points: percentileCurve(plot.total) }]
      : []),
    ...labels.map((values, color) => ({ name: values.label, color, points: percentileCurve(values) })),
  ];
  return lineFigure({
    ...{ section: "log-distribution", title: TITLES.percentiles, axis: AXES.seconds, lines },
    max: axisEnd(highest(lines), usualSeconds(labels)),
    x: { label: AXES.percentile, max: 100 },
    notes: ["A percentile of 95 means: 95% of the samples took no longer.", EXACT, TRANSACTIONS_NOTE],
  });
}

const BARS = 40;

/** Up to the 99th percentile of the successful samples: time-outs would press all others into one bar. */
function histogramFigure({ total }: LogPlot): ReportFigure {
  const [longest = 0] = total.quantiles([1]);
  const end = usualSeconds([total]) || longest || 0.001;
  const counts = total.histogram(BARS, end);
  const edge = (part: number) => (end * part) / BARS;
  const panel: Panel = {
    ...{ leftPx: 56, topPx: 60, widthPx: 690, heightPx: 230 },
    x: { label: AXES.seconds, min: 0, max: end, isNice: false },
    y: { label: AXES.samples, min: 0, max: Math.max(...counts) },
    layers: [
      {
        series: 0,
        mark: {
          kind: "area",
          isStepped: true,
          ranges: [...counts, 0].map((high, part) => ({ x: edge(part), low: 0, high })),
        },
      },
      {
        series: 0,
        mark: {
          ...{ kind: "line", isStepped: true, widthPx: 1.5 },
          points: [...counts, 0].map((count, part) => [edge(part), count] as const),
        },
      },
    ],
  };
  const series: readonly Series[] = [
    { name: AXES.samples, color: "accent", swatch: ["area"], isUnlisted: true },
  ];
  return {
    section: "log-distribution",
    title: TITLES.histogram,
    chart: { title: TITLES.histogram, widthPx: 760, heightPx: 340, series, panels: [panel] },
    notes: [UP_TO_P99, ...beyondNotes([total], end), EXACT],
    data: {
      head: ["from (s)", "to (s)", "samples"],
      rows: counts.map((count, part) => [
        fourDigits(edge(part)),
        fourDigits(edge(part + 1)),
        formatInteger(count),
      ]),
    },
  };
}

const PARTS = ["connecting", "waiting for the first byte", "receiving"] as const;

/** Connecting, waiting and receiving, a bar per label; none if the log has no latencies. */
function partsFigure(plot: LogPlot): readonly ReportFigure[] {
  const labels = drawnLabels(plot).flatMap((values) => {
    const { waitedSeconds, connectSeconds } = values.details;
    const { elapsedSeconds } = values.summarize(1);
    const { mean } = elapsedSeconds;
    if (Number.isNaN(waitedSeconds) || mean === undefined) return [];
    const connect = Number.isNaN(connectSeconds) ? 0 : connectSeconds;
    const ends = [connect, Math.max(connect, waitedSeconds), Math.max(connect, waitedSeconds, mean)];
    return [{ label: values.label, ends }];
  });
  if (labels.length === 0) return [];
  const data = {
    head: ["label", ...PARTS.map((part) => `${part} (s)`)],
    rows: labels.map(({ label, ends }) => [
      label,
      ...ends.map((end, index) => fourDigits(end - (index === 0 ? 0 : (ends[index - 1] ?? 0)))),
    ]),
  };
  const notes = [
    "Means: connecting, then waiting for the first byte of the response, then receiving the rest. Without any byte, as after a time-out, all of it is waiting.",
  ];
  const chartOf = (widthPx: number, maxName: number) =>
    lyingBars(
      {
        ...{ title: TITLES.parts, label: AXES.parts },
        series: PARTS.map((name, color) => ({ name, color, swatch: ["area"] })),
        bars: labels.map(({ label, ends }) => ({
          name: shortened(label, maxName),
          parts: PARTS.map((part, index) => {
            const [low = 0, high = 0] = [ends[index - 1], ends[index]];
            return { low, high, text: `${label}: ${part} ${fourDigits(high - low)} s` };
          }),
        })),
      },
      widthPx,
    );
  const [chart, narrow] = [chartOf(760, 32), chartOf(360, 16)];
  return [{ section: "log-distribution", title: TITLES.parts, chart, narrow, notes, data }];
}

/** Response time over active threads; none if the log has fewer than two numbers of them. */
function threadsFigure({ series }: LogPlot): readonly ReportFigure[] {
  const all = overThreads(series);
  if (all.length < 2) return [];
  const lines = [
    {
      name: "p95",
      color: "accent" as const,
      points: all.map((one) => [one.threads, one.p95Seconds] as const),
    },
    { name: "mean", color: 2, points: all.map((one) => [one.threads, one.meanSeconds] as const) },
  ];
  return [
    lineFigure({
      ...{ section: "log-distribution", title: TITLES.threads, axis: AXES.seconds, lines },
      x: { label: AXES.threads, max: Math.max(...all.map(({ threads }) => threads)) },
      notes: ["Active threads of all groups when a sample ended; the 95th percentile is within 1%."],
    }),
  ];
}

/** Median response time over throughput, a point per slice of time; none for a log of a few seconds. */
function loadFigure({ times }: LogPlot): readonly ReportFigure[] {
  if (times === undefined || times.slices.length < 5) return [];
  const covered = times.slices.filter(({ isPartial }) => !isPartial);
  const points = covered.map(({ slice, coveredSeconds }) => ({
    x: slice.count / coveredSeconds,
    y: slice.times.quantile(0.5) / 1000,
    hasFailed: slice.failed > 0,
  }));
  const longest = Math.max(...points.map(({ y }) => y));
  // After the last start only slow samples end: those are few points far above all others.
  const max = axisEnd(
    longest,
    quantileOfUnsorted(
      points.map(({ y }) => y),
      0.9,
    ),
  );
  const text = (x: number, y: number) => `${fourDigits(x)} samples/s: median ${fourDigits(y)} s`;
  const layer = (index: number, hasFailed: boolean) => ({
    series: index,
    mark: {
      ...{
        kind: "points" as const,
        symbol: hasFailed ? ("diamond" as const) : ("circle" as const),
        radiusPx: 2.5,
      },
      points: points
        .filter((point) => point.hasFailed === hasFailed)
        .map(({ x, y }) => ({ x, y: Math.min(y, max), text: text(x, y) })),
    },
  });
  const chart: Chart = {
    ...{ title: TITLES.load, widthPx: 760, heightPx: 340 },
    series: [
      { name: "no failure", color: "accent", swatch: ["circle"] },
      { name: "with failures", color: "fail", swatch: ["diamond"] },
    ],
    panels: [
      {
        ...{ leftPx: 56, topPx: 60, widthPx: 690, heightPx: 230 },
        x: { label: AXES.rate, min: 0, max: Math.max(...points.map(({ x }) => x)) },
        y: { label: "median response time (s)", min: 0, max },
        layers: [layer(0, false), layer(1, true)].filter(({ mark }) => mark.points.length > 0),
      },
    ],
  };
  const notes = [`A point per ${times.sliceSeconds} s of the log.`, ...(longest > max ? [BEYOND_NOTE] : [])];
  const data = {
    head: [AXES.rate, "median (s)"],
    rows: points.map(({ x, y }) => [fourDigits(x), fourDigits(y)]),
  };
  return [{ section: "log-distribution", title: TITLES.load, chart, notes, data }];
}
