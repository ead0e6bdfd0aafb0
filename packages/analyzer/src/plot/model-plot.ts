import type { Prediction } from "../queueing/asking/predict.ts";
import { type ModelParameters, mostPerSecond } from "../queueing/station/parameters.ts";
import { leastRoundTrip } from "../queueing/station/predict-cell.ts";
import { title, valueAxis } from "./axes.ts";
import type { ReportFigure } from "./figure.ts";
import { INK, ownColor, PALETTE, renderSvg } from "./svg.ts";

export interface MeasuredPoint {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly meanRoundTripSeconds: number;
  readonly successRate: number;
}

export interface ModelPlotInput {
  readonly limitSeconds: number;
  readonly parameters: Pick<ModelParameters, "demandSeconds" | "servers" | "delaySeconds"> &
    Partial<ModelParameters>;
  readonly measured: readonly MeasuredPoint[];
  /** Measured, but not fitted: drawn hollow. */
  readonly heldOut: readonly MeasuredPoint[];
  readonly predictions: readonly Prediction[];
  readonly saturation: readonly { readonly thinkTimeSeconds: number; readonly users: number }[];
}

/** What a curve of the model shows. */
export interface ModelQuantity {
  readonly title: string;
  readonly axis: string;
  readonly measured: (point: MeasuredPoint) => number;
  readonly predicted: (one: Prediction) => number;
  readonly interval: (one: Prediction) => { readonly low: number; readonly high: number };
  /** What no system of these parameters can beat. */
  readonly bound: (input: ModelPlotInput, users: number, thinkTimeSeconds: number) => number;
}

export const modelRoundTrip: ModelQuantity = {
  title: "Mean round trip: measured and predicted",
  axis: "mean round trip (s)",
  measured: (point) => point.meanRoundTripSeconds,
  predicted: (one) => one.meanRoundTripSeconds,
  interval: (one) => one.interval,
  // With the same scatter and cuts as the model's curve, which else would run below it.
  bound: (input, users, think) => leastRoundTrip(whole(input.parameters), users, think, input.limitSeconds),
};

export const modelThroughput: ModelQuantity = {
  title: "Throughput: measured and predicted",
  axis: "answered requests per second",
  measured: ({ users, successRate, meanRoundTripSeconds, thinkTimeSeconds }) =>
    (users * successRate) / (meanRoundTripSeconds + thinkTimeSeconds),
  predicted: (one) => one.throughputPerSecond,
  interval: (one) => one.throughputInterval,
  bound: ({ parameters }, users, think) =>
    Math.min(
      users / (parameters.demandSeconds + parameters.delaySeconds + think),
      mostPerSecond(whole(parameters), users),
    ),
};

/**
 * A quantity over users: measured points (hollow: not fitted), the model's curve with its 90 % band, dashed the
 * asymptotic bounds; one colour per think time.
 */
export function renderModelPlot(
  input: ModelPlotInput,
  quantity = modelRoundTrip,
  { legend = true } = {},
): string {
  const thinkTimes = thinkTimesOf(input);
  const series = thinkTimes.flatMap((think, index) => curve(input, quantity, think, colorsOf(index)));
  const users = [...input.predictions, ...input.measured, ...input.heldOut].map((one) => one.users);
  const option = {
    title: title(quantity.title, {
      subtext: input.saturation
        .map(
          ({ thinkTimeSeconds, users: at }) =>
            `saturation at ${at.toFixed(1)} users (think ${thinkTimeSeconds} s)`,
        )
        .concat(input.saturation.length === 0 ? [] : ["beyond it requests wait for each other"])
        .join(", "),
    }),
    ...(legend && {
      legend: {
        textStyle: { color: INK },
        bottom: 0,
        itemGap: 24,
        data: thinkTimes.flatMap((think) => [name(think), measuredName(think)]),
      },
    }),
    grid: { left: 70, right: 30, top: 70, bottom: legend ? 80 : 50 },
    xAxis: valueAxis("virtual users", 28, { max: Math.max(...users) + 1, minInterval: 1 }),
    yAxis: valueAxis(quantity.axis, 45),
    series,
  };
  return renderSvg(option, 900, 540);
}

/** What the picture shows, line by line, for a page's legend. */
export function modelLegend(input: ModelPlotInput): NonNullable<ReportFigure["legend"]> {
  return thinkTimesOf(input).flatMap((think, index) => {
    const { model, bound, measured } = colorsOf(index);
    return [
      { name: `${measuredName(think)} (points)`, color: measured },
      { name: `${name(think)} (line)`, color: model },
      { name: `${boundName(think)} (dashed)`, color: bound },
    ];
  });
}

const thinkTimesOf = ({ predictions }: ModelPlotInput) => [
  ...new Set(predictions.map((one) => one.thinkTimeSeconds)),
];

/** One colour to the eye, three to a legend. */
function colorsOf(index: number) {
  const [model, bound, measured] = [0, 1, 2].map((round) =>
    ownColor((index % PALETTE.length) + round * PALETTE.length),
  ) as [string, string, string];
  return { model, bound, measured };
}

const name = (think: number) => `model, think ${think} s`;
const measuredName = (think: number) => `measured, think ${think} s`;
const boundName = (think: number) => `bound, think ${think} s`;

function curve(
  input: ModelPlotInput,
  quantity: ModelQuantity,
  think: number,
  color: ReturnType<typeof colorsOf>,
): readonly object[] {
  const own = input.predictions
    .filter((one) => one.thinkTimeSeconds === think)
    .sort((a, b) => a.users - b.users);
  const stack = `band ${think}`;
  const bare = { type: "line", symbol: "none", silent: true };
  return [
    // A band is two stacked lines: its lower edge, invisible, and its width, filled.
    {
      ...bare,
      name: `${stack} low`,
      stack,
      lineStyle: { opacity: 0 },
      data: own.map((one) => [one.users, quantity.interval(one).low]),
    },
    {
      ...bare,
      name: `${stack} width`,
      stack,
      lineStyle: { opacity: 0 },
      areaStyle: { color: color.model, opacity: 0.18 },
      data: own.map((one) => [one.users, quantity.interval(one).high - quantity.interval(one).low]),
    },
    {
      ...bare,
      name: name(think),
      color: color.model,
      lineStyle: { color: color.model, width: 2 },
      data: own.map((one) => [one.users, quantity.predicted(one)]),
    },
    {
      ...bare,
      name: boundName(think),
      lineStyle: { color: color.bound, width: 1, type: "dashed" },
      data: own.map((one) => [one.users, quantity.bound(input, one.users, think)]),
    },
    {
      type: "scatter",
      name: measuredName(think),
      color: color.measured,
      symbolSize: 9,
      data: input.measured.filter((one) => one.thinkTimeSeconds === think).map((one) => mark(quantity, one)),
    },
    {
      type: "scatter",
      name: measuredName(think),
      itemStyle: { color: "transparent", borderColor: color.measured, borderWidth: 2 },
      symbolSize: 9,
      data: input.heldOut.filter((one) => one.thinkTimeSeconds === think).map((one) => mark(quantity, one)),
    },
  ];
}

const mark = (quantity: ModelQuantity, one: MeasuredPoint) => {
  const value = quantity.measured(one);
  return {
    value: [one.users, value],
    name: `virtual users ${one.users}, ${quantity.axis} ${value.toPrecision(4)}`,
  };
};

function whole(parameters: ModelPlotInput["parameters"]): ModelParameters {
  return { contention: 0, demandVariation: 0, waitVariation: 0, ...parameters };
}
