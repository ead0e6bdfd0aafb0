import type { PlacedReplica } from "@slbench/handler/autoscaler";
import { loss, type ModelParameters } from "../station/parameters.ts";

interface Placed {
  readonly request: number;
  /** Virtual time at which it ends, once it is in service; before, its work. */
  end: number;
}

/**
 * One replica and its requests. Progress is counted in a virtual time that passes at the speed of each request in
 * service, so a request in service ends at a virtual time that is known.
 */
export class Replica implements PlacedReplica {
  readonly readySeconds: number;
  readonly #station: ModelParameters;
  /** Requests in service at a time: all of them if they share the replica. */
  readonly #places: number;
  readonly #inService: Placed[] = [];
  readonly #waiting: Placed[] = [];
  #virtual = 0;
  /** When its last request ended, or it became ready. */
  idleSince: number;

  constructor(station: ModelParameters, readySeconds: number) {
    this.#station = station;
    this.readySeconds = readySeconds;
    this.idleSince = readySeconds;
    this.#places =
      station.discipline === "first-come" ? Math.ceil(station.servers) : Number.POSITIVE_INFINITY;
  }

  /** Requests on it, in service or waiting. */
  get inFlight(): number {
    return this.#inService.length + this.#waiting.length;
  }

  get busyServers(): number {
    return Math.min(this.#inService.length, this.#station.servers);
  }

  /** Until its next request ends if nothing else happens, at full speed of its machine; Infinity without one. */
  get secondsToNextEnd(): number {
    if (this.#inService.length === 0) return Number.POSITIVE_INFINITY;
    return (this.#next().end - this.#virtual) / this.#pace();
  }

  advance(seconds: number): void {
    if (this.#inService.length > 0) this.#virtual += seconds * this.#pace();
  }

  /** @param work seconds alone on the replica */
  add(request: number, work: number): void {
    this.#waiting.push({ request, end: work });
    this.#fill();
  }

  /** Removes the request that ends next. */
  takeFirst(atSeconds: number): number {
    const { request } = this.#next();
    this.remove(request, atSeconds);
    return request;
  }

  remove(request: number, atSeconds: number): void {
    for (const list of [this.#inService, this.#waiting]) {
      const index = list.findIndex((one) => one.request === request);
      if (index >= 0) list.splice(index, 1);
    }
    this.#fill();
    if (this.inFlight === 0) this.idleSince = atSeconds;
  }

  /** Speed of each request in service, relative to its speed alone. */
  #pace(): number {
    const n = this.#inService.length;
    return Math.min(1, this.#station.servers / n) / loss(this.#station, n);
  }

  #next(): Placed {
    return this.#inService.reduce((first, one) => (one.end < first.end ? one : first));
  }

  #fill(): void {
    while (this.#inService.length < this.#places) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next.end += this.#virtual;
      this.#inService.push(next);
    }
  }
}
