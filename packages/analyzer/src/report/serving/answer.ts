import type { CellSummary } from "../../summary/cell.ts";
import type { JudgedCell } from "./judge-cell.ts";

/** What the cells of one think time, or those of open loops, say about the limits. */
export interface ServingAnswer {
  /** `served`: some load is shown to keep the limits; otherwise the reason why not. */
  readonly state: "served" | "fails" | "undecided" | "not-shown" | "rejected";
  /** The answer in a few words: `At least 16 users`. */
  readonly short: string;
  /** What is known of heavier loads: `7 and 8 users are not decided, 9 users fail`. */
  readonly beyond: string;
  /** The cell that it rests on: the heaviest load that keeps the limits, else the heaviest that may, else the lightest. */
  readonly cell: CellSummary;
  /** Every cell with its verdict, from the lightest load to the heaviest. */
  readonly judged: readonly JudgedCell[];
  /** The answer, the beginning of the sentence. */
  readonly answer: string;
  /** The answer in words, with its limits and its confidence. */
  readonly sentence: string;
}

export interface Serving extends ServingAnswer {
  readonly thinkTimeSeconds: number;
  /** As the answer names it: `0.5 s`, or the distribution of drawn think times. */
  readonly thinkTime: string;
  /** Most users that are shown to keep the limits while active together, no fewer users failing them. */
  readonly users?: number;
  /** More users may be served: none was shown to fail, or the load generator was at its limit where they failed. */
  readonly isAtLeast: boolean;
}
