import { average } from "../fitting/observation.ts";
import { createRandom } from "../numeric/random.ts";
import { solveClosed } from "./closed-network.ts";
import { leastResponse, type ModelParameters, serviceRate } from "./parameters.ts";
import { simulate } from "./simulate.ts";

/** Where product form is as near to its bound as this, nothing is left to correct. */
const NEAR_BOUND = 1.005;
/** Simulated requests: enough for half a percent where users are few. */
const FRAMES = 4000;
/** From the users' random starting points to their rhythm. */
const WARM_UP = 0.25;
/** The same chance for every load: what differs between neighbours is the load. */
const SEED = 1;
/** Up to here every number of users is simulated; beyond, one in each step of this share. */
const EACH = 20;
const STEP = 1.15;

/**
 * R of first come, first served with constant think times ÷ R of product form; 1 for sharing.
 *
 * Users who all think for the same time and whose requests cost nearly the same fall into step: each finds the
 * host free until it is full. No formula holds there but the asymptotic bounds, so it is simulated, seeded, from
 * random starting points, the first quarter left out (docs/decisions/queueing-model.md). A simulation has its
 * noise; more users are never faster, so the response is the longest of any number of users up to this one, but
 * never above product form, which takes the users as out of step.
 */
export function firstComeFactor(
  parameters: ModelParameters,
  users: number,
  thinkTimeSeconds: number,
): number {
  if (parameters.discipline !== "first-come" || thinkTimeSeconds === 0) return 1;
  return curveOf(parameters, thinkTimeSeconds).factorAt(users);
}

/** Curves of parameters that are still in use: a question about twenty users is answered by one curve. */
const curves = new WeakMap<ModelParameters, Map<number, Curve>>();

function curveOf(parameters: ModelParameters, thinkTimeSeconds: number): Curve {
  const own = curves.get(parameters) ?? new Map<number, Curve>();
  curves.set(parameters, own);
  const curve = own.get(thinkTimeSeconds) ?? new Curve(parameters, thinkTimeSeconds);
  own.set(thinkTimeSeconds, curve);
  return curve;
}

/** The response of first come, first served over the number of users, found as far as it was asked for. */
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

  /** Where the response lies between its bound (0) and product form (1); between simulated loads by a line. */
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
