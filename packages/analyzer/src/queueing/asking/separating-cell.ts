import { stdev } from "../../stats/stdev.ts";
import type { FittedStation } from "../fitting/fit-station.ts";
import { average } from "../numeric/average.ts";
import { spread } from "../numeric/spread.ts";
import { saturationUsers } from "../station/bounds.ts";
import type { Condition } from "./predict.ts";
import { logSteadyRoundTrip, plausibleStations } from "./steady-means.ts";

/** A cell, and how well it would tell the plausible hosts apart. */
export interface SeparatingCell extends Condition {
  /** How far they disagree about its mean, in multiples of how far it differs by chance from run to run. */
  readonly separation: number;
}

/** How far hosts disagree, from the logarithms of their means and of the chance error of one run. */
type Disagreement = (logMeans: readonly number[], chance: number) => number;

const MAX_CANDIDATES = 60;
const MAX_USERS = 200;
/** Requests of one user are correlated: four count as one. */
const REQUESTS_PER_VALUE = 4;

/**
 * The cell that would tell the plausible hosts apart best, among those not measured, up to twice the most measured
 * users or twice saturation. Undefined if all of these were measured.
 */
export function findSeparatingCell(
  model: Pick<FittedStation, "prediction" | "observations">,
  disagreement: Disagreement = (logMeans, chance) => (stdev(logMeans) ?? 0) / chance,
): SeparatingCell | undefined {
  const { prediction } = model;
  const { limitSeconds, plan, plausible, parameters } = prediction;
  const stations = plausibleStations(prediction);
  const runError = average(plausible.map((draw) => draw.runErrorRatio));
  // Beyond the time limit all means are alike.
  const most = Math.log(limitSeconds);
  return candidates(model)
    .map((condition): SeparatingCell => {
      const means = stations.map((station) => Math.min(most, logSteadyRoundTrip(station, condition)));
      const values = Math.max(1, (condition.users * plan.requestsPerUser) / REQUESTS_PER_VALUE);
      const chance = Math.hypot(runError, parameters.demandVariation / Math.sqrt(values));
      return { ...condition, separation: disagreement(means, chance) };
    })
    .reduce<SeparatingCell | undefined>(
      (best, one) => (best === undefined || one.separation > best.separation ? one : best),
      undefined,
    );
}

function candidates({
  prediction: { parameters },
  observations,
}: Pick<FittedStation, "prediction" | "observations">): readonly Condition[] {
  const { demandSeconds, servers } = parameters;
  const thinkTimes = [...new Set(observations.map((seen) => seen.thinkTimeSeconds))];
  const measured = new Set(observations.map((seen) => `${seen.users} ${seen.thinkTimeSeconds}`));
  const mostMeasured = Math.max(...observations.map((seen) => seen.users));
  return thinkTimes.flatMap((thinkTimeSeconds) => {
    const saturation = saturationUsers(demandSeconds, servers, thinkTimeSeconds);
    const most = Math.min(MAX_USERS, Math.ceil(2 * Math.max(mostMeasured, saturation)));
    const users = Array.from({ length: most }, (_, index) => index + 1);
    return spread(users, Math.ceil(MAX_CANDIDATES / thinkTimes.length))
      .map((count) => ({ users: count, thinkTimeSeconds }))
      .filter((cell) => !measured.has(`${cell.users} ${cell.thinkTimeSeconds}`));
  });
}
