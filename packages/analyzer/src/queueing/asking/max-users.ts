import { QueueingError } from "../errors.ts";
import { type Prediction, type PredictionInput, predict } from "./predict.ts";

/** Limits that a prediction has to keep. */
export interface Goal {
  readonly text: string;
  /** Whose shares the prediction has to tell. */
  readonly thresholdsSeconds: readonly number[];
  readonly holds: (prediction: Prediction, bound: "best" | "sure") => boolean;
}

export interface MaxUsers {
  readonly thinkTimeSeconds: number;
  /** Most users at which the goal holds; 0: not even one. */
  readonly users: number;
  /** Most users at which it holds at the worse end of the 90 % intervals too. */
  readonly conservativeUsers: number;
  /** True where no more than `users` (or `conservativeUsers`) were tried, and the goal still held. */
  readonly atLeast?: boolean;
  readonly conservativeAtLeast?: boolean;
}

type Test = (prediction: Prediction, side: "best" | "sure") => boolean;

const SHAPE = /^\s*(success|mean|p50|p90|p95|p99)\s*(<=|<|>=|>)\s*(\d+\.?\d*|\.\d+)\s*(ms|s|%)?\s*$/;

const refuse = (part: string, why: string) =>
  new QueueingError(
    "MODEL_BAD_QUESTION",
    `"${part.trim()}" is no limit${why}`,
    "write it as 'success>=0.99 and p95<2s'",
  );

/**
 * Reads `success>=0.99 and p95<2s`; measures are success, mean, p50, p90, p95, p99 (seconds, `s` or `ms`).
 * `p95<2s` asks that 95 % of the requests take less than 2 s; a request that was cut took longer.
 * @throws {QueueingError} MODEL_BAD_QUESTION
 */
export function parseGoal(text: string): Goal {
  const thresholdsSeconds: number[] = [];
  const tests = text.split(/\s+and\s+|,/).map((part): Test => {
    const [, name, sign, value, unit] = SHAPE.exec(part) ?? [];
    if (name === undefined || sign === undefined) throw refuse(part, "");
    const isSuccess = name === "success";
    if (isSuccess !== sign.startsWith(">"))
      throw refuse(part, `: ${isSuccess ? "success has a least, > or >=" : `${name} has a most, < or <=`}`);
    if (isSuccess ? unit === "s" || unit === "ms" : unit === "%")
      throw refuse(part, `: ${name} is ${isSuccess ? "a share" : "a time"}`);
    const bound = Number(value) * (unit === "ms" ? 0.001 : unit === "%" ? 0.01 : 1);
    if (isSuccess) {
      if (bound === 0 || bound > 1 || (bound === 1 && sign === ">"))
        throw refuse(part, `: a share of success is above 0, and 1 (100 %) at most`);
      const keeps = (share: number) => (sign === ">" ? share > bound : share >= bound);
      return ({ successRate, successRateInterval }, side) =>
        keeps(side === "sure" ? successRateInterval.low : successRate);
    }
    if (bound === 0) throw refuse(part, ": no request takes no time");
    if (name === "mean") {
      const keeps = (mean: number) => (sign === "<" ? mean < bound : mean <= bound);
      return ({ meanRoundTripSeconds, interval }, side) =>
        keeps(side === "sure" ? interval.high : meanRoundTripSeconds);
    }
    thresholdsSeconds.push(bound);
    const share = Number(name.slice(1)) / 100;
    return ({ within = [] }, side) => {
      const own = within.find((one) => one.seconds === bound);
      return own !== undefined && (side === "sure" ? own.interval.low : own.ratio) >= share;
    };
  });
  return {
    text,
    thresholdsSeconds,
    holds: (prediction, side) => tests.every((test) => test(prediction, side)),
  };
}

/** The most users per think time, up to `most`, that keep a goal. */
export function findMaxUsers(
  goal: Goal,
  thinkTimes: readonly number[],
  input: PredictionInput,
  most = 1000,
): readonly MaxUsers[] {
  return thinkTimes.map((thinkTimeSeconds) => {
    const known = new Map<number, Prediction | undefined>();
    const at = (users: number) => {
      const found =
        known.get(users) ?? predict([{ users, thinkTimeSeconds }], input, goal.thresholdsSeconds)[0];
      known.set(users, found);
      return found;
    };
    const search = (side: "best" | "sure") => {
      const fits = (users: number) => {
        const prediction = at(users);
        return prediction !== undefined && goal.holds(prediction, side);
      };
      // More users are never faster: bisection.
      let [low, high] = [0, 1];
      while (high < most && fits(high)) [low, high] = [high, Math.min(most, high * 2)];
      if (high === most && fits(most)) return most;
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2);
        if (fits(middle)) low = middle;
        else high = middle;
      }
      return low;
    };
    const users = search("best");
    const conservativeUsers = Math.min(users, search("sure"));
    return {
      ...{ thinkTimeSeconds, users, conservativeUsers },
      ...(users === most && { atLeast: true }),
      ...(conservativeUsers === most && { conservativeAtLeast: true }),
    };
  });
}
