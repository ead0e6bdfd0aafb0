import { drawExponential } from "../../stats/draw-exponential.ts";
import { drawLognormal, lognormal, logSpread } from "../../stats/draw-lognormal.ts";
import { drawNormal } from "../../stats/draw-normal.ts";
import { createRandom } from "../../stats/random.ts";
import { EventHeap } from "../numeric/event-heap.ts";
import { NormalNumbers } from "../numeric/normal-numbers.ts";
import { Instances } from "./instances.ts";
import { loss, type ModelParameters } from "./parameters.ts";
import { demandAt, drawUnits } from "./sizes.ts";

/** What happens to a request after its time-out: the function stops working on it, or keeps running. */
export type TimeoutBehaviour = "cancelled" | "keeps-running";

/** How fast the host works over time, and with how many requests in service. */
export type HostSpeed = (
  atSeconds: number,
  inService: number,
) => {
  /** Work done per second, relative to the parameters' speed; > 0. */
  readonly factor: number;
  /** When the factor may change next: later than `atSeconds`, or Infinity for never. */
  readonly untilSeconds: number;
};

/** Seconds before a user's request. @param sequence of that request, from 1 on */
export type DrawThink = (random: () => number, sequence: number) => number;

export interface SimulationOptions {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  /** Requests that each user sends. */
  readonly requestsPerUser: number;
  readonly startRatePerSecond: number;
  /** Start time of each user; absent: one after another at the start rate. */
  readonly startSeconds?: readonly number[];
  /** Infinity for none. */
  readonly limitSeconds: number;
  readonly timeoutBehaviour: TimeoutBehaviour;
  /**
   * Distribution of the service demand: normal (default) with the demand's variation, lognormal with that and the
   * variation of sharing, exponential for textbook cases, or a draw in seconds, > 0, for a request that arrives while others are in service.
   */
  readonly work?:
    | "normal"
    | "lognormal"
    | "exponential"
    | ((random: () => number, atSeconds: number, inService: number) => number);
  /** Default: 1 all the time. */
  readonly hostSpeed?: HostSpeed;
  /** Distribution of think times; default constant. */
  readonly think?: "fixed" | "exponential" | DrawThink;
  readonly seed: number;
}

export interface SimulatedRequest {
  readonly user: number;
  readonly startSeconds: number;
  /** As the client sees it: at most the limit. */
  readonly roundTripSeconds: number;
  readonly successful: boolean;
  /** Its size, if the demand depends on it. */
  readonly units?: number;
  /** If the station has cold starts. */
  readonly isCold?: boolean;
}

/** Receives each response in the order of arrival. @param units NaN if the demand does not depend on size */
export type OnResponse = (
  user: number,
  startSeconds: number,
  roundTripSeconds: number,
  successful: boolean,
  units: number,
  isCold: boolean,
) => void;

/**
 * Discrete-event simulation of the experiment: users start one after another, think, send a request, share the
 * host or queue for it, and time out at the limit.
 */
export function simulate(
  parameters: ModelParameters,
  options: SimulationOptions,
): readonly SimulatedRequest[] {
  const requests: SimulatedRequest[] = [];
  runSimulation(parameters, options, (user, startSeconds, roundTripSeconds, successful, units, isCold) => {
    requests.push({
      ...{ user, startSeconds, roundTripSeconds, successful },
      ...(!Number.isNaN(units) && { units }),
      ...(parameters.coldStarts !== undefined && { isCold }),
    });
  });
  return requests;
}

/** As simulate(), without an object per request: about 0.2 µs per request and user in the system. */
export function runSimulation(
  parameters: ModelParameters,
  options: SimulationOptions,
  onResponse: OnResponse,
): void {
  new Simulation(parameters, options, onResponse).run();
}

/** Work that a request needs at least, as a share of the mean. */
const MIN_WORK = 0.05;

const drawsOnlyNormals = (
  { sizes, coldStarts }: ModelParameters,
  { work = "normal", think = "fixed" }: SimulationOptions,
): boolean =>
  sizes === undefined &&
  coldStarts === undefined &&
  think === "fixed" &&
  (work === "normal" || work === "lognormal");

const WAITING = 0;
const SERVED = 1;
/** Served by the last server, if the number of servers is not a whole number. */
const SERVED_SLOWLY = 2;
const GONE = 3;

/**
 * Progress is counted in a virtual time that passes at the speed of a request in full service. Under processor
 * sharing all requests progress alike, so each finishes at a virtual time that is known when it arrives; first come,
 * first served, that holds from the moment it gets a whole server.
 */
class Simulation {
  readonly #parameters: ModelParameters;
  readonly #options: SimulationOptions;
  readonly #onResponse: OnResponse;
  readonly #random: () => number;
  /** If no other numbers are drawn between these; else undefined. */
  readonly #normals: NormalNumbers | undefined;
  #normalsUsed = 0;
  readonly #isQueue: boolean;
  /** Whole servers, and the share of one more; without a queue, all requests are in service. */
  readonly #wholeServers: number;
  readonly #lastServer: number;

  /** By the number of requests in service. */
  readonly #logSpreads: (number | undefined)[] = [];

  #now = 0;
  #virtual = 0;
  /** Requests on the host, waiting or in service. */
  #inService = 0;
  #unanswered: number;
  /** When each user sends its next request. */
  readonly #due = new EventHeap();
  readonly #unsent: Int32Array;
  /** Requests that have a whole server, by the virtual time at which they finish. */
  readonly #served = new EventHeap();
  #servedCount = 0;
  /** The request of the last server (−1: none), and the virtual time at which it would finish there. */
  #slow = -1;
  #slowEnd = 0;

  /** Requests in the order of arrival. */
  #arrived = 0;
  readonly #users: Int32Array;
  readonly #starts: Float64Array;
  readonly #work: Float64Array;
  readonly #units: Float64Array;
  readonly #states: Uint8Array;
  readonly #isCut: Uint8Array;
  readonly #isCold: Uint8Array;
  readonly #instances = new Instances();
  #firstWaiting = 0;
  #firstUncut = 0;

  constructor(parameters: ModelParameters, options: SimulationOptions, onResponse: OnResponse) {
    this.#parameters = parameters;
    this.#options = options;
    this.#onResponse = onResponse;
    this.#random = createRandom(options.seed);
    this.#normals = drawsOnlyNormals(parameters, options) ? NormalNumbers.of(options.seed) : undefined;
    this.#isQueue = parameters.discipline === "first-come";
    this.#wholeServers = this.#isQueue ? Math.floor(parameters.servers) : Number.POSITIVE_INFINITY;
    this.#lastServer = Number.isFinite(this.#wholeServers) ? parameters.servers - this.#wholeServers : 0;
    const { users, requestsPerUser, startSeconds, startRatePerSecond, limitSeconds } = options;
    const { demandSeconds, delaySeconds } = parameters;
    // Otherwise no event would come next.
    if (!(demandSeconds > 0 && Number.isFinite(demandSeconds + delaySeconds)))
      throw new RangeError(`a request takes ${demandSeconds} s after ${delaySeconds} s: no finite time`);
    if (!(limitSeconds > 0)) throw new RangeError(`limitSeconds is ${limitSeconds}, not above 0`);
    if (!(startRatePerSecond > 0))
      throw new RangeError(`startRatePerSecond is ${startRatePerSecond}, not above 0`);
    const total = users * requestsPerUser;
    this.#unanswered = total;
    this.#users = new Int32Array(total);
    this.#starts = new Float64Array(total);
    this.#work = new Float64Array(total);
    this.#units = new Float64Array(total);
    this.#states = new Uint8Array(total);
    this.#isCut = new Uint8Array(total);
    this.#isCold = new Uint8Array(total);
    this.#unsent = new Int32Array(users).fill(requestsPerUser);
    for (let user = 0; user < users; user++)
      this.#due.push((startSeconds?.[user] ?? user / startRatePerSecond) + delaySeconds, user);
  }

  run(): void {
    const { hostSpeed, limitSeconds } = this.#options;
    let factor = 1;
    let untilSeconds = Number.POSITIVE_INFINITY;
    while (this.#unanswered > 0) {
      if (hostSpeed !== undefined) ({ factor, untilSeconds } = hostSpeed(this.#now, this.#inService));
      const speed = factor * this.#pace();
      const nextSend = this.#due.time;
      const nextDone = this.#now + (this.#nextEnd() - this.#virtual) / speed;
      const nextCut =
        limitSeconds === Number.POSITIVE_INFINITY ? limitSeconds : this.#nextCutStart() + limitSeconds;
      const next = Math.min(nextSend, nextDone, nextCut, untilSeconds);
      this.#virtual += (next - this.#now) * speed;
      this.#now = next;
      if (next === nextDone) this.#finish();
      else if (next === nextCut) this.#cut();
      else if (next === nextSend) this.#send();
    }
  }

  /** Speed of a request in full service, relative to its speed alone on the host. */
  #pace(): number {
    const n = this.#inService;
    const shared = this.#isQueue ? 1 : Math.min(1, this.#parameters.servers / n);
    return shared / loss(this.#parameters, n);
  }

  /** Virtual time at which the next request finishes; Infinity if none is in service. */
  #nextEnd(): number {
    while (this.#served.size > 0 && this.#states[this.#served.id] === GONE) this.#served.pop();
    return this.#slow < 0 ? this.#served.time : Math.min(this.#served.time, this.#slowEnd);
  }

  /** Start of the oldest request that still awaits its response; Infinity without one. */
  #nextCutStart(): number {
    while (this.#firstUncut < this.#arrived && this.#isSettled(this.#firstUncut)) this.#firstUncut++;
    return this.#firstUncut < this.#arrived
      ? (this.#starts[this.#firstUncut] as number)
      : Number.POSITIVE_INFINITY;
  }

  #isSettled(request: number): boolean {
    return this.#isCut[request] === 1 || this.#states[request] === GONE;
  }

  #finish(): void {
    const isSlow = this.#slow >= 0 && this.#slowEnd <= this.#served.time;
    const request = isSlow ? this.#slow : this.#served.id;
    this.#remove(request);
    if (this.#isCut[request] === 0)
      this.#answer(request, true, this.#now - (this.#starts[request] as number));
  }

  #cut(): void {
    const request = this.#firstUncut;
    this.#isCut[request] = 1;
    if (this.#options.timeoutBehaviour === "cancelled") this.#remove(request);
    this.#answer(request, false, this.#options.limitSeconds);
  }

  #send(): void {
    const user = this.#due.id;
    this.#due.pop();
    this.#unsent[user] = (this.#unsent[user] as number) - 1;
    const { delaySeconds, demandSeconds } = this.#parameters;
    const units = drawUnits(this.#parameters, this.#random);
    const demand = units === undefined ? demandSeconds : demandAt(this.#parameters, units);
    const request = this.#arrived++;
    const work = this.#drawWork(demand) + this.#coldWork(request);
    this.#users[request] = user;
    this.#starts[request] = this.#now - delaySeconds;
    this.#units[request] = units ?? Number.NaN;
    this.#work[request] = work;
    this.#states[request] = WAITING;
    this.#inService++;
    this.#fillServers();
  }

  #drawWork(demandSeconds: number): number {
    const { work = "normal" } = this.#options;
    if (typeof work === "function") return work(this.#random, this.#now, this.#inService);
    if (work === "exponential") return drawExponential(this.#random) * demandSeconds;
    const normal = this.#normals?.at(this.#normalsUsed++) ?? drawNormal(this.#random);
    if (work === "normal")
      return Math.max(MIN_WORK, 1 + this.#parameters.demandVariation * normal) * demandSeconds;
    return demandSeconds * lognormal(normal, this.#logSpread());
  }

  /** What a cold start adds to an arriving request's work. */
  #coldWork(request: number): number {
    const { coldStarts } = this.#parameters;
    if (coldStarts === undefined || this.#instances.arrive(this.#now) <= coldStarts.keepAliveSeconds)
      return 0;
    this.#isCold[request] = 1;
    return coldStarts.seconds * drawLognormal(this.#random, logSpread(coldStarts.variation));
  }

  /** Standard deviation of the logarithm of an arriving request's work: the more it will share, the larger. */
  #logSpread(): number {
    const n = this.#inService + 1;
    const known = this.#logSpreads[n];
    if (known !== undefined) return known;
    const { demandVariation, waitVariation = 0, servers } = this.#parameters;
    const waiting = 1 - Math.min(1, servers / n) / loss(this.#parameters, n);
    const spread = Math.sqrt(Math.log1p(demandVariation ** 2 + (waitVariation * waiting) ** 2));
    this.#logSpreads[n] = spread;
    return spread;
  }

  #remove(request: number): void {
    if (this.#states[request] === SERVED) this.#servedCount--;
    if (request === this.#slow) this.#slow = -1;
    this.#states[request] = GONE;
    this.#inService--;
    if (this.#parameters.coldStarts !== undefined) this.#instances.leave(this.#now);
    this.#fillServers();
  }

  /** Gives free servers to the request of the last server, which is not a whole one, and to those that wait. */
  #fillServers(): void {
    while (this.#servedCount < this.#wholeServers) {
      const request = this.#slow >= 0 ? this.#slow : this.#takeWaiting();
      if (request < 0) return;
      const isSlow = request === this.#slow;
      const left = isSlow
        ? (this.#slowEnd - this.#virtual) * this.#lastServer
        : (this.#work[request] as number);
      if (isSlow) this.#slow = -1;
      this.#states[request] = SERVED;
      this.#servedCount++;
      this.#served.push(this.#virtual + left, request);
    }
    if (this.#lastServer === 0 || this.#slow >= 0) return;
    this.#slow = this.#takeWaiting();
    if (this.#slow < 0) return;
    this.#states[this.#slow] = SERVED_SLOWLY;
    this.#slowEnd = this.#virtual + (this.#work[this.#slow] as number) / this.#lastServer;
  }

  /** The request that has waited longest; −1 if none waits. */
  #takeWaiting(): number {
    while (this.#firstWaiting < this.#arrived) {
      const request = this.#firstWaiting++;
      if (this.#states[request] === WAITING) return request;
    }
    return -1;
  }

  #answer(request: number, successful: boolean, roundTripSeconds: number): void {
    const user = this.#users[request] as number;
    this.#unanswered--;
    this.#onResponse(
      user,
      this.#starts[request] as number,
      roundTripSeconds,
      successful,
      this.#units[request] as number,
      this.#isCold[request] === 1,
    );
    if ((this.#unsent[user] as number) > 0)
      this.#due.push(this.#now + this.#drawThink(user) + this.#parameters.delaySeconds, user);
  }

  #drawThink(user: number): number {
    const { think, thinkTimeSeconds, requestsPerUser } = this.#options;
    if (typeof think === "function")
      return think(this.#random, requestsPerUser - (this.#unsent[user] as number) + 1);
    return think === "exponential" ? drawExponential(this.#random) * thinkTimeSeconds : thinkTimeSeconds;
  }
}
