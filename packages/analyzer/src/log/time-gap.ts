import { isEpochMs } from "../core/epoch.ts";
import { AdaptiveGroups, type GroupsData } from "./adaptive-groups.ts";

/** The longest time within a log in which no sample ended, ms since the epoch. */
export interface TimeGap {
  readonly fromMs: number;
  readonly toMs: number;
  /** Of the whole log. */
  readonly spanMs: number;
}

/** Slices of time that are kept apart at most. */
const MAX_SLICES = 500;
const FIRST_SLICE_MS = 1000;
/** A slice in which a sample ended. */
const SEEN = { merge: () => {} };

/** Finds the longest pause of a log; memory stays flat, and the order of the samples does not matter. */
export class TimeGapFinder {
  readonly #seen = new AdaptiveGroups(FIRST_SLICE_MS, MAX_SLICES, () => SEEN);

  add(startMs: number, elapsedMs: number): void {
    if (isEpochMs(startMs)) this.#seen.at(startMs + elapsedMs);
  }

  toData(): GroupsData<true> {
    return this.#seen.toData(() => true);
  }

  joinData(data: GroupsData<true>): void {
    this.#seen.joinData(data, () => {});
  }

  /** Its ends are accurate to the width of a slice; undefined if a sample ended in every slice. */
  longest(): TimeGap | undefined {
    const starts = [...this.#seen].map(({ from }) => from);
    const [first = 0] = starts;
    const spanMs = (starts.at(-1) ?? first) + this.#seen.width - first;
    let found: TimeGap | undefined;
    let fromMs = first;
    for (const toMs of starts) {
      if (toMs - fromMs > (found === undefined ? 0 : found.toMs - found.fromMs))
        found = { fromMs, toMs, spanMs };
      fromMs = toMs + this.#seen.width;
    }
    return found;
  }
}
