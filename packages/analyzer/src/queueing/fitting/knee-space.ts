import type { KnownTerms, ModelParameters } from "../station/parameters.ts";
import type { Observation } from "./observation.ts";
import {
  leastMean,
  mostTogether,
  type Point,
  type SearchSpace,
  StationSpace,
  USUAL_RUN_ERROR,
} from "./station-space.ts";
import type { StationDraw, Variant } from "./variant.ts";

/** How likely a host has a knee before its cells are looked at. */
const PRIOR = 0.05;
/** Slowing requests down by more is rare: e times rarer per multiple (logarithm). */
const USUAL_SLOWDOWN = 0.3;
const MOST_SLOWDOWN = Math.log(5);
const COLD_SERVERS = [1, 2, 4, 8];
const COLD_SLOWDOWN = Math.log(1.3);

/**
 * Stations that slow down once more than some requests are at them, as points: ln S, ln c, ln of these requests, ln of
 * the slowdown, ln of the run-to-run error. They have neither contention nor a delay.
 */
export class KneeSpace implements SearchSpace {
  readonly #plain: StationSpace;
  readonly #most: number;
  readonly #leastSeconds: number;

  constructor(observations: readonly Observation[], variant: Variant, terms: KnownTerms = {}) {
    this.#plain = new StationSpace(observations, variant, terms);
    this.#most = mostTogether(observations);
    this.#leastSeconds = leastMean(observations);
  }

  get priorWeight(): number {
    return PRIOR * this.#plain.priorWeight;
  }

  get waitVariation(): number {
    return this.#plain.waitVariation;
  }

  set waitVariation(variation: number) {
    this.#plain.waitVariation = variation;
  }

  coldStarts(): readonly Point[] {
    const servers = COLD_SERVERS.filter((count) => count <= this.#most);
    const knees = servers.map((count) => Math.log(Math.min(this.#most - 0.5, 1.5 * count)));
    return servers.flatMap((count) =>
      knees.map((knee) => [
        ...[Math.log(this.#leastSeconds), Math.log(count), knee, COLD_SLOWDOWN],
        Math.log(USUAL_RUN_ERROR),
      ]),
    );
  }

  stationAt(point: Point): StationDraw {
    const [, , logBeyond = 0, logSlowdown = 0] = point;
    const knee = { beyond: Math.exp(logBeyond), slowdown: Math.exp(Math.max(0, logSlowdown)) };
    const { parameters, openParameters, ...draw } = this.#plain.stationAt(withoutKnee(point));
    const bend = (one: ModelParameters): ModelParameters => ({ ...one, knee });
    return {
      ...draw,
      parameters: bend(parameters),
      ...(openParameters !== undefined && { openParameters: bend(openParameters) }),
    };
  }

  logPrior(point: Point): number {
    const [, , logBeyond = 0, logSlowdown = 0] = point;
    const isInside =
      logBeyond >= 0 && logBeyond <= Math.log(this.#most) && logSlowdown >= 0 && logSlowdown <= MOST_SLOWDOWN;
    return isInside
      ? this.#plain.logPrior(withoutKnee(point)) - logSlowdown / USUAL_SLOWDOWN
      : Number.NEGATIVE_INFINITY;
  }
}

/** The point of the plain station: no contention, no delay. */
function withoutKnee([logDemand = 0, logServers = 0, , , logError = 0]: Point): Point {
  return [logDemand, logServers, 0, 0, logError];
}
