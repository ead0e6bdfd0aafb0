/**
 * A text with user name and password of every address in it replaced by `***`: for whatever is printed or saved.
 *
 * @example
 * ```ts
 * redactUrls("http://me:secret@host/f fails"); // "http://***@host/f fails"
 * ```
 */
export function redactUrls(text: string): string {
  // Up to the last @ before a path begins: a password may hold an @ itself.
  return text.replaceAll(/([A-Za-z][A-Za-z0-9+.-]*:\/\/)[^/?#\s"'`]*@/g, "$1***@");
}
