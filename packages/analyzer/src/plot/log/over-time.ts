import type { Chart, Panel } from "../chart/chart.ts";
import type { ReportFigure } from "../figure.ts";
import {
  ceilingOf,
  codesOf,
  drawnLabels,
  type LogPlot,
  type LogTimes,
  overTime,
  rateOverTime,
  readOverTime,
} from "./data.ts";
import { type DrawnLine, highest, isWide, lineFigure, lineLayers, valuesOf } from "./line-chart.ts";
import {
  AXES,
  BAND_NOTE,
  BEYOND_NOTE,
  linesTable,
  sliceNote,
  TITLES,
  TRANSACTIONS_NOTE,
  timeAxis,
  WIDE_BAND_NOTE,
} from "./text.ts";

const quantileLine = (times: LogTimes, name: string, p: number, color: DrawnLine["color"]): DrawnLine => ({
  ...{ name, color },
  points: overTime(times, ({ times: histogram }) => histogram.quantile(p) / 1000),
  band: readOverTime(times, ({ times: histogram }) => histogram.quantileInterval(p), undefined).map(
    ([x, found]) => found && { x, low: found.low / 1000, high: found.high / 1000 },
  ),
});

const rateLine = (
  times: LogTimes,
  name: string,
  color: DrawnLine["color"],
  isFailed: boolean,
): DrawnLine => ({
  ...{ name, color, isFilled: true },
  points: rateOverTime(times, ({ count, failed }) => (isFailed ? failed : count)),
});

/** Fewer slices of a second each show no course. */
const MIN_SLICES = 3;

/** One panel of the answer, from its title's baseline to the next. */
const [LEFT_PX, TOP_PX, GAP_PX, BOTTOM_PX] = [48, 60, 40, 46];

/** How the answer is laid out, pixels. */
interface Layout {
  readonly widthPx: number;
  readonly labelPx: number;
}

/**
 * What a load test went through: response time, throughput with failures, and active threads over time. Undefined if
 * the log has no times, or lasts less than three seconds.
 *
 * @param limitSeconds of the 95th percentile, if a threshold sets one
 */
export function logAnswerFigure(plot: LogPlot, limitSeconds?: number): ReportFigure | undefined {
  const { times } = plot;
  if (times === undefined || times.slices.length < MIN_SLICES) return undefined;
  const lines = answerLines(times);
  return {
    section: "answer",
    title: TITLES.answer,
    chart: answerChart(times, lines, { widthPx: 760, labelPx: 110 }, limitSeconds),
    narrow: answerChart(times, lines, { widthPx: 360, labelPx: 80 }, limitSeconds),
    notes: [sliceNote(times), ...bandNote(lines), ...beyondNote(lines)],
    data: linesTable(timeAxis(times.unit), lines),
  };
}

/** Whether some response times lie beyond the upper edge. */
const beyondNote = ([p95, median]: readonly DrawnLine[]): readonly string[] => {
  const times = [p95, median].flatMap((line) => line ?? []);
  return ceilingOf(valuesOf(times)) < highest(times) ? [BEYOND_NOTE] : [];
};

/** What the bands mean, if there are any. */
function bandNote(lines: readonly DrawnLine[]): readonly string[] {
  const ranges = lines.flatMap(({ band = [] }) => band.flatMap((range) => range ?? []));
  if (ranges.length === 0) return [];
  return [BAND_NOTE, ...(ranges.some(isWide) ? [WIDE_BAND_NOTE] : [])];
}

/** Two of response times, two of rates, one of threads. */
const answerLines = (times: LogTimes): readonly DrawnLine[] => [
  quantileLine(times, "p95", 0.95, "accent"),
  quantileLine(times, "median", 0.5, "muted"),
  rateLine(times, "all", "muted", false),
  rateLine(times, "failed", "fail", true),
  { name: "threads", color: "muted", points: overTime(times, ({ activeThreads }) => activeThreads) },
];

function answerChart(
  times: LogTimes,
  lines: readonly DrawnLine[],
  { widthPx, labelPx }: Layout,
  limitSeconds: number | undefined,
): Chart {
  const groups = [
    { axis: AXES.seconds, series: [0, 1], heightPx: 190 },
    { axis: AXES.rate, series: [2, 3], heightPx: 80 },
    { axis: AXES.threads, series: [4], heightPx: 56 },
  ].map((group) => ({
    ...group,
    // A log without failures or threads has neither line.
    series: group.series.filter((index) => highest([lines[index] as DrawnLine]) > 0),
  }));
  const shown = groups.filter(({ series }) => series.length > 0);
  let topPx = TOP_PX;
  const panels = shown.map(({ axis, series, heightPx }, index): Panel => {
    const isLast = index === shown.length - 1;
    const own = series.map((at) => lines[at] as DrawnLine);
    const isTime = axis === AXES.seconds;
    const max = isTime ? Math.max(ceilingOf(valuesOf(own)), 1.1 * (limitSeconds ?? 0)) : highest(own);
    const panel: Panel = {
      ...{ leftPx: LEFT_PX, topPx, widthPx: widthPx - LEFT_PX - labelPx, heightPx },
      x: {
        ...{ label: isLast ? timeAxis(times.unit) : "", readoutLabel: timeAxis(times.unit) },
        ...{ min: 0, max: times.end, isNice: false, hasTickLabels: isLast },
      },
      y: {
        ...{ label: axis, min: 0, tickCount: Math.max(2, Math.round(heightPx / 40)) },
        max,
      },
      layers: own.flatMap((line, at) => lineLayers(line, series[at] as number, max)),
      hasEndLabels: own.length > 1,
      ...(isTime &&
        limitSeconds !== undefined && {
          rules: [
            { axis: "y", at: limitSeconds, color: "fail", dash: "dashed", label: `limit ${limitSeconds} s` },
          ],
        }),
    };
    topPx += heightPx + GAP_PX;
    return panel;
  });
  const series = lines.map(({ name, color }) => ({ name, color, swatch: ["line"] as const }));
  return {
    ...{ title: TITLES.answer, widthPx, heightPx: topPx - GAP_PX + BOTTOM_PX },
    ...{ series, panels, isLabelled: true },
  };
}

/** Everything over time; empty if the log has no times, or lasts less than three seconds. */
export function logTimeFigures(plot: LogPlot): readonly ReportFigure[] {
  const { times } = plot;
  if (times === undefined || times.slices.length < MIN_SLICES) return [];
  const x = { label: timeAxis(times.unit), max: times.end };
  const note = sliceNote(times);
  const figure = (
    title: string,
    axis: string,
    lines: readonly DrawnLine[],
    ...notes: readonly string[]
  ): readonly ReportFigure[] =>
    highest(lines) === 0
      ? []
      : [
          lineFigure({
            section: "log-time",
            title,
            x,
            axis,
            lines,
            ...(axis !== AXES.rate && { max: ceilingOf(valuesOf(lines)) }),
            notes: [...notes, note, ...bandNote(lines)],
          }),
        ];
  return [
    ...figure(TITLES.times, AXES.seconds, [
      quantileLine(times, "p99", 0.99, 1),
      quantileLine(times, "p95", 0.95, "accent"),
      quantileLine(times, "median", 0.5, 2),
    ]),
    ...figure(TITLES.labels, AXES.mean, labelLines(plot, times), TRANSACTIONS_NOTE),
    ...figure(TITLES.throughput, AXES.rate, [
      rateLine(times, "all", "muted", false),
      rateLine(times, "failed", "fail", true),
    ]),
    ...figure(TITLES.activeThreads, AXES.threads, [
      { name: "threads", color: "accent", points: overTime(times, ({ activeThreads }) => activeThreads) },
    ]),
    ...figure(TITLES.codes, AXES.codes, codeLines(times)),
    ...figure(
      TITLES.latency,
      AXES.mean,
      [
        { name: "response time", color: "accent", points: overTime(times, ({ elapsed }) => elapsed.seconds) },
        { name: "latency", color: 1, points: overTime(times, ({ latency }) => latency.seconds) },
        { name: "connecting", color: 2, points: overTime(times, ({ connect }) => connect.seconds) },
      ],
      "Latency: from the start to the first byte of the response, connecting included.",
    ),
    ...figure(TITLES.bytes, AXES.bytes, [
      { name: "received", color: 0, points: kilobytes(times, "receivedBytes") },
      { name: "sent", color: 1, points: kilobytes(times, "sentBytes") },
    ]),
  ];
}

const kilobytes = (times: LogTimes, which: "receivedBytes" | "sentBytes") =>
  rateOverTime(times, (slice) => slice[which] / 1000);

const labelLines = (plot: LogPlot, times: LogTimes): readonly DrawnLine[] =>
  drawnLabels(plot).map(({ label }, color) => {
    const number = times.labels.indexOf(label);
    return {
      ...{ name: label, color },
      points: overTime(times, ({ labels }) => labels[number]?.seconds ?? Number.NaN),
    };
  });

const codeLines = (times: LogTimes): readonly DrawnLine[] =>
  codesOf(times).map((code, color) => ({
    ...{ name: codeName(times.codes[code] ?? ""), color },
    points: rateOverTime(times, ({ codes }) => codes[code] ?? 0),
  }));

/** JMeter's long words before the name of an exception are left out. */
const codeName = (code: string): string =>
  code === "" ? "no code" : code.replace(/^Non HTTP response code: /, "").replace(/^(\w+\.)+(?=\w)/, "");
