/** `think time 0 s`, as in every figure. */
export const thinkName = (thinkTimeSeconds: number): string => `think time ${thinkTimeSeconds} s`;

/** Seconds for a table. */
export const seconds = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? "" : value.toFixed(3);

/** Four digits that count, without trailing zeros. */
export const fourDigits = (value: number): string => String(Number(value.toPrecision(4)));
