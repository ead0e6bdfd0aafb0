/** Times beyond so many times the usual ones do not stretch an axis. */
const FAR_BEYOND = 3;

/**
 * The upper end of an axis of times that a few far longer ones, such as time-outs, do not stretch.
 *
 * @param usual what nearly all times do not exceed
 *
 * @example
 * ```ts
 * axisEnd(25, 2); // 3
 * axisEnd(5, 2); // 5
 * ```
 */
export const axisEnd = (longest: number, usual: number): number =>
  longest > FAR_BEYOND * usual && usual > 0 ? 1.5 * usual : longest;
