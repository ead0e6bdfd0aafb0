/** Start of 2000: before JMeter, so an earlier time is a counter that began at 0, or a sample that never began. */
export const MIN_EPOCH_MS = 946_684_800_000;
/** Start of 2100. */
export const MAX_EPOCH_MS = 4_102_444_800_000;

/**
 * Whether a number of milliseconds can be the time of a measurement: the years 2000 to 2099.
 *
 * @example
 * ```ts
 * isEpochMs(1_700_000_000_000); // true
 * isEpochMs(0); // false
 * ```
 */
export const isEpochMs = (ms: number): boolean => ms >= MIN_EPOCH_MS && ms < MAX_EPOCH_MS;
