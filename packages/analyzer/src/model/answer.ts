import type { Condition } from "../core/condition.ts";
import { type QueueingErrorCode, SlbenchError } from "../queueing/errors.ts";
import {
  askPlatform,
  askWhatIf,
  assumptionOf,
  findMaxUsers,
  findSaturation,
  fitModel,
  fitUsl,
  type MaxUsers,
  type ModelCell,
  type NextCell,
  type OpenLoops,
  type OpenPrediction,
  type PlatformAnswer,
  type PlatformLoad,
  type PlatformQuestions,
  type Prediction,
  parseArrivals,
  parseBurst,
  parseCellFilter,
  parseConditions,
  parseGoal,
  predict,
  predictOpen,
  proposeNextCell,
  type QueueingModel,
  type Saturation,
  type Usl,
  type WhatIf,
} from "../queueing/index.ts";

export const MODEL_SCHEMA = "slbench.model/3";

export interface Questions {
  readonly train?: string;
  readonly predict?: string;
  readonly arrivals?: string;
  readonly whatIf: readonly string[];
  /** Autoscaled replicas under the loads of `predict`, `arrivals` and `burst`. */
  readonly platform?: Omit<PlatformQuestions, "loads">;
  /** Bursts for `platform`: `20@60s`. */
  readonly burst?: readonly string[];
  readonly maxUsers?: string;
  readonly next?: boolean;
  /** Time limit of a request, seconds. */
  readonly timeout: number;
  readonly seed: number;
  /** Refits for the intervals; absent: the model's own default. */
  readonly replications?: number;
}

/** What `slbench model --json` prints: docs/data-formats.md. */
export interface ModelAnswer extends Omit<QueueingModel, "prediction" | "observations"> {
  readonly schema: typeof MODEL_SCHEMA;
  readonly timeoutSeconds: number;
  readonly saturation: readonly Saturation[];
  readonly usl?: Usl;
  readonly measured: readonly {
    readonly users: number;
    readonly thinkTimeSeconds: number;
    readonly meanRoundTripSeconds: number;
    readonly successRate: number;
    /** As in the table of cells; absent: not known. */
    readonly throughputPerSecond?: number;
  }[];
  readonly predictions: readonly Prediction[];
  /** Open loops: arrivals that do not wait for responses. */
  readonly openPredictions?: readonly OpenPrediction[];
  readonly whatIfs: readonly (WhatIf & {
    /** What the change takes for granted. */
    readonly assumption?: string;
  })[];
  readonly platform?: PlatformAnswer;
  readonly maxUsers?: { readonly goal: string; readonly answers: readonly MaxUsers[] };
  readonly next?: NextCell;
}

/**
 * Reads every question, so that a wrong one is known before the first file is read.
 * @throws {SlbenchError} EXPRESSION_…, MODEL_BAD_QUESTION
 *
 * @example
 * ```ts
 * checkQuestions({ predict: "users=1..8 think=0" }); // undefined
 * ```
 */
export function checkQuestions(questions: Partial<Questions>): void {
  const { train, maxUsers, predict: conditions, arrivals, burst = [], platform } = questions;
  if (train !== undefined) parseCellFilter(train);
  if (maxUsers !== undefined) parseGoal(maxUsers);
  if (conditions !== undefined) parseConditions(conditions);
  if (arrivals !== undefined) parseArrivals(arrivals);
  for (const one of burst) parseBurst(one);
  if (platform?.goal !== undefined) parseGoal(platform.goal);
  if (platform !== undefined) platformLoads(questions);
}

/**
 * Fits the cells and answers the questions.
 * @throws {SlbenchError} if the data or a question allow no answer
 *
 * @example
 * ```ts
 * const clients = (users: number, seconds: number) =>
 *   Array.from({ length: users }, (_, client) => ({
 *     roundTripSeconds: Array.from({ length: 30 }, (_, n) => seconds * (1 + 0.02 * ((n + client) % 5))),
 *     successfulRequests: 30,
 *   }));
 * const cells = [[1, 0.5], [2, 0.6], [4, 1.2], [8, 2.4]].map(([users = 1, seconds = 1]) => ({
 *   ...{ users, thinkTimeSeconds: 0, clients: clients(users, seconds) },
 * }));
 * const questions = { whatIf: [], predict: "users=16 think=0", timeout: 25, seed: 1, replications: 5 };
 * answerQuestions(cells, questions).predictions[0]?.users; // 16
 * ```
 */
export function answerQuestions(cells: readonly ModelCell[], questions: Questions): ModelAnswer {
  const { timeout, seed } = questions;
  const train = questions.train === undefined ? undefined : parseCellFilter(questions.train);
  const goal = questions.maxUsers === undefined ? undefined : parseGoal(questions.maxUsers);
  const asked = questions.predict === undefined ? undefined : parseConditions(questions.predict);
  const arrivals = questions.arrivals === undefined ? undefined : parseArrivals(questions.arrivals);
  const model = fitModel(cells, {
    limitSeconds: timeout,
    seed,
    ...(train !== undefined && { train }),
    ...(questions.replications !== undefined && { replications: questions.replications }),
  });
  const { prediction: input, observations, ...fitted } = model;
  const conditions = asked ?? measuredAndBeyond(model);
  const thinkTimes = [...new Set(observations.map((seen) => seen.thinkTimeSeconds))].sort((a, b) => a - b);
  const whatIfs = questions.whatIf.map((change) => {
    const assumption = assumptionOf(change, model);
    return { ...askWhatIf(model, change, conditions), ...(assumption !== undefined && { assumption }) };
  });
  const next = questions.next === true ? proposeNextCell(model, whatIfs) : undefined;
  const usl = scalability(model);
  return {
    schema: MODEL_SCHEMA,
    timeoutSeconds: timeout,
    ...fitted,
    saturation: findSaturation(thinkTimes, input),
    ...(usl !== undefined && { usl }),
    measured: observations.map((seen) => ({
      users: seen.users,
      thinkTimeSeconds: seen.thinkTimeSeconds,
      meanRoundTripSeconds: seen.meanRoundTripSeconds,
      successRate: seen.successRate,
      ...(seen.throughputPerSecond !== undefined && { throughputPerSecond: seen.throughputPerSecond }),
    })),
    predictions: predict(conditions, input),
    ...(arrivals !== undefined && {
      openPredictions: predictOpen(arrivals, input),
    }),
    ...(questions.platform !== undefined && {
      platform: askPlatform(model, { ...questions.platform, loads: platformLoads(questions) }),
    }),
    whatIfs,
    ...(goal !== undefined && {
      maxUsers: { goal: goal.text, answers: findMaxUsers(goal, thinkTimes, input) },
    }),
    ...(next !== undefined && { next }),
  };
}

/** @throws {SlbenchError} MODEL_BAD_QUESTION without any */
function platformLoads({
  predict: conditions,
  arrivals,
  burst = [],
}: Partial<Questions>): readonly PlatformLoad[] {
  const loads: readonly PlatformLoad[] = [
    ...(conditions === undefined ? [] : parseConditions(conditions)).map(
      (condition): PlatformLoad => ({ kind: "users", ...condition }),
    ),
    ...(arrivals === undefined ? [] : ratesOf(parseArrivals(arrivals))).map(
      (arrivalsPerSecond): PlatformLoad => ({ kind: "rate", arrivalsPerSecond }),
    ),
    ...burst.map(parseBurst),
  ];
  if (loads.length > 0) return loads;
  throw new SlbenchError<QueueingErrorCode>("MODEL_BAD_QUESTION", "no load is given for the autoscaler", {
    hint: "add --burst 20@60s, --arrivals 5,10 or --predict 'users=8 think=1'",
    exitCode: 2,
  });
}

/** @throws {SlbenchError} MODEL_BAD_QUESTION for other arrivals than Poisson ones */
function ratesOf({ rates, process = "poisson" }: OpenLoops): readonly number[] {
  if (process === "poisson") return rates;
  throw new SlbenchError<QueueingErrorCode>(
    "MODEL_BAD_QUESTION",
    `autoscaled replicas are predicted for Poisson arrivals and for bursts, not for process=${process}`,
    { hint: "ask for bursts by --burst 20@60s", exitCode: 2 },
  );
}

/** Without a question: every load from one user to twice the most measured, at the measured think times. */
function measuredAndBeyond(model: QueueingModel): readonly Condition[] {
  const most = Math.max(...model.observations.map((seen) => seen.users));
  const thinkTimes = [...new Set(model.observations.map((seen) => seen.thinkTimeSeconds))].sort(
    (a, b) => a - b,
  );
  return Array.from({ length: Math.min(100, 2 * most) }, (_, index) => index + 1).flatMap((users) =>
    thinkTimes.map((thinkTimeSeconds) => ({ users, thinkTimeSeconds })),
  );
}

/** The law of scalability over the shortest think time's throughputs, if three loads were measured. */
function scalability(model: QueueingModel): Usl | undefined {
  const least = Math.min(...model.observations.map((seen) => seen.thinkTimeSeconds));
  const points = model.observations
    .filter((seen) => seen.thinkTimeSeconds === least)
    .map((seen) => ({
      users: seen.users,
      throughputPerSecond: seen.users / (seen.uncutMeanSeconds + least),
    }));
  return new Set(points.map((point) => point.users)).size < 3 ? undefined : fitUsl(points);
}
