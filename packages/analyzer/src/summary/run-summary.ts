import type { HostChange } from "../core/host-change.ts";
import { spanSeconds } from "../core/time-span.ts";
import { type Change, findChange } from "../stats/change-point.ts";
import { type RunFigure, toRunMean, toRunQuantile } from "../stats/run-figure.ts";
import type { RunTimes } from "./cell-times.ts";

/** The measured part of one repetition: the unit that intervals and comparisons count. */
export interface RunSummary {
  readonly repetition: number;
  readonly sent: number;
  readonly successful: number;
  /** Of its round trips in seconds, failed requests included; with the error with which this run knows them. */
  readonly mean: RunFigure;
  readonly p95: RunFigure;
  /** Successful requests per second; absent without the requests' times. */
  readonly throughputPerSecond?: number;
  /** Where the host became faster or slower within the run: `at` counts requests in order of start. */
  readonly change?: Change;
}

/** @param users whose requests follow each other */
export function toRunSummary(run: RunTimes, users: number): RunSummary {
  const { repetition, roundTripSeconds, isSuccessful, span } = run;
  const seconds = span === undefined ? 0 : spanSeconds(span);
  const successful = isSuccessful.reduce((sum, one) => sum + one, 0);
  const change = findChangeOfHost(run, users);
  return {
    repetition,
    sent: roundTripSeconds.length,
    successful,
    mean: toRunMean(roundTripSeconds) as RunFigure,
    p95: toRunQuantile(roundTripSeconds, 0.95) as RunFigure,
    ...(seconds > 0 && { throughputPerSecond: successful / seconds }),
    ...(change !== undefined && { change }),
  };
}

/** If fewer requests start warm, starting is what the function does. */
const MIN_WARM_SHARE = 0.5;

/**
 * Of successful requests: one that was cut off at the time limit says when it was given up, not how fast the host was.
 * Cold starts come at the beginning and after idle times, and say nothing about the host either.
 */
function findChangeOfHost(run: RunTimes, users: number): Change | undefined {
  const places = placesOf(run);
  const seconds = places.map((place) => run.roundTripSeconds[place] as number);
  const change = findChange(seconds, { users });
  return change && { ...change, at: places[change.at] ?? change.at };
}

function placesOf({ isSuccessful, isCold }: RunTimes): readonly number[] {
  const successful: number[] = [];
  for (let index = 0; index < isSuccessful.length; index++)
    if (isSuccessful[index] === 1) successful.push(index);
  const warm = successful.filter((index) => isCold[index] === 0);
  return warm.length < MIN_WARM_SHARE * successful.length ? successful : warm;
}

/** A repetition in which the host changed, of how many requests. */
export type RunChange = Change & HostChange;

/**
 * The repetitions of a cell in which the host became faster or slower.
 *
 * @example
 * ```ts
 * changesOf({ runs: [] }); // []
 * ```
 */
export const changesOf = ({ runs }: { readonly runs: readonly RunSummary[] }): readonly RunChange[] =>
  runs.flatMap(({ repetition, sent, change }) =>
    change === undefined ? [] : [{ ...change, repetition, of: sent }],
  );
