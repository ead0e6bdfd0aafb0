/** How often a claim held. */
export interface Count {
  /** Trials in which the claim held. */
  readonly hits: number;
  readonly trials: number;
  /** Further times, in which nothing was claimed. */
  readonly withheld: number;
}

/** Counts by the name of the claim. */
export type Counts = ReadonlyMap<string, Count>;

/** Collects how often each claim held. */
export class Tally {
  readonly #counts = new Map<string, { hits: number; trials: number; withheld: number }>();

  /** @param holds undefined: nothing was claimed */
  add(claim: string, holds: boolean | undefined): void {
    const count = this.#at(claim);
    if (holds === undefined) count.withheld++;
    else count.trials++;
    if (holds === true) count.hits++;
  }

  addAll(counts: Counts): void {
    for (const [claim, { hits, trials, withheld }] of counts) {
      const count = this.#at(claim);
      count.hits += hits;
      count.trials += trials;
      count.withheld += withheld;
    }
  }

  get counts(): Counts {
    return this.#counts;
  }

  #at(claim: string): { hits: number; trials: number; withheld: number } {
    const found = this.#counts.get(claim);
    if (found !== undefined) return found;
    const fresh = { hits: 0, trials: 0, withheld: 0 };
    this.#counts.set(claim, fresh);
    return fresh;
  }
}
