import type { PredictionInput } from "../fitting/prediction-input.ts";
import { refitInterval } from "../fitting/refit-interval.ts";
import { saturationUsers } from "../station/bounds.ts";
import type { ModelParameters } from "../station/parameters.ts";

export interface Saturation {
  readonly thinkTimeSeconds: number;
  /** N*: where the asymptotes meet. */
  readonly users: number;
  /** 90%; `high` is absent if no load showed an upper end of the servers. */
  readonly interval: { readonly low: number; readonly high?: number };
}

/** The saturation point for each think time, with intervals from the refits. */
export function findSaturation(
  thinkTimes: readonly number[],
  { parameters, bootstrap, serversOpen }: PredictionInput,
): readonly Saturation[] {
  return thinkTimes.map((thinkTimeSeconds) => {
    const at = ({ demandSeconds, servers }: ModelParameters) =>
      saturationUsers(demandSeconds, servers, thinkTimeSeconds);
    const users = at(parameters);
    const { low, high } = refitInterval(bootstrap.map(at), users);
    return { thinkTimeSeconds, users, interval: serversOpen ? { low } : { low, high } };
  });
}
