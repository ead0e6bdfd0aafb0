/**
 * A number of users.
 *
 * @example
 * ```ts
 * formatUsers(1); // "1 user"
 * formatUsers(4); // "4 users"
 * ```
 */
export const formatUsers = (users: number): string => formatCount(users, "user");

/**
 * A whole number with separators of thousands. Without toLocaleString(), which takes 50 ms to load at its first call.
 *
 * @example
 * ```ts
 * formatInteger(1234567); // "1,234,567"
 * ```
 */
export const formatInteger = (count: number): string =>
  String(count).replaceAll(/(?<!\.\d*)\B(?=(?:\d{3})+(?:\.|$))/g, ",");

/**
 * How many of something, for nouns that take an s.
 *
 * @example
 * ```ts
 * formatCount(2, "client"); // "2 clients"
 * formatCount(12000, "request"); // "12,000 requests"
 * ```
 */
export const formatCount = (count: number, noun: string): string =>
  `${formatInteger(count)} ${count === 1 ? noun : `${noun}s`}`;

/**
 * An estimated number, rounded up to two digits: more of them would claim to be known.
 *
 * @example
 * ```ts
 * roundEstimate(626_917); // 630000
 * ```
 */
export function roundEstimate(count: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return Math.ceil(count / step) * step;
}

/**
 * About how many of something, for nouns that take an s.
 *
 * @example
 * ```ts
 * formatAbout(626_917, "more request"); // "about 630,000 more requests"
 * ```
 */
export const formatAbout = (count: number, noun: string): string =>
  `about ${formatCount(roundEstimate(count), noun)}`;

/**
 * A ratio as a percentage.
 *
 * @param digits after the point
 *
 * @example
 * ```ts
 * formatPercent(0.9734); // "97.3%"
 * formatPercent(0.9734, 0); // "97%"
 * ```
 */
export const formatPercent = (ratio: number, digits = 1): string => `${(100 * ratio).toFixed(digits)}%`;

/**
 * Seconds as they are, or with so many digits after the point.
 *
 * @example
 * ```ts
 * formatSeconds(0.5); // "0.5 s"
 * formatSeconds(0.5, 3); // "0.500 s"
 * ```
 */
export const formatSeconds = (seconds: number, digits?: number): string =>
  `${digits === undefined ? seconds : seconds.toFixed(digits)} s`;

/**
 * Three digits that count, for the large numbers of a first screen.
 *
 * @example
 * ```ts
 * formatThreeDigits(16.5814); // "16.6"
 * formatThreeDigits(0.2); // "0.200"
 * formatThreeDigits(12345); // "12345"
 * ```
 */
export function formatThreeDigits(value: number): string {
  if (value === 0) return "0";
  const decimals = 2 - Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.min(6, Math.max(0, decimals)));
}

/**
 * As many as three digits that count, without zeros at the end.
 *
 * @example
 * ```ts
 * formatShort(16.5814); // "16.6"
 * formatShort(0.2); // "0.2"
 * ```
 */
export const formatShort = (value: number): string => String(Number(value.toPrecision(3)));

/** Below this, three decimals say too little. */
const SMALL = 0.0095;

/**
 * Three decimals, but two digits of a small value, so that the times of a fast function are not all 0.000.
 *
 * @example
 * ```ts
 * formatDecimals(1.23456); // "1.235"
 * formatDecimals(0.000318); // "0.00032"
 * ```
 */
export const formatDecimals = (value: number): string => {
  const magnitude = Math.abs(value);
  if (magnitude >= SMALL || magnitude < 1e-6) return value.toFixed(3);
  return value.toFixed(Math.max(3, 1 - Math.floor(Math.log10(magnitude))));
};
