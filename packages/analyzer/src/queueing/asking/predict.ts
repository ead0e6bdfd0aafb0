import type { Condition } from "../../core/condition.ts";
import { drawNormal } from "../../stats/draw-normal.ts";
import type { Interval } from "../../stats/interval.ts";
import { createRandom } from "../../stats/random.ts";
import type { PredictionInput } from "../fitting/prediction-input.ts";
import { refitInterval } from "../fitting/refit-interval.ts";
import { drawRunError } from "../fitting/run-error.ts";
import { drawShare } from "../numeric/draw-share.ts";
import { firstComeFactor } from "../station/first-come.ts";
import type { ModelParameters } from "../station/parameters.ts";
import { type CellPrediction, type SolvedCell, solveCell } from "../station/predict-cell.ts";
import { shareWithin } from "../station/response-time.ts";
import type { TimeoutBehaviour } from "../station/simulate.ts";
import { applyTimeLimit } from "../station/time-limit.ts";

export type { Condition };

/** A prediction with 90% intervals for the result of one run of this condition. */
export interface Prediction extends Condition, CellPrediction {
  readonly interval: Interval;
  readonly meanUncutInterval: Interval;
  readonly successRateInterval: Interval;
  readonly throughputInterval: Interval;
  /** Shares of requests within the given thresholds. */
  readonly within?: readonly {
    readonly seconds: number;
    readonly ratio: number;
    readonly interval: Interval;
  }[];
}

/**
 * Predicts conditions in the order given.
 * @param thresholdsSeconds thresholds for `within`
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
 * const model = fitModel(cells, { limitSeconds: 25, seed: 1, replications: 5 });
 * predict([{ users: 16, thinkTimeSeconds: 0 }], model.prediction)[0]?.meanRoundTripSeconds.toFixed(1); // "5.0"
 * ```
 */
export function predict(
  conditions: readonly Condition[],
  input: PredictionInput,
  thresholdsSeconds: readonly number[] = [],
): readonly Prediction[] {
  return conditions.map((condition) => predictOne(condition, input, thresholdsSeconds));
}

/** One simulated run. */
interface Drawn extends CellPrediction {
  readonly within: readonly number[];
}

function predictOne(
  condition: Condition,
  input: PredictionInput,
  thresholdsSeconds: readonly number[],
): Prediction {
  const { users, thinkTimeSeconds } = condition;
  const { parameters, limitSeconds } = input;
  const random = createRandom(input.seed);
  // Once per discipline: it hardly varies between refits, and may take a simulation.
  const factors = new Map<ModelParameters["discipline"], number>();
  const solve = (
    whole: ModelParameters,
    of: ModelParameters,
    timeoutBehaviour: TimeoutBehaviour,
    shift = 1,
  ) => {
    const factor = factors.get(of.discipline) ?? firstComeFactor(of, users, thinkTimeSeconds);
    factors.set(of.discipline, factor);
    return solveCell(whole, users, thinkTimeSeconds, limitSeconds, factor, { timeoutBehaviour, shift });
  };
  // A timed-out request is within no threshold, not even one beyond the limit.
  const within = ({ response }: SolvedCell) =>
    thresholdsSeconds.map((seconds) => shareWithin(response, Math.min(seconds, limitSeconds)));
  const assumed = input.timeoutBehaviour === "unknown" ? "cancelled" : input.timeoutBehaviour;
  const solved = solve(parameters, parameters, assumed);
  const centre: Drawn = { ...solved.prediction, within: within(solved) };
  const requests = users * input.requestsPerUser;
  const drawn = input.bootstrap.map((refit, index): Drawn => {
    // The next run deviates from the mean too: by run-to-run error and by sampling.
    const shift = Math.exp(drawRunError(input.runError, random) * drawNormal(random));
    const wider = Math.exp(input.spreadError * drawNormal(random));
    const whole = {
      ...refit,
      demandVariation: wider * refit.demandVariation,
      waitVariation: wider * refit.waitVariation,
    };
    const timeoutBehaviour =
      input.timeoutBehaviour === "unknown" && index % 2 === 1 ? "keeps-running" : assumed;
    const run = solve(whole, refit, timeoutBehaviour, shift);
    const chance = drawNormal(random) / Math.sqrt(requests);
    const { meanUncutSeconds, stdevSeconds } = run.prediction;
    // An uncertain spread must not push the mean below that of the demand alone.
    const alone = { ...run.response, waitingSeconds: 0, demandVariation: refit.demandVariation };
    const least = applyTimeLimit(alone, limitSeconds).cutMeanSeconds;
    const mean = Math.max(least, run.prediction.meanRoundTripSeconds);
    const meanRoundTripSeconds = Math.min(limitSeconds, Math.max(0, mean + chance * run.cutStdevSeconds));
    const successRate = drawShare(requests, run.prediction.successRate, random);
    return {
      meanRoundTripSeconds,
      meanUncutSeconds: Math.max(0, meanUncutSeconds + chance * stdevSeconds),
      stdevSeconds,
      successRate,
      throughputPerSecond: (users * successRate) / (meanRoundTripSeconds + thinkTimeSeconds),
      within: within(run).map((ratio) => drawShare(requests, ratio, random)),
    };
  });
  if (input.serversOpen) {
    const run = solve({ ...parameters, servers: Number.POSITIVE_INFINITY }, parameters, assumed);
    const open: Drawn = { ...run.prediction, within: within(run) };
    drawn.push(...drawn.map(() => open));
  }
  const intervalOf = (of: (one: Drawn) => number) => refitInterval(drawn.map(of), of(centre));
  const { within: ratios, ...prediction } = centre;
  return {
    ...condition,
    ...prediction,
    interval: intervalOf((one) => one.meanRoundTripSeconds),
    meanUncutInterval: intervalOf((one) => one.meanUncutSeconds),
    successRateInterval: intervalOf((one) => one.successRate),
    throughputInterval: intervalOf((one) => one.throughputPerSecond),
    ...(thresholdsSeconds.length > 0 && {
      within: thresholdsSeconds.map((seconds, index) => ({
        seconds,
        ratio: ratios[index] as number,
        interval: intervalOf((one) => one.within[index] as number),
      })),
    }),
  };
}
