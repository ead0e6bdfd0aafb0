import { solveClosed } from "./closed-network.ts";
import { leastResponse, type ModelParameters, serviceRate } from "./parameters.ts";

type Station = Omit<ModelParameters, "demandVariation">;

/**
 * Mean time at the station in steady state without a time limit, seconds: its asymptotic lower bound, which users
 * reach who are in step, and product form, which holds for users who are out of step.
 *
 * @param awaySeconds time between a response and the next request's arrival at the station
 */
export function steadyRange(
  parameters: Station,
  users: number,
  awaySeconds: number,
): { readonly least: number; readonly shared: number } {
  const least = leastResponse(parameters, users, awaySeconds);
  const shared = solveClosed(users, awaySeconds, (n) => serviceRate(parameters, n)).responseSeconds;
  return { least, shared: Math.max(least, shared) };
}
