import type { Condition } from "../core/condition.ts";
import { formatDecimals } from "../core/format.ts";

/** In a column of users: `4`, or the rate of an open loop, `2.5/s`. */
export const loadOf = ({ users, ratePerSecond }: Condition): string =>
  ratePerSecond === undefined ? String(users) : `${ratePerSecond}/s`;

/** In a column of think times; empty in an open loop. */
export const thinkTimeOf = ({ thinkTimeSeconds, thinkTime, ratePerSecond }: Condition): string =>
  ratePerSecond === undefined ? (thinkTime ?? String(thinkTimeSeconds)) : "";

/** `99.5%`; empty if the ratio is not known. */
export const percent = (ratio: number | undefined): string =>
  ratio === undefined ? "" : `${(100 * ratio).toFixed(ratio === 1 ? 0 : 1)}%`;

/** A limit as it was set: `99%`, `99.5%`. */
export const limitPercent = (ratio: number): string => `${Number((100 * ratio).toFixed(3))}%`;

/** Empty if the value is not known. */
export const decimals = (value: number | undefined): string =>
  value === undefined ? "" : formatDecimals(value);

/** `1 request`, `4 requests`, `4 more requests`. */
export const formatRequests = (count: number, more = ""): string =>
  `${count} ${more}${count === 1 ? "request" : "requests"}`;
