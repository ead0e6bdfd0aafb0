/**
 * Makes a text that JMeter reads as it stands: `${…}` in it is no variable or function.
 * JMeter drops a backslash before `$`, `,` and `\` in any text that holds a function.
 */
export function escapeJMeter(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("$", "\\$").replaceAll(",", "\\,");
}
