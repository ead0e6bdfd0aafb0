import { createRandom } from "../../stats/random.ts";
import { average } from "../numeric/average.ts";
import { solveClosed } from "./closed-network.ts";
import { leastResponse, type ModelParameters, serviceRate } from "./parameters.ts";
import { simulate } from "./simulate.ts";

/** If product form is within this factor of its bound, there is nothing to correct. */
const NEAR_BOUND = 1.005;
/** Simulated requests: a relative error of 0.5% for few users. */
const FRAMES = 4000;
/** Share of the simulation discarded as warm-up. */
const WARM_UP = 0.25;
/** Common random numbers: neighbouring loads differ by their load only. */
const SEED = 1;
/** Up to here every number of users is simulated; beyond, one per step of this relative size. */
const EACH = 20;
const STEP = 1.15;

/**
 * R under first come, first served with constant think times ÷ R of product form; 1 for processor sharing.
 *
 * Users with equal think times and nearly equal demands fall into step: each finds the host free until it is
 * saturated. Only the asymptotic bounds hold there, so R is simulated: seeded, from random starting points,
 * without the first quarter (docs/decisions/queueing-model.md). To keep simulation noise out of the curve, R
 * never falls as users are added, and never exceeds product form, which assumes that users are out of step.
 */
export function firstComeFactor(
  parameters: ModelParameters,
  users: number,
  thinkTimeSeconds: number,
): number {
  if (parameters.discipline !== "first-come" || thinkTimeSeconds === 0) return 1;
  return curveOf(parameters, thinkTimeSeconds).factorAt(users);
}

/** One curve per parameter set that is still referenced: predicting 1 to 20 users computes one curve. */
const curves = new WeakMap<ModelParameters, Map<number, Curve>>();

function curveOf(parameters: ModelParameters, thinkTimeSeconds: number): Curve {
  const own = curves.get(parameters) ?? new Map<number, Curve>();
  curves.set(parameters, own);
  const curve = own.get(thinkTimeSeconds) ?? new Curve(parameters, thinkTimeSeconds);
  own.set(thinkTimeSeconds, curve);
  return curve;
}

/** Response time under first come, first served over users, computed on demand. */
class Curve {
  readonly #parameters: ModelParameters;
  readonly #thinkTimeSeconds: number;
  /** Factors by users, from 1 on. */
  readonly #factors: number[] = [1];
  readonly #excesses = new Map<number, number>();
  #longest = 0;

  constructor(parameters: ModelParameters, thinkTimeSeconds: number) {
    this.#parameters = parameters;
    this.#thinkTimeSeconds = thinkTimeSeconds;
  }

  factorAt(users: number): number {
    for (let n = this.#factors.length; n <= users; n++) {
      const { shared, least } = this.#limits(n);
      const response = least + this.#excessBetween(n) * (shared - least);
      this.#longest = Math.max(this.#longest, response);
      this.#factors.push(Math.min(1, this.#longest / shared));
    }
    return this.#factors[users] as number;
  }

  #limits(users: number): { readonly shared: number; readonly least: number } {
    const away = this.#thinkTimeSeconds + this.#parameters.delaySeconds;
    const rate = (n: number) => serviceRate(this.#parameters, n);
    return {
      shared: solveClosed(users, away, rate).responseSeconds,
      least: leastResponse(this.#parameters, users, away),
    };
  }

  /** Position of the response between its bound (0) and product form (1), interpolated between simulated loads. */
  #excessBetween(users: number): number {
    if (users <= EACH) return this.#excess(users);
    const rung = Math.floor(Math.log(users / EACH) / Math.log(STEP) + 1e-9);
    const low = Math.round(EACH * STEP ** rung);
    const high = Math.round(EACH * STEP ** (rung + 1));
    const [from, to] = [this.#excess(low), this.#excess(high)];
    return from + ((to - from) * (users - low)) / (high - low);
  }

  #excess(users: number): number {
    const known = this.#excesses.get(users);
    if (known !== undefined) return known;
    const { shared, least } = this.#limits(users);
    const found =
      shared < NEAR_BOUND * least
        ? 1
        : (Math.max(least, this.#simulate(users, shared)) - least) / (shared - least);
    this.#excesses.set(users, found);
    return found;
  }

  #simulate(users: number, shared: number): number {
    const random = createRandom(SEED);
    const { delaySeconds } = this.#parameters;
    const round = this.#thinkTimeSeconds + delaySeconds + shared;
    const requests = simulate(this.#parameters, {
      users,
      thinkTimeSeconds: this.#thinkTimeSeconds,
      requestsPerUser: Math.ceil(FRAMES / users) + 20,
      startRatePerSecond: Number.POSITIVE_INFINITY,
      startSeconds: Array.from({ length: users }, () => random() * round),
      limitSeconds: Number.POSITIVE_INFINITY,
      timeoutBehaviour: "cancelled",
      seed: SEED,
    });
    const end = requests[Math.floor((1 - WARM_UP / 2) * requests.length)]?.startSeconds ?? 0;
    const steady = requests
      .slice(Math.floor(WARM_UP * requests.length))
      .filter((request) => request.startSeconds <= end)
      .map((request) => request.roundTripSeconds - delaySeconds);
    return average(steady);
  }
}
