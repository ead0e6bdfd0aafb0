import { drawExponential } from "../../stats/draw-exponential.ts";
import { drawLognormal, lognormal, logSpread } from "../../stats/draw-lognormal.ts";
import { drawNormal } from "../../stats/draw-normal.ts";
import { createRandom } from "../../stats/random.ts";
import { EventHeap } from "../numeric/event-heap.ts";
import { NormalNumbers } from "../numeric/normal-numbers.ts";
import { Instances } from "./instances.ts";
import { loss, type ModelParameters } from "./parameters.ts";
import { ServedStation } from "./served-station.ts";
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
  /** Time at the other station, if there is one. */
  readonly otherSeconds?: number;
}

/**
 * Receives each response in the order of arrival.
 * @param units NaN if the demand does not depend on size
 * @param otherSeconds time at the other station; 0 without one
 */
export type OnResponse = (
  user: number,
  startSeconds: number,
  roundTripSeconds: number,
  successful: boolean,
  units: number,
  isCold: boolean,
  otherSeconds: number,
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
  runSimulation(
    parameters,
    options,
    (user, startSeconds, roundTripSeconds, successful, units, isCold, otherSeconds) => {
      requests.push({
        ...{ user, startSeconds, roundTripSeconds, successful },
        ...(!Number.isNaN(units) && { units }),
        ...(parameters.coldStarts !== undefined && { isCold }),
        ...(parameters.other !== undefined && { otherSeconds }),
      });
    },
  );
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

/** The events of a run: users send requests, stations finish them, and the limit cuts them. */
class Simulation {
  readonly #parameters: ModelParameters;
  readonly #options: SimulationOptions;
  readonly #onResponse: OnResponse;
  readonly #random: () => number;
  /** If no other numbers are drawn between these; else undefined. */
  readonly #normals: NormalNumbers | undefined;
  #normalsUsed = 0;
  readonly #station: ServedStation;
  /** The station that requests pass first; undefined if there is only one. */
  readonly #other: ServedStation | undefined;

  /** By the number of requests in service. */
  readonly #logSpreads: (number | undefined)[] = [];

  #now = 0;
  #unanswered: number;
  /** When each user sends its next request. */
  readonly #due = new EventHeap();
  readonly #unsent: Int32Array;

  /** Requests in the order of sending. */
  #sent = 0;
  readonly #users: Int32Array;
  readonly #starts: Float64Array;
  /** Time at the other station; 0 without one. */
  readonly #otherSeconds: Float64Array;
  readonly #units: Float64Array;
  readonly #isAnswered: Uint8Array;
  readonly #isCold: Uint8Array;
  readonly #instances = new Instances();
  #firstUnanswered = 0;

  constructor(parameters: ModelParameters, options: SimulationOptions, onResponse: OnResponse) {
    this.#parameters = parameters;
    this.#options = options;
    this.#onResponse = onResponse;
    this.#random = createRandom(options.seed);
    this.#normals = drawsOnlyNormals(parameters, options) ? NormalNumbers.of(options.seed) : undefined;
    const { users, requestsPerUser, startSeconds, startRatePerSecond, limitSeconds } = options;
    const { demandSeconds, delaySeconds, other } = parameters;
    // Otherwise no event would come next.
    if (!(demandSeconds > 0 && Number.isFinite(demandSeconds + delaySeconds)))
      throw new RangeError(`a request takes ${demandSeconds} s after ${delaySeconds} s: no finite time`);
    if (!(limitSeconds > 0)) throw new RangeError(`limitSeconds is ${limitSeconds}, not above 0`);
    if (!(startRatePerSecond > 0))
      throw new RangeError(`startRatePerSecond is ${startRatePerSecond}, not above 0`);
    const total = users * requestsPerUser;
    this.#unanswered = total;
    this.#station = new ServedStation(parameters, total);
    this.#other = other && new ServedStation({ servers: other.servers, contention: 0 }, total);
    this.#users = new Int32Array(total);
    this.#starts = new Float64Array(total);
    this.#otherSeconds = new Float64Array(other === undefined ? 0 : total);
    this.#units = new Float64Array(total);
    this.#isAnswered = new Uint8Array(total);
    this.#isCold = new Uint8Array(total);
    this.#unsent = new Int32Array(users).fill(requestsPerUser);
    for (let user = 0; user < users; user++)
      this.#due.push((startSeconds?.[user] ?? user / startRatePerSecond) + delaySeconds, user);
  }

  run(): void {
    const { hostSpeed, limitSeconds } = this.#options;
    const [station, other] = [this.#station, this.#other];
    let factor = 1;
    let untilSeconds = Number.POSITIVE_INFINITY;
    while (this.#unanswered > 0) {
      if (hostSpeed !== undefined)
        ({ factor, untilSeconds } = hostSpeed(this.#now, station.present + (other?.present ?? 0)));
      const nextSend = this.#due.time;
      const nextDone = station.nextEndAt(this.#now, factor);
      const nextPassed = other?.nextEndAt(this.#now, factor) ?? Number.POSITIVE_INFINITY;
      const nextCut =
        limitSeconds === Number.POSITIVE_INFINITY ? limitSeconds : this.#nextCutStart() + limitSeconds;
      const next = Math.min(nextSend, nextDone, nextPassed, nextCut, untilSeconds);
      station.advance(next - this.#now);
      other?.advance(next - this.#now);
      this.#now = next;
      if (next === nextDone) this.#finish(station.takeNext());
      else if (next === nextPassed) this.#pass(other as ServedStation);
      else if (next === nextCut) this.#cut();
      else if (next === nextSend) this.#send();
    }
  }

  /** Start of the oldest request that still awaits its response; Infinity without one. */
  #nextCutStart(): number {
    while (this.#firstUnanswered < this.#sent && this.#isAnswered[this.#firstUnanswered] === 1)
      this.#firstUnanswered++;
    return this.#firstUnanswered < this.#sent
      ? (this.#starts[this.#firstUnanswered] as number)
      : Number.POSITIVE_INFINITY;
  }

  /** A request has left the station. */
  #finish(request: number): void {
    this.#leave();
    if (this.#isAnswered[request] === 0)
      this.#answer(request, true, this.#now - (this.#starts[request] as number));
  }

  /** A request goes from the other station to this one. */
  #pass(other: ServedStation): void {
    const request = other.takeNext();
    this.#otherSeconds[request] =
      this.#now - (this.#starts[request] as number) - this.#parameters.delaySeconds;
    this.#station.add(request, this.#drawWork(this.#parameters.demandSeconds, this.#logSpread()));
  }

  #cut(): void {
    const request = this.#firstUnanswered;
    const { limitSeconds } = this.#options;
    if (this.#other?.has(request))
      this.#otherSeconds[request] = Math.max(0, limitSeconds - this.#parameters.delaySeconds);
    if (this.#options.timeoutBehaviour === "cancelled") {
      if (this.#other?.has(request)) this.#other.remove(request);
      else {
        this.#station.remove(request);
        this.#leave();
      }
    }
    this.#answer(request, false, limitSeconds);
  }

  #leave(): void {
    if (this.#parameters.coldStarts !== undefined) this.#instances.leave(this.#now);
  }

  #send(): void {
    const user = this.#due.id;
    this.#due.pop();
    this.#unsent[user] = (this.#unsent[user] as number) - 1;
    const { delaySeconds, demandSeconds, demandVariation, other } = this.#parameters;
    const request = this.#sent++;
    this.#users[request] = user;
    this.#starts[request] = this.#now - delaySeconds;
    if (other !== undefined) {
      this.#units[request] = Number.NaN;
      const spread = logSpread(demandVariation);
      this.#other?.add(request, this.#drawWork(other.demandSeconds, spread));
      return;
    }
    const units = drawUnits(this.#parameters, this.#random);
    const demand = units === undefined ? demandSeconds : demandAt(this.#parameters, units);
    this.#units[request] = units ?? Number.NaN;
    this.#station.add(request, this.#drawWork(demand, this.#logSpread()) + this.#coldWork(request));
  }

  /** @param spread standard deviation of its logarithm, if its distribution is lognormal */
  #drawWork(demandSeconds: number, spread: number): number {
    const { work = "normal" } = this.#options;
    if (typeof work === "function") return work(this.#random, this.#now, this.#station.present);
    if (work === "exponential") return drawExponential(this.#random) * demandSeconds;
    const normal = this.#normals?.at(this.#normalsUsed++) ?? drawNormal(this.#random);
    if (work === "normal")
      return Math.max(MIN_WORK, 1 + this.#parameters.demandVariation * normal) * demandSeconds;
    return demandSeconds * lognormal(normal, spread);
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
    const n = this.#station.present + 1;
    const known = this.#logSpreads[n];
    if (known !== undefined) return known;
    const { demandVariation, waitVariation = 0, servers } = this.#parameters;
    const waiting = 1 - Math.min(1, servers / n) / loss(this.#parameters, n);
    const spread = Math.sqrt(Math.log1p(demandVariation ** 2 + (waitVariation * waiting) ** 2));
    this.#logSpreads[n] = spread;
    return spread;
  }

  #answer(request: number, successful: boolean, roundTripSeconds: number): void {
    const user = this.#users[request] as number;
    this.#isAnswered[request] = 1;
    this.#unanswered--;
    this.#onResponse(
      user,
      this.#starts[request] as number,
      roundTripSeconds,
      successful,
      this.#units[request] as number,
      this.#isCold[request] === 1,
      this.#otherSeconds[request] ?? 0,
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
