import { QueueingError } from "./errors.ts";
import { type Prediction, type PredictionInput, predict } from "./predict.ts";

/** Limits that a prediction has to keep. */
export interface Goal {
  readonly text: string;
  readonly holds: (prediction: Prediction, bound: "best" | "sure") => boolean;
}

export interface MaxUsers {
  readonly thinkTimeSeconds: number;
  /** Most users at which the goal holds; 0: not even one. */
  readonly users: number;
  /** Most users at which it holds at the worse end of the 90 % intervals too. */
  readonly sureUsers: number;
}

/** Normal quantiles for the percentiles of one round trip. */
const Z: Record<string, number> = { p50: 0, p90: 1.2816, p95: 1.6449, p99: 2.3263 };

/**
 * Reads `success>=0.99 and p95<2s`; measures are success, mean, p50, p90, p95, p99 (seconds, `s` or `ms`).
 * @throws {QueueingError} MODEL_BAD_QUESTION
 */
export function parseGoal(text: string): Goal {
  const tests = text.split(/\s+and\s+|,/).map((part) => {
    const [, name, sign, value, unit] =
      /^\s*(success|mean|p50|p90|p95|p99)\s*(<=|<|>=|>)\s*([0-9.]+)\s*(ms|s|%)?\s*$/.exec(part) ?? [];
    const upward = name === "success";
    if (name === undefined || sign === undefined || upward !== sign.startsWith(">")) {
      throw new QueueingError(
        "MODEL_BAD_QUESTION",
        `"${part.trim()}" is no limit`,
        "write it as 'success>=0.99 and p95<2s'",
      );
    }
    const bound = Number(value) * (unit === "ms" ? 0.001 : unit === "%" ? 0.01 : 1);
    return (prediction: Prediction, side: "best" | "sure") => {
      const slack = side === "sure" ? prediction.interval.high / prediction.meanRoundTripSeconds : 1;
      if (upward)
        return (side === "sure" ? prediction.successRateInterval.low : prediction.successRate) >= bound;
      if (name === "mean") return prediction.meanRoundTripSeconds * slack <= bound;
      return (prediction.meanUncutSeconds + (Z[name] ?? 0) * prediction.stdevSeconds) * slack <= bound;
    };
  });
  return { text, holds: (prediction, side) => tests.every((test) => test(prediction, side)) };
}

/** The most users per think time, up to `most`, that keep a goal. */
export function findMaxUsers(
  goal: Goal,
  thinkTimes: readonly number[],
  input: PredictionInput,
  most = 1000,
): readonly MaxUsers[] {
  return thinkTimes.map((thinkTimeSeconds) => {
    const search = (side: "best" | "sure") => {
      const fits = (users: number) => {
        const [prediction] = predict([{ users, thinkTimeSeconds }], input);
        return prediction !== undefined && goal.holds(prediction, side);
      };
      // More users are never faster: bisection.
      let [low, high] = [0, 1];
      while (high <= most && fits(high)) [low, high] = [high, high * 2];
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2);
        if (middle <= most && fits(middle)) low = middle;
        else high = middle;
      }
      return low;
    };
    return { thinkTimeSeconds, users: search("best"), sureUsers: search("sure") };
  });
}
