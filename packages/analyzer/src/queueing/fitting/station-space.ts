import type { KnownTerms, ModelParameters } from "../station/parameters.ts";
import { type Observation, workVariation } from "./observation.ts";
import {
  findProcessorNeed,
  idlePrior,
  onlyLimitPrior,
  type ProcessorNeed,
  processorLimit,
  weighProcessors,
} from "./processor-need.ts";
import type { StationDraw, Variant } from "./variant.ts";

/** Contention beyond this is rare: e times rarer per multiple. */
const USUAL_CONTENTION = 0.05;
/** The same for the delay: networks and gateways take little of seconds. */
const USUAL_DELAY_SECONDS = 0.2;
/** Values below 0 count as 0: none of it is this many times as likely as some. */
const NO_CONTENTION = 1;
const NO_DELAY = 2;
/** A delay above this share of the fastest mean round trip is long. */
const LONG_DELAY = 0.1;
/** Where the search for a long delay starts. */
const COLD_LONG_DELAY = 0.25;
/** Less likely variants are not fitted. */
const MIN_PRIOR = 0.05;
/** Median of the run-to-run error, and the standard deviation of its logarithm. */
export const USUAL_RUN_ERROR = 0.015;
export const RUN_ERROR_SPREAD = 0.6;
/** Cells that no station explains would otherwise be runs whose speeds differ without bound. */
export const MOST_RUN_ERROR = 1;
/** Servers below 1 count as 1, so that exactly one has a probability of its own. */
export const BELOW_ONE = 0.05;
/** Beyond the most users every number of servers explains the cells equally well: up to four times as many. */
export const BEYOND_MOST = Math.log(4);
const COLD_SERVERS = [1, 1.5, 2, 3, 4, 6, 8, 12, 16, 32];

export const leastMean = (observations: readonly Observation[]) =>
  Math.min(...observations.map((seen) => seen.uncutMeanSeconds));

/**
 * Prior probability of a long delay. The time that a request does not compute is one if processors are the only limit;
 * otherwise it is as likely work of something else.
 */
function longDelayPrior(observations: readonly Observation[]): number {
  const leastSeconds = leastMean(observations);
  const usual = Math.exp((-LONG_DELAY * leastSeconds) / USUAL_DELAY_SECONDS) / (NO_DELAY + 1);
  const need = findProcessorNeed(observations);
  if (need === undefined) return usual;
  const onlyLimit = onlyLimitPrior(need, leastSeconds);
  const idle = idlePrior(need, leastSeconds, LONG_DELAY);
  return onlyLimit * idle + (1 - onlyLimit) * (idle / 2 + (1 - idle) * usual);
}

/** Whether a long delay may explain observations: not if that is too rare, or handlers leave no time for it. */
export function mayDelayBeLong(observations: readonly Observation[]): boolean {
  const mostDelay = Math.min(
    ...observations.map(({ handlerSeconds = 0, uncutMeanSeconds }) => uncutMeanSeconds - handlerSeconds),
  );
  return mostDelay > LONG_DELAY * leastMean(observations) && longDelayPrior(observations) >= MIN_PRIOR;
}

export const mostTogether = (observations: readonly Observation[]) =>
  Math.max(...observations.map((seen) => seen.activeUsers));

/** Whether processors bound the servers below what the space allows. */
export function isBoundByProcessors(observations: readonly Observation[]): boolean {
  const need = findProcessorNeed(observations);
  const most = mostTogether(observations) * Math.exp(BEYOND_MOST);
  return need !== undefined && processorLimit(need) * leastMean(observations) < most;
}

/** ln S, ln c, contention and delay in their usual sizes, ln of the run-to-run error. */
export type Point = readonly number[];

/** What a search for stations needs. */
export interface SearchSpace {
  /** Prior probability of the variant, relative to that of the others. */
  readonly priorWeight: number;
  /** How unevenly requests share the host; estimated apart from the point, since it hardly changes the means. */
  waitVariation: number;
  /** Starting points of a search without a known one. */
  coldStarts(): readonly Point[];
  stationAt(point: Point): StationDraw;
  /** ln of the prior density; −Infinity outside the space. */
  logPrior(point: Point): number;
}

/** First steps of a search. */
export const STEPS: Point = [0.03, -0.1, 0.2, 0.2, 0.2];

/**
 * The stations that may explain cells, as points of a space without sharp edges, and how plausible each is before the
 * cells are looked at (docs/decisions/queueing-model.md).
 */
export class StationSpace implements SearchSpace {
  readonly #variant: Variant;
  readonly #terms: KnownTerms;
  readonly #demandVariation: number;
  /** The most users that were in the system together. */
  readonly #most: number;
  readonly #leastSeconds: number;
  readonly #longDelayPrior: number;
  /** Absent: not known. */
  readonly #processors?: ProcessorNeed;
  /** Prior probability that processors are the only limit. */
  readonly #onlyLimit: number;
  waitVariation = 0;

  constructor(observations: readonly Observation[], variant: Variant, terms: KnownTerms = {}) {
    this.#variant = variant;
    this.#terms = terms;
    this.#demandVariation = workVariation(observations);
    this.#most = mostTogether(observations);
    this.#leastSeconds = leastMean(observations);
    this.#longDelayPrior = longDelayPrior(observations);
    const need = findProcessorNeed(observations);
    this.#onlyLimit = need === undefined ? 0 : onlyLimitPrior(need, this.#leastSeconds);
    if (need !== undefined) this.#processors = need;
  }

  coldStarts(): readonly Point[] {
    const servers = new Set([...COLD_SERVERS.filter((count) => count < this.#most), this.#most]);
    // If a request keeps one core busy, as many servers as cores.
    const { cores = 1 } = this.#processors ?? {};
    servers.add(Math.min(this.#most * Math.exp(BEYOND_MOST), Math.max(1, cores)));
    const share = this.#variant.delay === "long" ? COLD_LONG_DELAY : 0;
    const delay = share === 0 ? -NO_DELAY / 2 : (share * this.#leastSeconds) / USUAL_DELAY_SECONDS;
    return [...servers].map((count) => [
      Math.log((1 - share) * this.#leastSeconds),
      Math.log(count),
      0.1,
      delay,
      Math.log(USUAL_RUN_ERROR),
    ]);
  }

  /** Prior probability of the variant's delays. */
  get priorWeight(): number {
    return this.#variant.delay === "long" ? this.#longDelayPrior : 1 - this.#longDelayPrior;
  }

  /** From where on a delay is long, as a point's coordinate. */
  get #longDelay(): number {
    return (LONG_DELAY * this.#leastSeconds) / USUAL_DELAY_SECONDS;
  }

  stationAt(point: Point): StationDraw {
    const [, , , delay = 0, logError = 0] = point;
    const openParameters = this.#parametersAt(point);
    const { atLimit, otherwise } = this.#logPriors(openParameters, delay);
    const isAtProcessorLimit = this.#processors?.cores !== undefined && atLimit > otherwise;
    const isOpen = openParameters.servers >= this.#most && !isAtProcessorLimit;
    return {
      parameters: isOpen ? { ...openParameters, servers: this.#most } : openParameters,
      runErrorRatio: Math.exp(logError),
      timeoutBehaviour: this.#variant.timeoutBehaviour,
      ...(isOpen && { openParameters }),
      ...(isAtProcessorLimit && { isAtProcessorLimit }),
    };
  }

  /** With as many servers as the point has, even if they were not seen in use. */
  #parametersAt([logDemand = 0, logServers = 0, contention = 0, delay = 0]: Point): ModelParameters {
    const { discipline } = this.#variant;
    return {
      demandSeconds: Math.exp(logDemand),
      servers: Math.max(1, Math.exp(logServers)),
      contention: USUAL_CONTENTION * Math.max(0, contention),
      delaySeconds: USUAL_DELAY_SECONDS * Math.max(0, delay),
      demandVariation: this.#demandVariation,
      ...(discipline === "first-come" ? { discipline } : { waitVariation: this.waitVariation }),
      ...this.#terms,
    };
  }

  logPrior(point: Point): number {
    const [logDemand = 0, logServers = 0, contention = 0, delay = 0, logError = 0] = point;
    const isInside =
      logServers >= -BELOW_ONE &&
      logServers <= Math.log(this.#most) + BEYOND_MOST &&
      contention >= -NO_CONTENTION &&
      delay >= -NO_DELAY &&
      delay * USUAL_DELAY_SECONDS < this.#leastSeconds &&
      delay >= this.#longDelay === (this.#variant.delay === "long") &&
      logDemand <= Math.log(100 * this.#leastSeconds) &&
      logError <= Math.log(MOST_RUN_ERROR);
    if (!isInside) return Number.NEGATIVE_INFINITY;
    const error = (logError - Math.log(USUAL_RUN_ERROR)) / RUN_ERROR_SPREAD;
    const { atLimit, otherwise, always } = this.#logPriors(this.#parametersAt(point), delay);
    const most = Math.max(atLimit, otherwise);
    const either = most + Math.log(Math.exp(atLimit - most) + Math.exp(otherwise - most));
    return either + always - Math.max(0, contention) - error ** 2 / 2;
  }

  /** ln of the prior densities of delay and capacity: if processors are the only limit, and if something else is. */
  #logPriors(parameters: ModelParameters, delay: number) {
    const otherwise = Math.log(1 - this.#onlyLimit) - Math.max(0, delay);
    if (this.#processors === undefined) return { atLimit: Number.NEGATIVE_INFINITY, otherwise, always: 0 };
    const { asOnlyLimit, always } = weighProcessors(parameters, this.#processors, {
      leastSeconds: this.#leastSeconds,
      width: BELOW_ONE + Math.log(this.#most) + BEYOND_MOST,
    });
    return { atLimit: Math.log(this.#onlyLimit) + asOnlyLimit, otherwise, always };
  }
}
