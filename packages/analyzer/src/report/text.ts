/** `99.5%`; empty if the ratio is not known. */
export const percent = (ratio: number | undefined): string =>
  ratio === undefined ? "" : `${(100 * ratio).toFixed(ratio === 1 ? 0 : 1)}%`;

/** A limit as it was set: `99%`, `99.5%`. */
export const limitPercent = (ratio: number): string => `${Number((100 * ratio).toFixed(3))}%`;

/** Empty if the value is not known. */
export const threeDecimals = (value: number | undefined): string =>
  value === undefined ? "" : value.toFixed(3);

/** `1 request`, `4 requests`. */
export const formatRequests = (count: number): string => `${count} ${count === 1 ? "request" : "requests"}`;
