import { asOneStation, type ModelParameters, mostPerSecond } from "../station/parameters.ts";
import { type Observation, workVariation } from "./observation.ts";
import { findProcessorNeed, onlyLimitPrior, type ProcessorNeed, weighProcessors } from "./processor-need.ts";
import type { Split } from "./split.ts";
import {
  BELOW_ONE,
  BEYOND_MOST,
  leastMean,
  MOST_RUN_ERROR,
  mostTogether,
  type Point,
  RUN_ERROR_SPREAD,
  type SearchSpace,
  USUAL_RUN_ERROR,
} from "./station-space.ts";
import type { StationDraw, Variant } from "./variant.ts";

/** A demand may differ from the part's time under light load by this much (logarithm). */
const DEMAND_RANGE = Math.log(20);
const COLD_SERVERS = [1, 2, 4, 8, 16];

/**
 * Two stations that may explain cells, one for each part of the round trip, as points: ln S and ln c of the part that
 * grows, ln S and ln c of the other, ln of the run-to-run error. Neither has contention, and there is no delay: a
 * station with servers for all requests is one.
 */
export class TwoStationSpace implements SearchSpace {
  readonly #variant: Variant;
  readonly #split: Split;
  readonly #lightVariation: number;
  readonly #most: number;
  readonly #leastSeconds: number;
  readonly #processors?: ProcessorNeed;
  readonly #onlyLimit: number;
  waitVariation = 0;

  constructor(observations: readonly Observation[], variant: Variant, split: Split) {
    this.#variant = variant;
    this.#split = split;
    this.#lightVariation = workVariation(observations);
    this.#most = mostTogether(observations);
    this.#leastSeconds = leastMean(observations);
    const need = findProcessorNeed(observations);
    this.#onlyLimit = need === undefined ? 0 : onlyLimitPrior(need, this.#leastSeconds);
    if (need !== undefined) this.#processors = need;
  }

  /** Two stations are as likely as one. */
  readonly priorWeight = 1;

  coldStarts(): readonly Point[] {
    const { growing, other } = this.#split.lightSeconds;
    const servers = new Set([...COLD_SERVERS.filter((count) => count < this.#most), this.#most]);
    return [...servers].map((count) => [
      Math.log(growing),
      Math.log(count),
      Math.log(other),
      Math.log(this.#most),
      Math.log(USUAL_RUN_ERROR),
    ]);
  }

  stationAt(point: Point): StationDraw {
    const [, , , , logError = 0] = point;
    const openParameters = this.#parametersAt(point);
    const other = openParameters.other as NonNullable<ModelParameters["other"]>;
    const most = this.#most;
    const claimed: ModelParameters = {
      ...openParameters,
      servers: Math.min(most, openParameters.servers),
      other: { ...other, servers: Math.min(most, other.servers) },
    };
    const { atLimit, otherwise } = this.#logPriors(openParameters);
    const isAtProcessorLimit = this.#processors?.cores !== undefined && atLimit > otherwise;
    const isOpen = !isAtProcessorLimit && mostPerSecond(claimed) < mostPerSecond(openParameters);
    return {
      parameters: isAtProcessorLimit ? openParameters : claimed,
      runErrorRatio: Math.exp(logError),
      timeoutBehaviour: this.#variant.timeoutBehaviour,
      ...(isOpen && { openParameters }),
      ...(isAtProcessorLimit && { isAtProcessorLimit }),
    };
  }

  #parametersAt([logDemand = 0, logServers = 0, logOther = 0, logOthers = 0]: Point): ModelParameters {
    const { discipline } = this.#variant;
    const [demandSeconds, otherSeconds] = [Math.exp(logDemand), Math.exp(logOther)];
    return {
      ...{ demandSeconds, servers: Math.max(1, Math.exp(logServers)), contention: 0, delaySeconds: 0 },
      // Of two independent times that vary alike, the sum varies less.
      demandVariation:
        (this.#lightVariation * (demandSeconds + otherSeconds)) / Math.hypot(demandSeconds, otherSeconds),
      ...(discipline === "first-come" ? { discipline } : { waitVariation: this.waitVariation }),
      other: { demandSeconds: otherSeconds, servers: Math.max(1, Math.exp(logOthers)) },
    };
  }

  logPrior(point: Point): number {
    const [logDemand = 0, logServers = 0, logOther = 0, logOthers = 0, logError = 0] = point;
    const { growing, other } = this.#split.lightSeconds;
    const most = Math.log(this.#most) + BEYOND_MOST;
    const isInside =
      [logServers, logOthers].every((one) => one >= -BELOW_ONE && one <= most) &&
      Math.abs(logDemand - Math.log(growing)) <= DEMAND_RANGE &&
      Math.abs(logOther - Math.log(other)) <= DEMAND_RANGE &&
      logError <= Math.log(MOST_RUN_ERROR);
    if (!isInside) return Number.NEGATIVE_INFINITY;
    const error = (logError - Math.log(USUAL_RUN_ERROR)) / RUN_ERROR_SPREAD;
    const { atLimit, otherwise, always } = this.#logPriors(this.#parametersAt(point));
    const highest = Math.max(atLimit, otherwise);
    const either = highest + Math.log(Math.exp(atLimit - highest) + Math.exp(otherwise - highest));
    return either + always - error ** 2 / 2;
  }

  /** ln of the prior density of the capacity: if processors are the only limit, and if something else is. */
  #logPriors(parameters: ModelParameters) {
    const otherwise = Math.log(1 - this.#onlyLimit);
    if (this.#processors === undefined) return { atLimit: Number.NEGATIVE_INFINITY, otherwise, always: 0 };
    const { asOnlyLimit, always } = weighProcessors(asOneStation(parameters), this.#processors, {
      leastSeconds: this.#leastSeconds,
      width: BELOW_ONE + Math.log(this.#most) + BEYOND_MOST,
    });
    return { atLimit: Math.log(this.#onlyLimit) + asOnlyLimit, otherwise, always };
  }
}
