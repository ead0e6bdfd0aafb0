import { censoredNormal, momentsOf } from "./censored.ts";
import { observeSummary, type SummarizedCell } from "./from-summary.ts";

/** What the model needs to know of one client: all its round trips in order, and how many were answered. */
export interface ModelClient {
  readonly roundTripSeconds: readonly number[];
  readonly answeredFrames: number;
  /** Times that the function's handler took, where it said so. */
  readonly handlerSeconds?: readonly number[];
  /** Which repetition of the cell it belongs to; absent: there was one. */
  readonly repetition?: number;
}

/** One measured condition. */
export interface ModelCell {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly clients: readonly ModelClient[];
  /** Where only this is left of it: then there are no clients. */
  readonly summary?: SummarizedCell;
}

/** A condition as numbers to fit to. */
export interface Observation {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  /** Mean of the uncut round trips: frames cut at the limit are treated as censored there. */
  readonly uncutMeanSeconds: number;
  /** Standard deviation of the uncut round trips. */
  readonly stdevSeconds: number;
  /** Standard error of the mean, as a share of the mean. */
  readonly relativeError: number;
  /** As published: every sent frame, cut ones included. */
  readonly meanRoundTripSeconds: number;
  /** Mean over clients of answered ÷ sent. */
  readonly successRate: number;
  /** Mean handler time: work on the host, so the demand is not less. */
  readonly handlerSeconds?: number;
  readonly frames: number;
  readonly cutFrames: number;
  /** Standard deviation of the repetitions' means, seconds; absent with one repetition. */
  readonly betweenRunsSeconds?: number;
}

/** A frame that failed within 3 % of the limit was cut by it; one that failed sooner failed of something else. */
const NEAR_LIMIT = 0.97;

/**
 * Sums up a condition. Returns undefined where no frame was answered: there is nothing to learn from it
 * but that it was too much.
 */
export function observe(cell: ModelCell, limitSeconds: number): Observation | undefined {
  if (cell.summary !== undefined) return observeSummary(cell.summary, limitSeconds);
  const clients = cell.clients.filter((client) => client.roundTripSeconds.length > 0);
  const all = clients.flatMap((client) => client.roundTripSeconds);
  const answered = clients.reduce((sum, client) => sum + client.answeredFrames, 0);
  if (answered === 0 || all.length < 2) return undefined;
  const failed = all.length - answered;
  // The older text form does not say which frames failed: those that took longest.
  const slowestFirst = failed === 0 ? all : Float64Array.from(all).sort().reverse();
  const cut = slowestFirst.slice(0, failed).filter((seconds) => seconds >= NEAR_LIMIT * limitSeconds);
  const whole = slowestFirst.slice(failed);
  const handler = clients.flatMap((client) => client.handlerSeconds ?? []);
  const { mean, stdev } = censoredNormal(momentsOf(whole), cut.length, limitSeconds);
  return {
    users: cell.users,
    thinkTimeSeconds: cell.thinkTimeSeconds,
    uncutMeanSeconds: mean,
    stdevSeconds: stdev,
    relativeError: standardError(clients, stdev, all.length) / mean,
    meanRoundTripSeconds: average(all),
    successRate: average(clients.map((client) => client.answeredFrames / client.roundTripSeconds.length)),
    ...(handler.length > 0 && { handlerSeconds: average(handler) }),
    frames: all.length,
    cutFrames: cut.length,
    ...betweenRuns(clients),
  };
}

function betweenRuns(clients: readonly ModelClient[]): Pick<Observation, "betweenRunsSeconds"> {
  const repetitions = [...new Set(clients.map((client) => client.repetition ?? 1))];
  if (repetitions.length < 2) return {};
  const means = repetitions.map((repetition) =>
    average(
      clients
        .filter((client) => (client.repetition ?? 1) === repetition)
        .flatMap((client) => client.roundTripSeconds),
    ),
  );
  const centre = average(means);
  const squares = means.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return { betweenRunsSeconds: Math.sqrt(squares / (means.length - 1)) };
}

/** Mean of the clients' means where there are enough clients; else the frames, four of them worth one. */
function standardError(clients: readonly ModelClient[], stdev: number, frames: number): number {
  const byFrames = (2 * stdev) / Math.sqrt(frames); // frames of one client resemble each other
  if (clients.length < 4) return byFrames;
  const means = clients.map((client) => average(client.roundTripSeconds));
  const centre = average(means);
  const squares = means.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.max(byFrames / 2, Math.sqrt(squares / (means.length - 1) / means.length));
}

/** Coefficient of variation of one frame's work: that of the round trips where the fewest users were. */
export function workVariation(observations: readonly Observation[]): number {
  const least = Math.min(...observations.map((seen) => seen.users));
  const lightest = observations.filter((seen) => seen.users === least);
  return average(lightest.map((seen) => seen.stdevSeconds / seen.uncutMeanSeconds));
}

export function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** At most `most` of them, spread over all in their order, the first and the last among them. */
export function spread<T>(values: readonly T[], most: number): readonly T[] {
  if (values.length <= most) return values;
  return Array.from(
    { length: most },
    (_, index) => values[Math.round((index * (values.length - 1)) / (most - 1))] as T,
  );
}
