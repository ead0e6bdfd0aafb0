import { type Autoscaler, chooseReplica, replicasToRemove } from "@slbench/handler/autoscaler";
import { drawExponential } from "../../stats/draw-exponential.ts";
import { drawLognormal, logSpread } from "../../stats/draw-lognormal.ts";
import { createRandom } from "../../stats/random.ts";
import { EventHeap } from "../numeric/event-heap.ts";
import { demandAt, drawUnits } from "../station/sizes.ts";
import type { Platform, PlatformRequest, PlatformRun, Senders } from "./platform.ts";
import { Replica } from "./replica.ts";

export interface PlatformOptions {
  readonly senders: Senders;
  /** Infinity for none. */
  readonly limitSeconds: number;
  /** Ready at 0. */
  readonly initialReplicas: number;
  /** Replicas count from then on; default 0. */
  readonly fromSeconds?: number;
  /** The run lasts at least until then, so that replicas without requests count; default: the last response. */
  readonly untilSeconds?: number;
  /** The rule's clock at 0: rules decide at multiples of their interval. Default 0. */
  readonly clockSeconds?: number;
  /** Distribution of the service demand: lognormal (default), or exponential for textbook cases. */
  readonly work?: "lognormal" | "exponential";
  readonly seed: number;
}

/**
 * Discrete-event simulation of a serverless platform. The gateway gives each request to the replica with the fewest
 * requests and a free slot, among several to the one that was in use last, or lets it wait. The autoscaler starts
 * replicas, each of which takes its start time, and ends those that have been idle longest; if all are busy, those with
 * the fewest requests, once they complete. The local gateway does the same.
 *
 * Requests on one replica share it, or queue for it, as the fitted station says. If all replicas share a machine, each
 * is slowed down alike once they want more servers than the machine has. Starting a replica costs time, not servers.
 *
 * @param autoscaler a new one
 */
export function simulatePlatform(
  platform: Platform,
  autoscaler: Autoscaler,
  options: PlatformOptions,
): PlatformRun {
  return new PlatformSimulation(platform, autoscaler, options).run();
}

/** Work that a request needs at least, as a share of the mean. */
const MIN_WORK = 0.05;
const NOT_ARRIVED = 0;
const QUEUED = 1;
const PLACED = 2;
const GONE = 3;

class PlatformSimulation {
  readonly #platform: Platform;
  readonly #autoscaler: Autoscaler;
  readonly #options: PlatformOptions;
  readonly #random: () => number;
  readonly #starts: () => number;
  readonly #zero: number;
  readonly #workSpread: number;

  /** By the rule's clock, as all times within. */
  #now: number;
  #unanswered: number;
  #replicas: readonly Replica[] = [];
  /** Replicas that complete their last requests. */
  #ending: readonly Replica[] = [];
  #replicaSeconds = 0;
  #maxReplicas = 0;
  /** Replicas that are starting, by the time at which they are ready. */
  readonly #starting = new EventHeap();
  #started = 0;
  /** When each user's next request arrives at the gateway. */
  readonly #due = new EventHeap();
  readonly #unsent: Int32Array;

  /** Requests in the order of arrival. */
  #arrived = 0;
  readonly #users: Int32Array;
  readonly #sentSeconds: Float64Array;
  readonly #states: Uint8Array;
  readonly #isCold: Uint8Array;
  readonly #isCut: Uint8Array;
  readonly #places: (Replica | undefined)[] = [];
  #queued = 0;
  /** At a replica. */
  #inFlight = 0;
  #completed = 0;
  #cpuSeconds = 0;
  #firstQueued = 0;
  #firstUncut = 0;
  readonly #done: PlatformRequest[] = [];

  constructor(platform: Platform, autoscaler: Autoscaler, options: PlatformOptions) {
    this.#platform = platform;
    this.#autoscaler = autoscaler;
    this.#options = options;
    this.#zero = options.clockSeconds ?? 0;
    this.#now = this.#zero;
    this.#random = createRandom(options.seed);
    // Another stream, so that the same requests meet other rules.
    this.#starts = createRandom(~options.seed);
    this.#workSpread = logSpread(platform.replica.demandVariation);
    const { startSeconds, requestsPerUser } = options.senders;
    const total = startSeconds.length * requestsPerUser;
    this.#unanswered = total;
    this.#users = new Int32Array(total);
    this.#sentSeconds = new Float64Array(total);
    this.#states = new Uint8Array(total).fill(NOT_ARRIVED);
    this.#isCold = new Uint8Array(total);
    this.#isCut = new Uint8Array(total);
    this.#unsent = new Int32Array(startSeconds.length).fill(requestsPerUser);
    for (const [user, start] of startSeconds.entries())
      this.#due.push(this.#zero + start + platform.replica.delaySeconds, user);
    for (let index = 0; index < options.initialReplicas; index++) this.#addReplica(Number.NEGATIVE_INFINITY);
  }

  run(): PlatformRun {
    const untilSeconds = this.#zero + (this.#options.untilSeconds ?? 0);
    this.#scale();
    while (this.#unanswered > 0 || this.#now < untilSeconds) {
      const speed = this.#hostSpeed();
      const nextDone = this.#nextDone(speed);
      const nextCut = this.#nextCut();
      const nextStart = this.#starting.time;
      const nextSend = this.#due.time;
      const nextRule = this.#autoscaler.nextAt(this.#now);
      const next = Math.min(nextDone.at, nextCut, nextStart, nextSend, nextRule);
      const end = this.#unanswered > 0 ? next : Math.min(next, untilSeconds);
      this.#advance(end, speed);
      if (end < next) break;
      if (next === nextDone.at) this.#finish(nextDone.replica as Replica);
      else if (next === nextCut) this.#cut();
      else if (next === nextStart) this.#makeReady();
      else if (next === nextSend) this.#send();
      this.#scale();
    }
    return {
      requests: this.#done,
      replicaSeconds: this.#replicaSeconds,
      endSeconds: this.#now - this.#zero,
      maxReplicas: this.#maxReplicas,
    };
  }

  /** Speed of every replica, relative to having its machine to itself. */
  #hostSpeed(): number {
    const { hostServers } = this.#platform;
    if (hostServers === Number.POSITIVE_INFINITY) return 1;
    const wanted = this.#busyServers();
    return wanted > hostServers ? hostServers / wanted : 1;
  }

  #busyServers(): number {
    return this.#all().reduce((sum, replica) => sum + replica.busyServers, 0);
  }

  #all(): readonly Replica[] {
    return this.#ending.length === 0 ? this.#replicas : [...this.#replicas, ...this.#ending];
  }

  #nextDone(speed: number): { readonly at: number; readonly replica?: Replica } {
    let [at, first] = [Number.POSITIVE_INFINITY, undefined as Replica | undefined];
    for (const replica of this.#all()) {
      const end = this.#now + replica.secondsToNextEnd / speed;
      if (end < at) [at, first] = [end, replica];
    }
    return first === undefined ? { at } : { at, replica: first };
  }

  #nextCut(): number {
    const { limitSeconds } = this.#options;
    if (limitSeconds === Number.POSITIVE_INFINITY) return limitSeconds;
    while (this.#firstUncut < this.#arrived && this.#isSettled(this.#firstUncut)) this.#firstUncut++;
    return this.#firstUncut < this.#arrived
      ? (this.#sentSeconds[this.#firstUncut] as number) + limitSeconds
      : Number.POSITIVE_INFINITY;
  }

  #isSettled(request: number): boolean {
    return this.#isCut[request] === 1 || this.#states[request] === GONE;
  }

  #advance(to: number, speed: number): void {
    const seconds = to - this.#now;
    this.#cpuSeconds += seconds * speed * this.#busyServers();
    for (const replica of this.#all()) replica.advance(seconds * speed);
    const from = this.#zero + (this.#options.fromSeconds ?? 0);
    this.#replicaSeconds += Math.max(0, to - Math.max(from, this.#now)) * this.#existing();
    this.#now = to;
  }

  /** Replicas that cost something. */
  #existing(): number {
    return this.#replicas.length + this.#starting.size + this.#ending.length;
  }

  #send(): void {
    const user = this.#due.id;
    this.#due.pop();
    this.#unsent[user] = (this.#unsent[user] as number) - 1;
    const request = this.#arrived++;
    this.#users[request] = user;
    this.#sentSeconds[request] = this.#now - this.#platform.replica.delaySeconds;
    if (this.#queued >= this.#platform.maxQueued && this.#freeReplica() === undefined) {
      this.#states[request] = GONE;
      this.#answer(request, false);
      return;
    }
    this.#states[request] = QUEUED;
    this.#queued++;
    this.#place();
  }

  #freeReplica(): Replica | undefined {
    return chooseReplica(this.#replicas, this.#platform.concurrency);
  }

  /** Gives waiting requests to free slots, in the order of arrival. */
  #place(): void {
    while (this.#queued > 0) {
      const replica = this.#freeReplica();
      if (replica === undefined) return;
      while (this.#states[this.#firstQueued] !== QUEUED) this.#firstQueued++;
      const request = this.#firstQueued++;
      this.#queued--;
      this.#inFlight++;
      this.#states[request] = PLACED;
      this.#places[request] = replica;
      const { delaySeconds } = this.#platform.replica;
      const arrivedSeconds = (this.#sentSeconds[request] as number) + delaySeconds;
      this.#isCold[request] = Number(replica.readySeconds > arrivedSeconds);
      replica.add(request, this.#drawWork());
    }
  }

  #drawWork(): number {
    const { replica } = this.#platform;
    const units = drawUnits(replica, this.#random);
    const demand = units === undefined ? replica.demandSeconds : demandAt(replica, units);
    if (this.#options.work === "exponential") return drawExponential(this.#random) * demand;
    return demand * Math.max(MIN_WORK, drawLognormal(this.#random, this.#workSpread));
  }

  #finish(replica: Replica): void {
    const request = replica.takeFirst(this.#now);
    this.#leaveReplica(request);
    if (this.#isCut[request] === 0) this.#answer(request, true);
    this.#place();
  }

  #leaveReplica(request: number): void {
    this.#states[request] = GONE;
    this.#places[request] = undefined;
    if (this.#ending.length > 0) this.#ending = this.#ending.filter(({ inFlight }) => inFlight > 0);
    this.#inFlight--;
    this.#completed++;
  }

  #cut(): void {
    const request = this.#firstUncut;
    this.#isCut[request] = 1;
    if (this.#states[request] === QUEUED) {
      this.#queued--;
      this.#states[request] = GONE;
    } else if (this.#platform.timeoutBehaviour === "cancelled") {
      this.#places[request]?.remove(request, this.#now);
      this.#leaveReplica(request);
    }
    this.#answer(request, false);
    this.#place();
  }

  #answer(request: number, successful: boolean): void {
    const user = this.#users[request] as number;
    const startSeconds = this.#sentSeconds[request] as number;
    this.#unanswered--;
    this.#done.push({
      ...{ user, successful },
      startSeconds: startSeconds - this.#zero,
      roundTripSeconds: Math.min(this.#now - startSeconds, this.#options.limitSeconds),
      isCold: this.#isCold[request] === 1,
    });
    if ((this.#unsent[user] as number) > 0)
      this.#due.push(this.#now + this.#drawThink() + this.#platform.replica.delaySeconds, user);
  }

  #drawThink(): number {
    const { think, thinkTimeSeconds } = this.#options.senders;
    return think === "exponential" ? drawExponential(this.#random) * thinkTimeSeconds : thinkTimeSeconds;
  }

  #makeReady(): void {
    this.#starting.pop();
    this.#addReplica(this.#now);
    this.#place();
  }

  #addReplica(readySeconds: number): void {
    this.#replicas = [...this.#replicas, new Replica(this.#platform.replica, readySeconds)];
  }

  /** Starts and stops replicas as the rule wants. */
  #scale(): void {
    this.#autoscaler.observe(this.#now, {
      inFlight: this.#inFlight,
      queued: this.#queued,
      ready: this.#replicas.length,
      starting: this.#starting.size,
      completed: this.#completed,
      cpuSeconds: this.#cpuSeconds,
    });
    const wanted = this.#autoscaler.wanted(this.#now);
    while (this.#replicas.length + this.#starting.size < wanted)
      this.#starting.push(this.#now + this.#drawStart(), this.#started++);
    this.#maxReplicas = Math.max(this.#maxReplicas, this.#existing());
    this.#retire(this.#replicas.length + this.#starting.size - wanted);
  }

  #retire(count: number): void {
    if (count <= 0) return;
    const retired = new Set(replicasToRemove(this.#replicas, count));
    this.#replicas = this.#replicas.filter((replica) => !retired.has(replica));
    this.#ending = [...this.#ending, ...[...retired].filter((replica) => replica.inFlight > 0)];
  }

  #drawStart(): number {
    const { meanSeconds, variation } = this.#platform.startTime;
    return meanSeconds * drawLognormal(this.#starts, logSpread(variation));
  }
}
