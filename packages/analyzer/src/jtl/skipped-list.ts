import type { SkippedInput } from "../core/warnings.ts";

const NAMED = 200;

/** Collects what could not be used; the first ones by position, those beyond as one entry with their count. */
export class SkippedList {
  readonly #source: string;
  readonly #named: SkippedInput[] = [];
  #more = 0;
  #lastPosition = "";

  constructor(source: string) {
    this.#source = source;
  }

  add(position: string, reason: string): void {
    if (this.#named.length < NAMED) this.#named.push({ source: this.#source, position, reason });
    else {
      this.#more++;
      this.#lastPosition = position;
    }
  }

  get list(): readonly SkippedInput[] {
    if (this.#more === 0) return this.#named;
    const position = `up to ${this.#lastPosition}`;
    return [
      ...this.#named,
      { source: this.#source, position, reason: `${this.#more} more`, count: this.#more },
    ];
  }
}
