import type { SkippedInput } from "../core/warnings.ts";

const NAMED = 200;

/** Collects what could not be used; the first ones by place, those beyond as one entry with their count. */
export class Losses {
  readonly #source: string;
  readonly #named: SkippedInput[] = [];
  #more = 0;
  #lastPlace = "";

  constructor(source: string) {
    this.#source = source;
  }

  add(place: string, reason: string): void {
    if (this.#named.length < NAMED) this.#named.push({ source: this.#source, place, reason });
    else {
      this.#more++;
      this.#lastPlace = place;
    }
  }

  get list(): readonly SkippedInput[] {
    if (this.#more === 0) return this.#named;
    const place = `up to ${this.#lastPlace}`;
    return [...this.#named, { source: this.#source, place, reason: `${this.#more} more`, count: this.#more }];
  }
}
