import { EventHeap } from "../numeric/event-heap.ts";
import { loss, type ModelParameters, type Slowed } from "./parameters.ts";

const ABSENT = 0;
const WAITING = 1;
const SERVED = 2;
/** Served by the last server, if the number of servers is not a whole number. */
const SERVED_SLOWLY = 3;

/**
 * One station of a simulation, and the requests at it. Progress is counted in a virtual time that passes at the speed
 * of a request in full service. Under processor sharing all requests progress alike, so each finishes at a virtual
 * time that is known when it arrives; first come, first served, that holds from the moment it gets a whole server.
 */
export class ServedStation {
  readonly #parameters: Slowed & Pick<ModelParameters, "servers">;
  readonly #isQueue: boolean;
  /** Whole servers, and the share of one more; without a queue, all requests are in service. */
  readonly #wholeServers: number;
  readonly #lastServer: number;
  readonly #states: Uint8Array;
  readonly #work: Float64Array;
  /** Requests in the order in which they came here. */
  readonly #arrivals: Int32Array;
  #arrived = 0;
  #firstWaiting = 0;
  #virtual = 0;
  #speed = 1;
  #present = 0;
  /** Requests in service on whole servers, by the virtual time at which they finish. */
  readonly #served = new EventHeap();
  #servedCount = 0;
  /** The request of the last server (−1: none), and the virtual time at which it would finish there. */
  #slow = -1;
  #slowEnd = 0;

  /** @param requests that come here during the run */
  constructor(parameters: Slowed & Pick<ModelParameters, "servers" | "discipline">, requests: number) {
    this.#parameters = parameters;
    this.#isQueue = parameters.discipline === "first-come";
    this.#wholeServers = this.#isQueue ? Math.floor(parameters.servers) : Number.POSITIVE_INFINITY;
    this.#lastServer = Number.isFinite(this.#wholeServers) ? parameters.servers - this.#wholeServers : 0;
    this.#states = new Uint8Array(requests);
    this.#work = new Float64Array(requests);
    this.#arrivals = new Int32Array(requests);
  }

  /** Requests here, waiting or in service. */
  get present(): number {
    return this.#present;
  }

  has(request: number): boolean {
    return this.#states[request] !== ABSENT;
  }

  /**
   * When the next request finishes; Infinity if none is here.
   * @param factor how fast the host is until then
   */
  nextEndAt(nowSeconds: number, factor: number): number {
    this.#speed = factor * this.#pace();
    return nowSeconds + (this.#nextEnd() - this.#virtual) / this.#speed;
  }

  /** Lets time pass, at the speed of the last nextEndAt(). */
  advance(seconds: number): void {
    this.#virtual += seconds * this.#speed;
  }

  /** @param work seconds alone on the host */
  add(request: number, work: number): void {
    this.#work[request] = work;
    this.#states[request] = WAITING;
    this.#arrivals[this.#arrived++] = request;
    this.#present++;
    this.#fillServers();
  }

  /** Removes the request that finishes next. @returns it */
  takeNext(): number {
    const isSlow = this.#slow >= 0 && this.#slowEnd <= this.#served.time;
    const request = isSlow ? this.#slow : this.#served.id;
    this.remove(request);
    return request;
  }

  remove(request: number): void {
    if (this.#states[request] === SERVED) this.#servedCount--;
    if (request === this.#slow) this.#slow = -1;
    this.#states[request] = ABSENT;
    this.#present--;
    this.#fillServers();
  }

  /** Speed of a request in full service, relative to its speed alone on the host. */
  #pace(): number {
    const n = this.#present;
    const shared = this.#isQueue ? 1 : Math.min(1, this.#parameters.servers / n);
    return shared / loss(this.#parameters, n);
  }

  /** Virtual time at which the next request finishes; Infinity if none is in service. */
  #nextEnd(): number {
    while (this.#served.size > 0 && this.#states[this.#served.id] === ABSENT) this.#served.pop();
    return this.#slow < 0 ? this.#served.time : Math.min(this.#served.time, this.#slowEnd);
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
      const request = this.#arrivals[this.#firstWaiting++] as number;
      if (this.#states[request] === WAITING) return request;
    }
    return -1;
  }
}
