import type { CellSummary } from "../../summary/cell.ts";
import { average } from "../numeric/average.ts";

/** What the model needs to know of one client: all its round trips in order, and how many were answered. */
export interface ModelClient {
  readonly roundTripSeconds: readonly number[];
  readonly answeredFrames: number;
  /** Which frames were answered, in the order of the round trips; absent: the fastest were. */
  readonly answered?: readonly boolean[];
  /** Times that the function's handler took, where it said so. */
  readonly handlerSeconds?: readonly number[];
  /** Which repetition of the cell it belongs to; absent: there was one. */
  readonly repetition?: number;
}

/** What the model reads of a cell of which only the summary is left; most of it may be missing. */
export type SummarizedCell = Pick<CellSummary, "users" | "thinkTimeSeconds" | "frames" | "roundTripSeconds"> &
  Partial<
    Pick<
      CellSummary,
      | "clients"
      | "successRate"
      | "meanIntervals"
      | "repetitions"
      | "answeredRoundTripSeconds"
      | "handlerSeconds"
      | "outcomes"
    >
  >;

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
  /** Frames that failed long before the limit: of something else, which the model does not know. */
  readonly quickFailures?: number;
  /** Standard deviation of the repetitions' means, seconds; absent with one repetition. */
  readonly betweenRunsSeconds?: number;
}

/** A condition of which no frame was answered: there is nothing to learn from it but that it was too much. */
export interface FailedCell {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly frames: number;
  /** How long its frames took until they failed. */
  readonly meanRoundTripSeconds: number;
}

/** Coefficient of variation of one frame's work: that of the round trips where the fewest users were. */
export function workVariation(observations: readonly Observation[]): number {
  const least = Math.min(...observations.map((seen) => seen.users));
  const lightest = observations.filter((seen) => seen.users === least);
  return average(lightest.map((seen) => seen.stdevSeconds / seen.uncutMeanSeconds));
}
