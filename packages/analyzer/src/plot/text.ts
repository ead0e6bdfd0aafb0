import { describeThinkTime, type ThinkTime } from "../core/condition.ts";
import { formatInteger, formatPercent } from "../core/format.ts";

/** `think time 0 s`, as in every figure. */
export const thinkName = (think: ThinkTime): string => `think time ${describeThinkTime(think)}`;

/** Seconds for a table. */
export const seconds = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? "" : value.toFixed(3).replace(/^-(?=0\.0+$)/, "");

/** Times that an axis leaves out. */
export interface BeyondAxis {
  readonly count: number;
  /** Those within the axis included. */
  readonly of: number;
  readonly longestSeconds: number;
}

/** How many lie beyond an axis; nothing if none does. @param noun what takes the time: `requests` */
export const beyondAxisNotes = (
  { count, of, longestSeconds }: BeyondAxis,
  noun: string,
): readonly string[] =>
  count === 0
    ? []
    : [
        `${formatInteger(count)} of ${formatInteger(of)} ${noun} (${formatPercent(count / of)}) took longer than the axis shows, up to ${fourDigits(longestSeconds)} s.`,
      ];

/** Four digits that count, without trailing zeros. */
export const fourDigits = (value: number): string => String(Number(value.toPrecision(4)));
