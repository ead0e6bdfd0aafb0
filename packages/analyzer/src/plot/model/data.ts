import type { Prediction } from "../../queueing/asking/predict.ts";
import type { Verdict } from "../../queueing/assessing/verdict.ts";
import { leastResponse, type ModelParameters, mostPerSecond } from "../../queueing/station/parameters.ts";
import type { Interval } from "../../stats/interval.ts";
import type { Point, Range } from "../chart/chart.ts";
import { distinct } from "../figure.ts";

export interface MeasuredPoint {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly meanRoundTripSeconds: number;
  readonly successRate: number;
  readonly throughputPerSecond?: number;
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
  /** Written on the figure; absent: not known. */
  readonly verdict?: Pick<Verdict, "level">;
}

/** What a curve of the model shows. */
export interface ModelQuantity {
  readonly title: string;
  readonly axis: string;
  readonly measured: (point: MeasuredPoint) => number;
  readonly predicted: (one: Prediction) => number;
  readonly interval: (one: Prediction) => Interval;
  /** What no system of these parameters can beat while all users are in it. */
  readonly bound: (input: ModelPlotInput, users: number, thinkTimeSeconds: number) => number;
}

export const modelRoundTrip: ModelQuantity = {
  title: "Mean round trip: measured and predicted",
  axis: "mean round trip (s)",
  measured: (point) => point.meanRoundTripSeconds,
  predicted: (one) => one.meanRoundTripSeconds,
  interval: (one) => one.interval,
  bound: ({ parameters, limitSeconds }, users, think) => {
    const { delaySeconds } = parameters;
    return Math.min(
      limitSeconds,
      delaySeconds + leastResponse(whole(parameters), users, think + delaySeconds),
    );
  },
};

export const modelThroughput: ModelQuantity = {
  title: "Throughput: measured and predicted",
  axis: "successful requests per second",
  // Without a measured throughput, it follows from the interactive response time law.
  measured: ({ users, successRate, meanRoundTripSeconds, thinkTimeSeconds, throughputPerSecond }) =>
    throughputPerSecond ?? (users * successRate) / (meanRoundTripSeconds + thinkTimeSeconds),
  predicted: (one) => one.throughputPerSecond,
  interval: (one) => one.throughputInterval,
  bound: ({ parameters }, users, think) =>
    Math.min(
      users / (parameters.demandSeconds + parameters.delaySeconds + think),
      mostPerSecond(whole(parameters), users),
    ),
};

const whole = (parameters: ModelPlotInput["parameters"]): ModelParameters => ({
  ...{ contention: 0, demandVariation: 0 },
  ...parameters,
});

/** What is drawn of one think time. */
export interface ModelCurve {
  readonly thinkTimeSeconds: number;
  readonly predicted: readonly Point[];
  readonly band: readonly Range[];
  readonly bound: readonly Point[];
  readonly measured: readonly Point[];
  readonly heldOut: readonly Point[];
}

export function modelCurves(input: ModelPlotInput, quantity: ModelQuantity): readonly ModelCurve[] {
  return distinct(input.predictions.map((one) => one.thinkTimeSeconds)).map((think) => {
    const own = input.predictions
      .filter((one) => one.thinkTimeSeconds === think)
      .sort((a, b) => a.users - b.users);
    const points = (measured: readonly MeasuredPoint[]) =>
      measured
        .filter((one) => one.thinkTimeSeconds === think)
        .map((one): Point => [one.users, quantity.measured(one)]);
    return {
      thinkTimeSeconds: think,
      predicted: own.map((one): Point => [one.users, quantity.predicted(one)]),
      band: own.map((one): Range => ({ x: one.users, ...quantity.interval(one) })),
      bound: own.map((one): Point => [one.users, quantity.bound(input, one.users, think)]),
      measured: points(input.measured),
      heldOut: points(input.heldOut),
    };
  });
}
