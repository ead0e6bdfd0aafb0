import { saturationUsers } from "../station/bounds.ts";
import type { ModelParameters } from "../station/parameters.ts";
import { interval, type PredictionInput } from "./predict.ts";

export interface Saturation {
  readonly thinkTimeSeconds: number;
  /** N*: where the asymptotes meet. */
  readonly users: number;
  /** 90 %; `high` is absent where no load showed an upper end of the servers. */
  readonly interval: { readonly low: number; readonly high?: number };
}

/** Where each think time saturates the fitted host, with what the refits say. */
export function findSaturation(
  thinkTimes: readonly number[],
  { parameters, bootstrap, serversOpen }: PredictionInput,
): readonly Saturation[] {
  return thinkTimes.map((thinkTimeSeconds) => {
    const at = ({ demandSeconds, servers }: ModelParameters) =>
      saturationUsers(demandSeconds, servers, thinkTimeSeconds);
    const users = at(parameters);
    const { low, high } = interval(bootstrap.map(at), users);
    return { thinkTimeSeconds, users, interval: serversOpen ? { low } : { low, high } };
  });
}
