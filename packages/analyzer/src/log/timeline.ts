import { AdaptiveGroups, type GroupsData } from "./adaptive-groups.ts";
import { Slice, type SliceData, type SliceNumbers } from "./slice.ts";

/** Slices that are kept at most: finer than a figure shows. */
const MAX_SLICES = 600;
const FIRST_SLICE_MS = 1000;

/** A timeline as plain data, which can be sent to another thread. */
export interface TimelineData {
  readonly slices: GroupsData<SliceData>;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Samples by the slice of time in which they ended, from the first start to the last end. */
export class Timeline {
  readonly slices = new AdaptiveGroups(FIRST_SLICE_MS, MAX_SLICES, () => new Slice());
  #firstMs = Number.POSITIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;

  get firstMs(): number {
    return this.#firstMs;
  }

  get lastMs(): number {
    return this.#lastMs;
  }

  /** The slice in which a sample ended. */
  at(startMs: number, elapsedMs: number): Slice {
    const endMs = startMs + elapsedMs;
    this.#include(startMs, endMs);
    return this.slices.at(endMs);
  }

  toData(): TimelineData {
    return {
      slices: this.slices.toData((slice) => slice.toData()),
      ...{ firstMs: this.#firstMs, lastMs: this.#lastMs },
    };
  }

  /** @param numbers what its codes and labels have here */
  joinData({ slices, firstMs, lastMs }: TimelineData, numbers: SliceNumbers): void {
    this.#include(firstMs, lastMs);
    this.slices.joinData(slices, (slice, data) => slice.joinData(data, numbers));
  }

  #include(firstMs: number, lastMs: number): void {
    if (firstMs < this.#firstMs) this.#firstMs = firstMs;
    if (lastMs > this.#lastMs) this.#lastMs = lastMs;
  }
}
