import type { ModelCell } from "../queueing/fitting/observation.ts";
import type { ModelParameters } from "../queueing/station/parameters.ts";
import { type SimulatedRequest, type SimulationOptions, simulate } from "../queueing/station/simulate.ts";
import { withTimesDemand } from "../queueing/station/sizes.ts";
import { drawNormal } from "../stats/draw-normal.ts";
import { createRandom } from "../stats/random.ts";

/** How a test measures a simulated host; by default as in the published experiment. */
export type SimulatedCellOptions = Partial<SimulationOptions> &
  Pick<SimulationOptions, "users" | "thinkTimeSeconds" | "seed"> & {
    /** Standard deviation of the logarithm of the host's speed from run to run. */
    readonly runError?: number;
    /** Responses say whether they started cold. */
    readonly reportsColdStarts?: true;
    /** The payload of a request. */
    readonly payloadOf?: (request: SimulatedRequest) => string;
    /** The times that a response reports, by name. */
    readonly reports?: (request: SimulatedRequest) => Readonly<Record<string, number>>;
  };

/** One run of a condition on a simulated host, as the model reads it: the whole run, with its start. */
export function simulatedCell(host: ModelParameters, options: SimulatedCellOptions): ModelCell {
  const { users, thinkTimeSeconds, seed, runError = 0 } = options;
  const { requestsPerUser = 37, startRatePerSecond = 0.25 } = options;
  const slowdown = Math.exp(runError * drawNormal(createRandom(~seed)));
  const requests = simulate(withTimesDemand(host, slowdown), {
    ...{ requestsPerUser, startRatePerSecond, limitSeconds: 25, timeoutBehaviour: "cancelled" },
    ...options,
  });
  return {
    ...{ users, thinkTimeSeconds, requestsPerUser, startRatePerSecond },
    clients: Array.from({ length: users }, (_, user) => {
      const own = requests.filter((request) => request.user === user);
      return {
        roundTripSeconds: own.map(({ roundTripSeconds }) => roundTripSeconds),
        successfulRequests: own.filter(({ successful }) => successful).length,
        ...(options.payloadOf && { kinds: own.map(options.payloadOf) }),
        ...(options.reports && { reportedSeconds: meanOfEach(own.map(options.reports)) }),
        trace: own.map(({ startSeconds, roundTripSeconds, successful, isCold = false }) => ({
          ...{ startSeconds, roundTripSeconds, successful },
          ...(options.reportsColdStarts && { isCold }),
        })),
      };
    }),
  };
}

function meanOfEach(all: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const mean = (name: string) => all.reduce((sum, one) => sum + (one[name] as number), 0) / all.length;
  return Object.fromEntries(Object.keys(all[0] ?? {}).map((name) => [name, mean(name)]));
}

/** Mean round trip and success rate of a cell. */
export function figuresOfCell({ clients }: ModelCell): { readonly mean: number; readonly success: number } {
  const all = clients.flatMap(({ roundTripSeconds }) => roundTripSeconds);
  const successful = clients.reduce((sum, client) => sum + client.successfulRequests, 0);
  return { mean: all.reduce((sum, one) => sum + one, 0) / all.length, success: successful / all.length };
}
