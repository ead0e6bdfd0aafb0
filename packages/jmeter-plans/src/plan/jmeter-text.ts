// biome-ignore-all lint/suspicious/noTemplateCurlyInString: JMeter writes its variables and functions like that

/**
 * JMeter's rule for text: a value without any `${…}` is taken as it stands, backslashes included; in a value
 * with one, a backslash before `$`, `,` or `\` is dropped. So `\${` alone would keep its backslash, and a
 * dollar that is meant as one comes out of a function instead.
 */
const DOLLAR_BRACE = "${__char(36)}{";

/**
 * Makes a value that JMeter reads as exactly this text: `${…}` in it is no variable or function. For a whole
 * value, not for a function's argument.
 */
export function literalText(text: string): string {
  if (!text.includes("${")) return text;
  return text.replaceAll("\\", "\\\\").replaceAll("${", DOLLAR_BRACE);
}

/** The inverse of literalText(). */
export function readLiteralText(value: string): string {
  if (!value.includes("${")) return value;
  return value.replaceAll(DOLLAR_BRACE, "${").replaceAll("\\\\", "\\");
}
