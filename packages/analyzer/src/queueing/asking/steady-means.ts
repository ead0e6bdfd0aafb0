import type { Condition } from "../../core/condition.ts";
import type { PredictionInput } from "../fitting/prediction-input.ts";
import type { ModelParameters } from "../station/parameters.ts";
import { steadyRange } from "../station/steady-state.ts";

export const plausibleStations = ({ plausible }: PredictionInput): readonly ModelParameters[] =>
  plausible.map(({ parameters }) => parameters);

/** ln of the mean round trip in steady state without a time limit: says at once what a simulation says precisely. */
export function logSteadyRoundTrip(
  parameters: ModelParameters,
  { users, thinkTimeSeconds }: Condition,
): number {
  const { delaySeconds } = parameters;
  return Math.log(delaySeconds + steadyRange(parameters, users, thinkTimeSeconds + delaySeconds).shared);
}
