import type { ModelCell } from "../queueing/fitting/observation.ts";
import type { ModelParameters } from "../queueing/station/parameters.ts";
import { type SimulatedRequest, simulate } from "../queueing/station/simulate.ts";
import { classifySizes } from "../queueing/station/sizes.ts";
import { createRandom } from "../stats/random.ts";

/** A two-server host: demand = 0.12 s + 0.0031 s × tokens, for 5 to 105 tokens, more often few. */
export function sizedHost(seed: number, perUnitSeconds = 0.0031): ModelParameters {
  const random = createRandom(seed);
  const classes = classifySizes(Array.from({ length: 400 }, () => Math.round(5 + 100 * random() ** 2)));
  const meanUnits = classes.reduce((sum, { share, units }) => sum + share * units, 0);
  return {
    demandSeconds: 0.12 + perUnitSeconds * meanUnits,
    ...{ servers: 2, contention: 0, delaySeconds: 0, demandVariation: 0.1 },
    sizes: { perUnitSeconds, meanUnits, classes },
  };
}

export function simulateUsers(
  host: ModelParameters,
  users: number,
  seed: number,
  requestsPerUser = 40,
): readonly SimulatedRequest[] {
  return simulate(host, {
    ...{ users, requestsPerUser, seed, thinkTimeSeconds: 0, startRatePerSecond: 4, limitSeconds: 60 },
    timeoutBehaviour: "cancelled",
  });
}

/** One run of each number of users on a host, as the model reads it. */
export function sizedCells(
  host: ModelParameters,
  seed: number,
  loads: readonly number[] = [1, 2, 4, 6],
): readonly ModelCell[] {
  return loads.map((users) => {
    const requests = simulateUsers(host, users, 100 * seed + users);
    return {
      ...{ users, thinkTimeSeconds: 0, size: { name: "tokens", time: "roundTripSeconds" } },
      clients: Array.from({ length: users }, (_, user) => {
        const own = requests.filter((request) => request.user === user);
        return {
          roundTripSeconds: own.map(({ roundTripSeconds }) => roundTripSeconds),
          successfulRequests: own.length,
          sizes: own.map(({ units = Number.NaN }) => units),
        };
      }),
    };
  });
}
