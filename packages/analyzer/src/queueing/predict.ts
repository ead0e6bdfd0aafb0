import { firstComeFactor } from "./first-come.ts";
import type { MeanParameters } from "./fit.ts";
import type { ModelParameters } from "./parameters.ts";
import { type CellPrediction, predictCell } from "./predict-cell.ts";
import { createRandom, drawNormal } from "./random.ts";

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface Condition {
  readonly users: number;
  readonly thinkTimeSeconds: number;
}

/** A prediction with 90 % intervals for what a run of this condition would show. */
export interface Prediction extends Condition, CellPrediction {
  readonly interval: Interval;
  readonly successRateInterval: Interval;
  readonly throughputInterval: Interval;
}

export interface PredictionInput {
  readonly parameters: ModelParameters;
  readonly bootstrap: readonly MeanParameters[];
  /** Error from run to run, as a share. */
  readonly runError: number;
  readonly limitSeconds: number;
  /** True where no load showed that the servers are all: then waiting may be less than predicted. */
  readonly serversOpen: boolean;
  /** Frames per client of a run, for the chance in its mean. */
  readonly framesPerClient: number;
  readonly seed: number;
}

const LEVEL = 0.9;

/** Predicts conditions, users-major in the order given. */
export function predict(conditions: readonly Condition[], input: PredictionInput): readonly Prediction[] {
  return conditions.map((condition) => predictOne(condition, input));
}

function predictOne(condition: Condition, input: PredictionInput): Prediction {
  const { users, thinkTimeSeconds } = condition;
  const { parameters, limitSeconds } = input;
  const random = createRandom(input.seed);
  // Once for all refits of a discipline: it hardly moves with them, and may be a simulation.
  const factors = new Map<MeanParameters["discipline"], number>();
  const at = (means: MeanParameters) => {
    const whole = { ...parameters, ...means };
    const factor = factors.get(means.discipline) ?? firstComeFactor(whole, users, thinkTimeSeconds);
    factors.set(means.discipline, factor);
    return predictCell(whole, users, thinkTimeSeconds, limitSeconds, factor);
  };
  const centre = at(parameters);
  const drawn = input.bootstrap.map((means) => {
    const predicted = at(means);
    // What the next run would show scatters around its own mean too: from run to run, and by its frames.
    const chance =
      predicted.stdevSeconds / predicted.meanUncutSeconds / Math.sqrt(users * input.framesPerClient);
    const shift = Math.exp(Math.hypot(input.runError, chance) * drawNormal(random));
    const meanRoundTripSeconds = Math.min(limitSeconds, predicted.meanRoundTripSeconds * shift);
    const throughputPerSecond = (users * predicted.successRate) / (meanRoundTripSeconds + thinkTimeSeconds);
    return { ...predicted, meanRoundTripSeconds, throughputPerSecond };
  });
  if (input.serversOpen)
    drawn.push(...drawn.map(() => at({ ...parameters, servers: Number.POSITIVE_INFINITY })));
  return {
    ...condition,
    ...centre,
    interval: interval(
      drawn.map((one) => one.meanRoundTripSeconds),
      centre.meanRoundTripSeconds,
    ),
    successRateInterval: interval(
      drawn.map((one) => one.successRate),
      centre.successRate,
    ),
    throughputInterval: interval(
      drawn.map((one) => one.throughputPerSecond),
      centre.throughputPerSecond,
    ),
  };
}

/** The middle 90 % of bootstrap values (percentile method), widened where needed to hold the prediction. */
export function interval(values: readonly number[], centre: number): Interval {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (p: number) =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(p * (sorted.length - 1))))] ?? centre;
  return { low: Math.min(centre, at((1 - LEVEL) / 2)), high: Math.max(centre, at((1 + LEVEL) / 2)) };
}
