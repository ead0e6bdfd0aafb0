import { formatPercent } from "./format.ts";

/** A run in which the host became faster or slower. */
export interface HostChange {
  readonly repetition: number;
  /** After so many of its requests, in order of start, … */
  readonly at: number;
  /** … of so many. */
  readonly of: number;
  /** (round trip after − before) ÷ before: −0.27 is 27% shorter. */
  readonly changeRatio: number;
}

/**
 * How a change shows, without its repetition.
 *
 * @example
 * ```ts
 * describeHostChange({ repetition: 1, at: 56, of: 259, changeRatio: -0.27 }); // "27% shorter after request 56 of 259"
 * ```
 */
export const describeHostChange = ({ at, of, changeRatio }: HostChange): string =>
  `${formatPercent(Math.abs(changeRatio), 0)} ${changeRatio < 0 ? "shorter" : "longer"} after request ${at} of ${of}`;
