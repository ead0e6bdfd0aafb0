import { solveClosed } from "./closed-network.ts";
import { average } from "./observation.ts";
import { type ModelParameters, serviceRate } from "./parameters.ts";
import { createRandom } from "./random.ts";
import { simulate } from "./simulate.ts";

/** Where product form is as near to its bound as this, nothing is left to correct. */
const NEAR_BOUND = 1.005;
/** Simulated frames: enough for half a percent where users are few. */
const FRAMES = 4000;
/** From the users' random starting points to their rhythm. */
const WARM_UP = 0.25;

/** What no response is below: R ≥ max(S, N / μ − Z), μ the largest rate of up to N requests. */
export function leastResponse(parameters: ModelParameters, users: number, awaySeconds: number): number {
  // Contention only costs beyond the servers.
  const loads = [Math.floor(parameters.servers), Math.ceil(parameters.servers)].map((n) =>
    Math.min(n, users),
  );
  const most = Math.max(...loads.map((n) => serviceRate(parameters, n)));
  return Math.max(parameters.demandSeconds, users / most - awaySeconds);
}

/**
 * R of first come, first served with constant think times ÷ R of product form; 1 for sharing.
 *
 * Users who all think for the same time and whose frames cost nearly the same fall into step: each finds the
 * host free until it is full. No formula holds there but the asymptotic bounds, so it is simulated, seeded, from
 * random starting points, the first quarter left out (docs/decisions/queueing-model.md).
 */
export function firstComeFactor(
  parameters: ModelParameters,
  users: number,
  thinkTimeSeconds: number,
): number {
  if (parameters.discipline !== "first-come" || thinkTimeSeconds === 0) return 1;
  const { delaySeconds } = parameters;
  const rate = (n: number) => serviceRate(parameters, n);
  const away = thinkTimeSeconds + delaySeconds;
  const shared = solveClosed(users, away, rate).responseSeconds;
  const least = leastResponse(parameters, users, away);
  if (shared < NEAR_BOUND * least) return 1;
  const random = createRandom(users);
  const round = away + shared;
  const frames = simulate(parameters, {
    users,
    thinkTimeSeconds,
    framesPerUser: Math.ceil(FRAMES / users) + 20,
    startRatePerSecond: Number.POSITIVE_INFINITY,
    startSeconds: Array.from({ length: users }, () => random() * round),
    limitSeconds: Number.POSITIVE_INFINITY,
    hosting: "released",
    seed: users,
  });
  const end = frames[Math.floor((1 - WARM_UP / 2) * frames.length)]?.startSeconds ?? 0;
  const steady = frames
    .slice(Math.floor(WARM_UP * frames.length))
    .filter((frame) => frame.startSeconds <= end)
    .map((frame) => frame.roundTripSeconds - delaySeconds);
  return Math.max(least, average(steady)) / shared;
}
