import { createRandom } from "../../stats/random.ts";
import { type ModelParameters, totalDemand } from "./parameters.ts";
import { type DrawThink, runSimulation, type TimeoutBehaviour } from "./simulate.ts";
import { areClasses, FAST, SLOW, withTimesDemand } from "./sizes.ts";

/** How an experiment runs each of its conditions. */
export interface RunPlan {
  /** Requests that each user sends. */
  readonly requestsPerUser: number;
  /** Users that start per second, one after another; Infinity: all within their first cycle. */
  readonly startRatePerSecond: number;
  /** Whether figures are made of the time in which all users are in the system, if there is such a time. */
  readonly isSteady: boolean;
  /** Distribution of think times; absent: constant. */
  readonly think?: "exponential" | DrawThink;
}

/** One run of a condition. */
export interface RunOptions {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  /** Infinity for none. */
  readonly limitSeconds: number;
  readonly timeoutBehaviour: TimeoutBehaviour;
  /** How much slower the host is in this run than on average; default 1. */
  readonly slowdown?: number;
  /** Leaves cold starts out of the measured part. */
  readonly isWarm?: boolean;
  readonly seed: number;
}

/** The measured part of a simulated run. */
export interface SimulatedRun {
  /** As the clients see them, in the order of arrival: at most the limit. */
  readonly roundTripSeconds: Float64Array;
  readonly meanSeconds: number;
  readonly successRate: number;
  /** Of two stations: the share of all round trips that requests were not at the other one. 1 with one station. */
  readonly mainShare: number;
  /** Mean round trip of fast and slow requests, NaN without any; absent if requests are not of two classes. */
  readonly classSeconds?: readonly [fast: number, slow: number];
}

/** Simulated requests of one run: more say little more about its mean. */
const MAX_REQUESTS = 5000;
/** Even a short run has as many requests per user. */
const MIN_PER_USER = 5;
/** As clients/steady-part.ts. */
const MIN_RESPONSES_PER_USER = 2;

/** The plan for a shorter run, in which the users' start takes the same share of the time. */
function shorten(plan: RunPlan, users: number): RunPlan {
  const most = Math.max(MIN_PER_USER, Math.ceil(MAX_REQUESTS / users));
  if (plan.requestsPerUser <= most) return plan;
  const startRatePerSecond = (plan.startRatePerSecond * plan.requestsPerUser) / most;
  return { ...plan, requestsPerUser: most, startRatePerSecond };
}

/** Simulates one run as the experiment would make it, and selects the part of it that figures are made of. */
export function simulateRun(parameters: ModelParameters, whole: RunPlan, options: RunOptions): SimulatedRun {
  const { users, thinkTimeSeconds, slowdown = 1, isWarm = false, seed } = options;
  const plan = shorten(whole, users);
  const responses = new Responses(users, users * Math.ceil(plan.requestsPerUser));
  const host = slowDown(parameters, slowdown);
  const random = createRandom(seed);
  const cycle = thinkTimeSeconds + totalDemand(host) + host.delaySeconds;
  runSimulation(
    host,
    {
      ...options,
      requestsPerUser: Math.ceil(plan.requestsPerUser),
      startRatePerSecond: plan.startRatePerSecond,
      ...(plan.startRatePerSecond === Number.POSITIVE_INFINITY && {
        startSeconds: Array.from({ length: users }, () => cycle * random()),
      }),
      work: "lognormal",
      think: plan.think ?? "fixed",
    },
    (user, startSeconds, roundTripSeconds, successful, units, isCold, otherSeconds) =>
      responses.add(user, startSeconds, roundTripSeconds, successful, units, isCold, otherSeconds),
  );
  const run = responses.measuredPart(plan.isSteady, isWarm && parameters.coldStarts !== undefined);
  if (parameters.sizes === undefined || !areClasses(parameters.sizes)) return run;
  return { ...run, classSeconds: responses.classSeconds(plan.isSteady) };
}

/** The host in a run in which it is slower by a factor. */
export function slowDown(parameters: ModelParameters, slowdown: number): ModelParameters {
  if (slowdown === 1) return parameters;
  const { delaySeconds, coldStarts } = parameters;
  return {
    ...withTimesDemand(parameters, slowdown),
    delaySeconds: slowdown * delaySeconds,
    ...(coldStarts !== undefined && {
      coldStarts: { ...coldStarts, seconds: slowdown * coldStarts.seconds },
    }),
  };
}

/** Collects the responses of a run. */
class Responses {
  readonly #firstArrivals: Float64Array;
  readonly #lastArrivals: Float64Array;
  readonly #arrivals: Float64Array;
  readonly #roundTrips: Float64Array;
  readonly #successful: Uint8Array;
  readonly #isCold: Uint8Array;
  readonly #others: Float64Array;
  readonly #units: Float64Array;
  #count = 0;

  constructor(users: number, requests: number) {
    this.#firstArrivals = new Float64Array(users).fill(Number.NaN);
    this.#lastArrivals = new Float64Array(users);
    this.#arrivals = new Float64Array(requests);
    this.#roundTrips = new Float64Array(requests);
    this.#successful = new Uint8Array(requests);
    this.#isCold = new Uint8Array(requests);
    this.#others = new Float64Array(requests);
    this.#units = new Float64Array(requests);
  }

  add(
    user: number,
    startSeconds: number,
    roundTripSeconds: number,
    successful: boolean,
    units: number,
    isCold: boolean,
    otherSeconds: number,
  ): void {
    const arrival = startSeconds + roundTripSeconds;
    if (Number.isNaN(this.#firstArrivals[user])) this.#firstArrivals[user] = arrival;
    this.#lastArrivals[user] = arrival;
    this.#arrivals[this.#count] = arrival;
    this.#roundTrips[this.#count] = roundTripSeconds;
    this.#successful[this.#count] = Number(successful);
    this.#isCold[this.#count] = Number(isCold);
    this.#others[this.#count] = otherSeconds;
    this.#units[this.#count] = units;
    this.#count++;
  }

  /**
   * The responses that arrived while all users were in the system; all of them if there are too few.
   * @param isWarm without cold starts, unless there is nothing else
   */
  measuredPart(isSteady: boolean, isWarm: boolean): SimulatedRun {
    const [from, to] = isSteady ? this.#steadyPart() : [0, this.#count];
    const part = this.#roundTrips.subarray(from, to);
    const isIn = (_: number, index: number) => this.#isCold[from + index] === 0;
    const warm = isWarm ? part.filter(isIn) : part;
    const roundTripSeconds = warm.length === 0 ? part : warm;
    let [sum, successes, others] = [0, 0, 0];
    for (let index = from; index < to; index++) {
      if (roundTripSeconds !== part && this.#isCold[index] === 1) continue;
      sum += this.#roundTrips[index] as number;
      others += this.#others[index] as number;
      successes += this.#successful[index] as number;
    }
    const count = roundTripSeconds.length;
    return {
      ...{ roundTripSeconds, meanSeconds: sum / count, successRate: successes / count },
      mainShare: 1 - others / sum,
    };
  }

  /** Of the measured part, with cold starts. */
  classSeconds(isSteady: boolean): readonly [fast: number, slow: number] {
    const [from, to] = isSteady ? this.#steadyPart() : [0, this.#count];
    const meanOf = (units: number) => {
      const own = this.#roundTrips
        .subarray(from, to)
        .filter((_, index) => this.#units[from + index] === units);
      return own.reduce((sum, one) => sum + one, 0) / own.length;
    };
    return [meanOf(FAST), meanOf(SLOW)];
  }

  #steadyPart(): readonly [from: number, to: number] {
    const start = this.#firstArrivals.reduce((most, one) => Math.max(most, one));
    const end = this.#lastArrivals.reduce((least, one) => Math.min(least, one));
    let from = 0;
    while (from < this.#count && (this.#arrivals[from] as number) <= start) from++;
    let to = from;
    while (to < this.#count && (this.#arrivals[to] as number) <= end) to++;
    return to - from >= MIN_RESPONSES_PER_USER * this.#firstArrivals.length ? [from, to] : [0, this.#count];
  }
}
