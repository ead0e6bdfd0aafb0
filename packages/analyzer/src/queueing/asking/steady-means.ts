import type { Condition } from "../../core/condition.ts";
import type { PredictionInput } from "../fitting/prediction-input.ts";
import type { ModelParameters } from "../station/parameters.ts";
import { steadyRange } from "../station/steady-state.ts";
import { openDraws } from "./open-draws.ts";

/** The plausible stations; half of those without an upper end of the servers have more servers than were seen. */
export function plausibleStations({ draws, serversOpen }: PredictionInput): readonly ModelParameters[] {
  return openDraws(draws, serversOpen).map(({ parameters }) => parameters);
}

/** ln of the mean round trip in steady state without a time limit: says at once what a simulation says precisely. */
export function logSteadyRoundTrip(
  parameters: ModelParameters,
  { users, thinkTimeSeconds }: Condition,
): number {
  const { delaySeconds } = parameters;
  return Math.log(delaySeconds + steadyRange(parameters, users, thinkTimeSeconds + delaySeconds).shared);
}
