/** Up to here a successful sample satisfies its user, and up to here the user tolerates it: JMeter's defaults, seconds. */
export const APDEX_SECONDS = { satisfied: 0.5, tolerated: 1.5 } as const;

/** The counts as plain data, which can be sent to another thread. */
export interface ApdexData {
  readonly satisfied: number;
  readonly tolerating: number;
  readonly all: number;
}

/**
 * Counts satisfied and tolerating users; a failed sample frustrates its user, however fast it was.
 * @see the Application Performance Index, apdex.org: (satisfied + tolerating ÷ 2) ÷ all
 */
export class ApdexCounts {
  #satisfied = 0;
  #tolerating = 0;
  #all = 0;

  add(elapsedMs: number, success: boolean, count: number): void {
    this.#all += count;
    if (!success) return;
    if (elapsedMs <= 1000 * APDEX_SECONDS.satisfied) this.#satisfied += count;
    else if (elapsedMs <= 1000 * APDEX_SECONDS.tolerated) this.#tolerating += count;
  }

  toData(): ApdexData {
    return { satisfied: this.#satisfied, tolerating: this.#tolerating, all: this.#all };
  }

  static fromData({ satisfied, tolerating, all }: ApdexData): ApdexCounts {
    const made = new ApdexCounts();
    made.#satisfied = satisfied;
    made.#tolerating = tolerating;
    made.#all = all;
    return made;
  }

  merge(other: ApdexCounts): void {
    this.#satisfied += other.#satisfied;
    this.#tolerating += other.#tolerating;
    this.#all += other.#all;
  }

  /** 0..1; NaN without samples. */
  get score(): number {
    return (this.#satisfied + this.#tolerating / 2) / this.#all;
  }
}
