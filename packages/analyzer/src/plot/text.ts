import { describeThinkTime, type ThinkTime } from "../core/condition.ts";

/** `think time 0 s`, as in every figure. */
export const thinkName = (think: ThinkTime): string => `think time ${describeThinkTime(think)}`;

/** Seconds for a table. */
export const seconds = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? "" : value.toFixed(3);

/** Four digits that count, without trailing zeros. */
export const fourDigits = (value: number): string => String(Number(value.toPrecision(4)));
