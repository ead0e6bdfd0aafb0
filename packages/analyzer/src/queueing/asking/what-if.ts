import { describeCondition } from "../../core/condition.ts";
import { formatPercent } from "../../core/format.ts";
import { CONFIDENCE_LEVEL } from "../../stats/interval.ts";
import { stdev } from "../../stats/stdev.ts";
import type { FittedStation } from "../fitting/fit-station.ts";
import type { PredictionInput } from "../fitting/prediction-input.ts";
import { average } from "../numeric/average.ts";
import { applyWhatIf, isAboutPart } from "./changes.ts";
import { type Condition, type Prediction, predict } from "./predict.ts";
import { findSeparatingCell, type SeparatingCell } from "./separating-cell.ts";
import { logSteadyRoundTrip, plausibleStations } from "./steady-means.ts";

/** What a change would do, as far as the cells tell. */
export interface WhatIf {
  readonly change: string;
  /** Where all plausible hosts agree whether the change makes requests faster, slower, or neither. */
  readonly predictions: readonly Prediction[];
  /** Where they do not. */
  readonly unclear?: UnclearChange;
}

export interface UnclearChange {
  readonly conditions: readonly Condition[];
  /** As sentences. */
  readonly reason: string;
  /** The cell that tells the hosts apart best that disagree; absent if all cells up to twice saturation were measured. */
  readonly next?: SeparatingCell;
}

/** A change of the mean below this share counts as none. */
const NO_CHANGE = 0.03;
/** Share of the plausible hosts that have to agree: as for an interval. */
const AGREEMENT = CONFIDENCE_LEVEL;
/** A smaller share of the hosts is ruled out. */
const MIN_SHARE = 0.02;

/**
 * Predicts conditions with one thing changed; leaves out those at which plausible hosts disagree about the sign of
 * the change.
 * @throws {SlbenchError} MODEL_BAD_QUESTION
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
 * askWhatIf(model, "servers=4", [{ users: 8, thinkTimeSeconds: 0 }]).unclear; // undefined
 * ```
 */
export function askWhatIf(
  fitted: Pick<FittedStation, "prediction" | "demandBySize" | "stations" | "classes" | "observations">,
  change: string,
  conditions: readonly Condition[],
): WhatIf {
  const model = isAboutPart(change) ? { ...fitted, prediction: withStations(fitted.prediction) } : fitted;
  const changed = applyWhatIf(model, change);
  const signs = conditions.map((condition) => signsOf(condition, model.prediction, changed));
  const others = model.prediction.plausible.map((draw) => draw.isAtProcessorLimit === undefined);
  const isClear = (index: number) => agree(signs[index] as readonly number[], others);
  const predictions = predict(
    conditions.filter((_, index) => isClear(index)),
    changed,
  );
  const doubtful = [...conditions.keys()].filter((index) => !isClear(index));
  const [first] = doubtful;
  if (first === undefined) return { change, predictions };
  const own = signs[first] as readonly number[];
  const next = findSeparatingCell(model, separation(own));
  return {
    change,
    predictions,
    unclear: {
      conditions: doubtful.map((index) => conditions[index] as Condition),
      reason: describeDoubt(model.prediction, conditions[first] as Condition, own, next),
      ...(next !== undefined && { next }),
    },
  };
}

/** The hosts with two stations, if there are any. */
function withStations(prediction: PredictionInput): PredictionInput {
  const keep = (all: PredictionInput["draws"]) => {
    const own = all.filter(({ parameters }) => parameters.other !== undefined);
    return own.length === 0 ? all : own;
  };
  const draws = keep(prediction.draws);
  const { plausible } = prediction;
  return { ...prediction, draws, plausible: plausible === prediction.draws ? draws : keep(plausible) };
}

/** Of each plausible host: −1 if the change makes requests faster, 1 if slower, 0 if neither. */
function signsOf(condition: Condition, before: PredictionInput, after: PredictionInput): readonly number[] {
  const changed = plausibleStations(after);
  return plausibleStations(before).map((station, index) => {
    const other = changed[index] ?? station;
    const ratio = logSteadyRoundTrip(other, condition) - logSteadyRoundTrip(station, condition);
    return Math.abs(ratio) < Math.log1p(NO_CHANGE) ? 0 : Math.sign(ratio);
  });
}

const shareOf = (signs: readonly number[], sign: number) =>
  signs.filter((one) => one === sign).length / signs.length;

const usualSign = (signs: readonly number[]) =>
  [-1, 0, 1].reduce((a, b) => (shareOf(signs, b) > shareOf(signs, a) ? b : a));

/**
 * Whether nearly all hosts agree; also those with a capacity below what their processors allow, unless the cells rule
 * them out: how rare they are is only assumed.
 * @param others which hosts these are
 */
function agree(signs: readonly number[], others: readonly boolean[]): boolean {
  const usual = usualSign(signs);
  const below = signs.filter((_, index) => others[index]);
  const groups = below.length < MIN_SHARE * signs.length ? [signs] : [signs, below];
  return groups.every((group) => shareOf(group, usual) >= AGREEMENT);
}

function describeDoubt(
  { serversOpen, plausible }: PredictionInput,
  condition: Condition,
  signs: readonly number[],
  next: Condition | undefined,
): string {
  const shares = (
    [
      [-1, "become faster"],
      [0, "do not change"],
      [1, "become slower"],
    ] as const
  )
    .filter(([sign]) => signs.includes(sign))
    .map(([sign, verb]) => `${formatPercent(shareOf(signs, sign), 0)} ${verb}`);
  const cause =
    serversOpen || plausible.some((draw) => draw.openParameters !== undefined)
      ? "no load showed an upper end of the servers"
      : "they cannot tell fewer servers from requests that slow each other down";
  const measure = next === undefined ? "" : ` Measure ${describeCondition(next)} next.`;
  return `These cells allow no answer: ${cause}. Of the hosts that explain them, with ${describeCondition(condition)}, ${shares.join(", ")}.${measure}`;
}

/** How far the hosts that disagree differ, relative to how far those that agree do. */
const separation =
  (signs: readonly number[]) =>
  (logMeans: readonly number[], chance: number): number => {
    const usual = usualSign(signs);
    const one = logMeans.filter((_, index) => signs[index] === usual);
    const other = logMeans.filter((_, index) => signs[index] !== usual);
    return Math.abs(average(one) - average(other)) / Math.hypot(stdev(one) ?? 0, stdev(other) ?? 0, chance);
  };
