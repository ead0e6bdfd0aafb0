import { solveClosed } from "./closed-network.ts";
import { leastResponse, type ModelParameters, presentAtMain, serviceRate } from "./parameters.ts";

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

/**
 * Of a request's time at two stations, the share that it is not at the other one, in steady state without a time limit.
 *
 * @param awaySeconds time between a response and the next request's arrival at the stations
 */
export function mainShare(parameters: Station, users: number, awaySeconds: number): number {
  if (awaySeconds * serviceRate(parameters, users) < 1e-12) return presentAtMain(parameters, users) / users;
  let [term, atMain, present] = [1, 0, 0];
  for (let n = 1; n <= users; n++) {
    term *= (users - n + 1) / (awaySeconds * serviceRate(parameters, n));
    atMain += term * presentAtMain(parameters, n);
    present += term * n;
    if (present > LARGE) [term, atMain, present] = [term / LARGE, atMain / LARGE, present / LARGE];
  }
  return atMain / present;
}

/** Far from overflow, with room for one more term. */
const LARGE = 1e150;
