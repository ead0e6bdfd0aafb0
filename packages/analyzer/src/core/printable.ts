/** Control characters, and those that change the direction of the text around them. */
const UNPRINTABLE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * A text of a log or a function as one line for a terminal, which would obey its control characters.
 *
 * @example
 * ```ts
 * printable("a\n\u001b[31mb"); // "a [31mb"
 * ```
 */
export const printable = (text: string): string => text.replaceAll(UNPRINTABLE, " ");
