/**
 * An argument of a command that is shown to be copied, as a POSIX shell takes it for one word.
 *
 * @example
 * ```ts
 * shellWord("my results/quick"); // "'my results/quick'"
 * ```
 */
export const shellWord = (word: string): string =>
  /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
