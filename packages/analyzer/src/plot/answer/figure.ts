import type { Chart, Label, Layer, NumberAxis, Panel, Rule, Series, SymbolName } from "../chart/chart.ts";
import type { ReportFigure } from "../figure.ts";
import {
  type AnswerGroup,
  type AnswerPlot,
  type AnswerPoint,
  answerCeiling,
  answerFloor,
  type Verdict,
} from "./data.ts";
import {
  AXES,
  answerNotes,
  answerTable,
  beyondLabel,
  limitLabel,
  meanText,
  pointText,
  successText,
  TITLE,
  VERDICT_NAMES,
} from "./text.ts";

/** Think times drawn side by side: of more, the panels become too narrow to read. */
const MAX_GROUPS = 6;
const COLUMNS = 3;

/** How one size of the figure is laid out, pixels. */
interface Layout {
  readonly widthPx: number;
  readonly columns: number;
  readonly timePx: number;
  readonly successPx: number;
}

const [LEFT_PX, RIGHT_PX, TOP_PX, BOTTOM_PX] = [44, 14, 76, 46];
const [GAP_X_PX, GAP_Y_PX, ROW_GAP_PX] = [26, 44, 62];

/**
 * The answer as a figure: response time and success over the load, the limits, and the heaviest load that keeps them. A
 * panel per think time, all with the same axes.
 *
 * @example
 * ```ts
 * const plot = { loadLabel: "virtual users", describeLoad: formatUsers, isWhole: true, limitSeconds: 1, isTimeLimit: false, limitPercent: 99 };
 * const points = [{ load: 1, verdict: "passes" as const, p95Seconds: 0.5, successPercent: 100 }];
 * answerFigure({ ...plot, groups: [{ name: "think time 0 s", points }] })?.chart.panels.length; // 2
 * ```
 */
export function answerFigure(plot: AnswerPlot): ReportFigure | undefined {
  const groups = plot.groups.filter(({ points }) => points.length > 0);
  if (groups.length === 0) return undefined;
  const drawn = { ...plot, groups: groups.slice(0, MAX_GROUPS) };
  const columns = Math.min(COLUMNS, drawn.groups.length);
  const isCapped = drawn.groups.some(({ points }) =>
    points.some(({ p95Seconds }) => p95Seconds > answerCeiling(drawn)),
  );
  return {
    section: "answer",
    title: TITLE,
    chart: answerChart(drawn, { widthPx: 760, columns, timePx: columns === 1 ? 250 : 215, successPx: 56 }),
    narrow: answerChart(drawn, { widthPx: 360, columns: 1, timePx: 190, successPx: 50 }),
    notes: answerNotes(drawn, isCapped, groups.length - drawn.groups.length),
    data: answerTable(plot),
  };
}

/** The series of every chart, in this order. */
const SERIES: readonly (Series & { readonly symbol?: SymbolName })[] = [
  { name: "mean", color: "muted", swatch: ["circle"] },
  { name: "95th percentile", color: "muted", swatch: ["line"] },
  { name: VERDICT_NAMES.passes, color: "pass", swatch: ["circle"], symbol: "circle" },
  { name: VERDICT_NAMES.undecided, color: "undecided", swatch: ["square"], symbol: "square" },
  { name: VERDICT_NAMES.fails, color: "fail", swatch: ["diamond"], symbol: "diamond" },
];
const [MEAN, P95] = [0, 1];
const VERDICTS: readonly Verdict[] = ["passes", "undecided", "fails"];
const FIRST_VERDICT = 2;

function answerChart(plot: AnswerPlot, layout: Layout): Chart {
  const { columns, widthPx, timePx, successPx } = layout;
  const rows = Math.ceil(plot.groups.length / columns);
  const panelPx = (widthPx - LEFT_PX - RIGHT_PX - GAP_X_PX * (columns - 1)) / columns;
  const rowPx = timePx + GAP_Y_PX + successPx;
  const panels = plot.groups.flatMap((group, index): readonly Panel[] => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    const leftPx = LEFT_PX + column * (panelPx + GAP_X_PX);
    const topPx = TOP_PX + row * (rowPx + ROW_GAP_PX + BOTTOM_PX - 16);
    const isLast = index + columns >= plot.groups.length;
    const place = { leftPx, widthPx: panelPx };
    return [
      {
        ...timePanel(plot, group, { isFirst: column === 0, widthPx: panelPx }),
        ...place,
        topPx,
        heightPx: timePx,
      },
      {
        ...successPanel(plot, group, { isFirst: column === 0, isLast, widthPx: panelPx }),
        ...{ ...place, topPx: topPx + timePx + GAP_Y_PX, heightPx: successPx },
      },
    ];
  });
  const heightPx = TOP_PX + rows * rowPx + (rows - 1) * (ROW_GAP_PX + BOTTOM_PX - 16) + BOTTOM_PX;
  return { title: TITLE, widthPx, heightPx, series: seriesOf(plot), panels };
}

/** Verdicts are listed only where they differ. */
function seriesOf({ groups }: AnswerPlot): readonly Series[] {
  const found = new Set(groups.flatMap(({ points }) => points.map(({ verdict }) => verdict)));
  return SERIES.map(({ symbol: _, ...series }, index) => {
    const verdict = VERDICTS[index - FIRST_VERDICT];
    const isListed = found.size > 1 && verdict !== undefined && found.has(verdict);
    return { ...series, ...(!isListed && { isUnlisted: true }) };
  });
}

/** Room for the digits of a load. */
const TICK_PX = 45;

/** Loads of all groups on one axis. */
function loadAxis({ groups, isWhole, loadLabel }: AnswerPlot, widthPx: number): NumberAxis {
  const most = Math.max(...groups.flatMap(({ points }) => points.map(({ load }) => load)));
  return {
    ...{ label: "", readoutLabel: loadLabel, isWhole, isNice: false },
    tickCount: Math.round(widthPx / TICK_PX),
    ...{ min: 0, max: isWhole ? most + Math.max(0.5, 0.06 * most) : 1.08 * most },
  };
}

type PanelWithoutPlace = Omit<Panel, "leftPx" | "topPx" | "widthPx" | "heightPx">;

function timePanel(
  plot: AnswerPlot,
  group: AnswerGroup,
  { isFirst, widthPx }: { readonly isFirst: boolean; readonly widthPx: number },
): PanelWithoutPlace {
  const ceiling = answerCeiling(plot);
  const { points, band = [] } = group;
  const capped = points.map((point) => ({ ...point, y: Math.min(point.p95Seconds, ceiling) }));
  const last = Math.max(...points.map(({ load }) => load));
  const ranges = band
    .filter(({ x, low }) => x <= 1.06 * last && low < ceiling)
    .map(({ x, low, high }) => ({ x, low, high: Math.min(high, ceiling) }));
  const layers: readonly Layer[] = [
    { series: MEAN, mark: { kind: "area", ranges } },
    {
      series: MEAN,
      mark: { kind: "points", symbol: "circle", radiusPx: 2.2, points: meansOf(plot, points, ceiling) },
    },
    { series: P95, mark: { kind: "line", points: capped.map(({ load, y }) => [load, y]), widthPx: 1.5 } },
    ...VERDICTS.flatMap((verdict, index): readonly Layer[] => {
      const own = capped.filter((point) => point.verdict === verdict);
      const { symbol = "circle" } = SERIES[FIRST_VERDICT + index] ?? {};
      const series = FIRST_VERDICT + index;
      const intervals = own.flatMap(({ load, p95Interval }) =>
        p95Interval && p95Interval.low < ceiling
          ? [{ x: load, low: p95Interval.low, high: Math.min(p95Interval.high, ceiling) }]
          : [],
      );
      return [
        { series, mark: { kind: "intervals", ranges: intervals } },
        {
          series,
          mark: {
            ...{ kind: "points", symbol, radiusPx: radiusOf(points, widthPx) },
            points: own.map((point) => ({ x: point.load, y: point.y, text: pointText(plot, point) })),
          },
        },
      ];
    }),
  ];
  return {
    ...(plot.groups.length > 1 && { title: group.name, titleTopPx: 34 }),
    x: { ...loadAxis(plot, widthPx), hasTickLabels: false },
    y: {
      ...{ label: isFirst ? AXES.time : "", readoutLabel: AXES.time },
      ...{ min: 0, max: ceiling, isNice: false, hasTickLabels: isFirst, tickCount: 5 },
    },
    layers: layers.filter(hasMarks),
    rules: [...limitRule(plot, ceiling, isFirst), ...servedRule(group)],
    labels: [...beyondLabels(capped, ceiling), ...nameLabels(plot, group, ceiling)],
  };
}

function successPanel(
  plot: AnswerPlot,
  { points, served }: AnswerGroup,
  {
    isFirst,
    isLast,
    widthPx,
  }: { readonly isFirst: boolean; readonly isLast: boolean; readonly widthPx: number },
): PanelWithoutPlace {
  return {
    x: { ...loadAxis(plot, widthPx), label: isLast ? plot.loadLabel : "" },
    y: {
      ...{ label: isFirst ? AXES.success : "", min: answerFloor(plot), max: 100, isNice: false },
      ...{ tickCount: 2, hasTickLabels: isFirst },
    },
    layers: VERDICTS.flatMap((verdict, index): readonly Layer[] => {
      const own = points.filter((point) => point.verdict === verdict);
      const series = FIRST_VERDICT + index;
      const { symbol = "circle" } = SERIES[series] ?? {};
      return [
        {
          series,
          mark: {
            kind: "intervals",
            ranges: own.flatMap(({ load, successInterval }) =>
              successInterval ? [{ x: load, ...successInterval }] : [],
            ),
          },
        },
        {
          series,
          mark: {
            ...{ kind: "points", symbol, radiusPx: Math.min(3.5, radiusOf(points, widthPx)) },
            points: own.map((point) => ({
              ...{ x: point.load, y: point.successPercent },
              text: successText(plot, point),
            })),
          },
        },
      ];
    }).filter(hasMarks),
    rules: [
      { axis: "y", at: plot.limitPercent, color: "fail", dash: "dashed" },
      ...(served === undefined ? [] : [{ axis: "x", at: served.load, color: "accent" } as const]),
    ],
  };
}

/** Half the width of a mark: smaller where many stand side by side. */
const radiusOf = (points: readonly AnswerPoint[], widthPx: number): number =>
  Math.max(1.5, Math.min(5, (0.45 * widthPx) / points.length));

const hasMarks = ({ mark }: Layer): boolean =>
  "points" in mark ? mark.points.length > 0 : "ranges" in mark ? mark.ranges.length > 0 : true;

const meansOf = (plot: AnswerPlot, points: readonly AnswerPoint[], ceiling: number) =>
  points.flatMap((point) =>
    point.meanSeconds === undefined || point.meanSeconds > ceiling
      ? []
      : [{ x: point.load, y: point.meanSeconds, text: meanText(plot, point) }],
  );

/** The limit, if it is not far above all responses. */
function limitRule(plot: AnswerPlot, ceiling: number, isNamed: boolean): readonly Rule[] {
  if (plot.limitSeconds > ceiling) return [];
  return [
    {
      ...{ axis: "y", at: plot.limitSeconds, color: "fail", dash: "dashed" },
      ...(isNamed && { label: limitLabel(plot) }),
    },
  ];
}

const servedRule = ({ served }: AnswerGroup): readonly Rule[] =>
  served === undefined ? [] : [{ axis: "x", at: served.load, color: "accent", label: served.text }];

/** What lies beyond the upper edge has its value written there. */
const beyondLabels = (points: readonly AnswerPoint[], ceiling: number): readonly Label[] =>
  points
    .filter(({ p95Seconds }) => p95Seconds > ceiling)
    .map((point) => ({
      ...{ x: point.load, y: ceiling, text: beyondLabel(point), color: "fail" },
      ...{ anchor: "end", shiftPx: [-8, 16] },
    }));

/** The names of the two lines, near the middle of a single panel; several panels have them in the note. */
function nameLabels({ groups }: AnswerPlot, { points }: AnswerGroup, ceiling: number): readonly Label[] {
  const inside = points.filter(({ p95Seconds }) => p95Seconds <= ceiling);
  const at = inside[Math.floor((inside.length - 1) / 2)];
  if (groups.length > 1 || at === undefined || points.length < 3) return [];
  const { load, p95Seconds, meanSeconds } = at;
  const label = { x: load, color: "muted", anchor: "middle" } as const;
  return [
    { ...label, y: p95Seconds, text: "95th percentile", shiftPx: [-6, -16] },
    ...(meanSeconds === undefined
      ? []
      : [{ ...label, y: meanSeconds, text: "mean", shiftPx: [6, 20] as const }]),
  ];
}
