/** Cold starts on a host that keeps an instance of the function per request in service. */
export interface ColdStarts {
  /** Work on the host that a cold start adds to a request, seconds alone on the host. */
  readonly seconds: number;
  /** Its coefficient of variation. */
  readonly variation: number;
  /** An instance that was idle for longer is gone; Infinity: none ever goes. */
  readonly keepAliveSeconds: number;
}

/**
 * Instances of a function, one per request in service. A request takes the idle instance that was used last, so the
 * others age.
 *
 * @see McGrath and Brenner 2017, Serverless Computing: Design, Implementation, and Performance (newest idle first)
 */
export class Instances {
  /** When each idle instance was used last, ascending. */
  readonly #idleSince: number[] = [];

  /** A request arrives. @returns for how long its instance was idle; Infinity if there is none */
  arrive(atSeconds: number): number {
    return atSeconds - (this.#idleSince.pop() ?? Number.NEGATIVE_INFINITY);
  }

  /** A request leaves. */
  leave(atSeconds: number): void {
    this.#idleSince.push(atSeconds);
  }
}
