import type { Label, Layer, Rule } from "../chart/chart.ts";
import { type AnswerGroup, type AnswerPlot, type AnswerPoint, answerCeiling } from "./data.ts";
import { loadAxis, type PanelPlace, type PanelWithoutPlace } from "./load-axis.ts";
import { MEAN, P95, radiusOf, verdictLayers } from "./series.ts";
import { AXES, beyondLabel, limitLabel, meanText, pointText } from "./text.ts";

/** Response times of one group against the limit: the 95th percentile by its verdict, the mean, the model's band. */
export function timePanel(
  plot: AnswerPlot,
  group: AnswerGroup,
  { isFirst, widthPx }: Pick<PanelPlace, "isFirst" | "widthPx">,
): PanelWithoutPlace {
  const ceiling = answerCeiling(plot);
  const { points } = group;
  const x = loadAxis(plot, widthPx);
  const loadPerPx = (x.max - x.min) / widthPx;
  return {
    ...(plot.groups.length > 1 && { title: group.name, titleTopPx: 34 }),
    x: { ...x, hasTickLabels: false },
    y: {
      ...{ label: isFirst ? AXES.time : "", readoutLabel: AXES.time },
      ...{ min: 0, max: ceiling, isNice: false, hasTickLabels: isFirst, tickCount: 5 },
    },
    layers: [
      ...meanLayers(plot, group, ceiling),
      ...p95Layers(plot, points, { ceiling, radiusPx: radiusOf(points, widthPx) }),
    ],
    rules: [...limitRule(plot, group, ceiling, isFirst), ...servedRule(group)],
    labels: [...beyondLabels(points, ceiling, BEYOND_PX * loadPerPx), ...nameLabels(plot, group, ceiling)],
  };
}

/** The model's band up to little beyond the heaviest load, and the means. */
function meanLayers(plot: AnswerPlot, { points, band = [] }: AnswerGroup, ceiling: number): readonly Layer[] {
  const last = Math.max(...points.map(({ load }) => load));
  const ranges = band
    .filter(({ x, low }) => x <= 1.06 * last && low < ceiling)
    .map(({ x, low, high }) => ({ x, low, high: Math.min(high, ceiling) }));
  const means = meansOf(plot, points, ceiling);
  return [
    ...(ranges.length === 0 ? [] : [{ series: MEAN, mark: { kind: "area", ranges } } as const]),
    ...(means.length === 0
      ? []
      : [
          { series: MEAN, mark: { kind: "points", symbol: "circle", radiusPx: 2.2, points: means } } as const,
        ]),
  ];
}

function p95Layers(
  plot: AnswerPlot,
  points: readonly AnswerPoint[],
  { ceiling, radiusPx }: { readonly ceiling: number; readonly radiusPx: number },
): readonly Layer[] {
  const y = ({ p95Seconds }: AnswerPoint) => Math.min(p95Seconds, ceiling);
  return [
    {
      series: P95,
      mark: { kind: "line", points: points.map((point) => [point.load, y(point)]), widthPx: 1.5 },
    },
    ...verdictLayers(points, {
      radiusPx,
      point: (point) => ({ x: point.load, y: y(point), text: pointText(plot, point) }),
      range: ({ load, p95Interval: interval }) =>
        interval && interval.low < ceiling
          ? { x: load, low: interval.low, high: Math.min(interval.high, ceiling) }
          : undefined,
    }),
  ];
}

const meansOf = (plot: AnswerPlot, points: readonly AnswerPoint[], ceiling: number) =>
  points.flatMap((point) =>
    point.meanSeconds === undefined || point.meanSeconds > ceiling
      ? []
      : [{ x: point.load, y: point.meanSeconds, text: meanText(plot, point) }],
  );

/** The limit, if it is not far above all responses; its name stands on the side where the lightest load is not. */
function limitRule(
  plot: AnswerPlot,
  { points }: AnswerGroup,
  ceiling: number,
  isNamed: boolean,
): readonly Rule[] {
  if (plot.limitSeconds > ceiling) return [];
  return [
    {
      ...{ axis: "y", at: plot.limitSeconds, color: "fail", dash: "dashed" },
      ...(isNamed && { label: limitLabel(plot) }),
      isLabelBelow: (points[0]?.p95Seconds ?? 0) > plot.limitSeconds,
    },
  ];
}

const servedRule = ({ served }: AnswerGroup): readonly Rule[] =>
  served === undefined ? [] : [{ axis: "x", at: served.load, color: "accent", label: served.text }];

/** Room for a value at the upper edge. */
const BEYOND_PX = 50;

/**
 * What lies beyond the upper edge has its value written there, if there is room: below the edge, along which the line
 * runs on, to the right of a point if others follow it. The data table has all.
 * @param room least distance of two labels, in loads
 */
function beyondLabels(points: readonly AnswerPoint[], ceiling: number, room: number): readonly Label[] {
  let last = Number.NEGATIVE_INFINITY;
  const heaviest = Math.max(...points.map(({ load }) => load));
  return points.flatMap((point): readonly Label[] => {
    if (point.p95Seconds <= ceiling || point.load - last < room) return [];
    last = point.load;
    return [
      {
        ...{ x: point.load, y: ceiling, text: beyondLabel(point), color: "fail" },
        ...(point.load + room <= heaviest
          ? ({ anchor: "start", shiftPx: [8, 16] } as const)
          : ({ anchor: "end", shiftPx: [-8, 16] } as const)),
      },
    ];
  });
}

/** Of the axis: from here on there is room for a name to the left of a point. */
const NAMED_FROM = 0.4;

/** The names of the two lines, above and below a point of a single panel; several panels have them in the note. */
function nameLabels({ groups }: AnswerPlot, { points }: AnswerGroup, ceiling: number): readonly Label[] {
  const most = Math.max(...points.map(({ load }) => load));
  const inside = points.filter(({ p95Seconds }) => p95Seconds <= ceiling);
  const at = inside.find(({ load }) => load >= NAMED_FROM * most) ?? inside.at(-1);
  if (groups.length > 1 || at === undefined || points.length < 3) return [];
  const { load, p95Seconds, meanSeconds } = at;
  const label = { x: load, color: "muted" } as const;
  return [
    // The line rises, so it is free to the left of the point, and so is the point's interval.
    { ...label, y: p95Seconds, text: "95th percentile", anchor: "end", shiftPx: [-10, -8] },
    ...(meanSeconds === undefined || meanSeconds > ceiling
      ? []
      : [{ ...label, y: meanSeconds, text: "mean", anchor: "middle", shiftPx: [6, 20] } as const]),
  ];
}
