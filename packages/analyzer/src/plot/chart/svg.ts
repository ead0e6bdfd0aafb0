type Attributes = Readonly<Record<string, string | number | undefined>>;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Those with a meaning in XML, and those that XML 1.0 forbids. */
const SPECIAL = /[&<>"]|[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu;

/** Text as it may stand in an element or in a quoted attribute; a character that XML forbids becomes U+FFFD. */
export const escapeXml = (text: string): string =>
  text.replaceAll(SPECIAL, (character) => ENTITIES[character] ?? "\ufffd");

/** Pixels with one decimal: finer than a screen shows, and the page stays small. */
export const px = (value: number): number => Math.round(value * 10) / 10 + 0;

/**
 * One element as text. Attributes that are undefined are left out; children are markup already.
 *
 * @example
 * ```ts
 * element("text", { x: 1.26, fill: undefined }, escapeXml("a < b")); // "<text x=\"1.3\">a &lt; b</text>"
 * ```
 */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return [` ${key}="${typeof value === "number" ? px(value) : escapeXml(value)}"`];
  });
  const content = children.join("");
  return content === ""
    ? `<${name}${written.join("")}/>`
    : `<${name}${written.join("")}>${content}</${name}>`;
}

/** A line of text. */
export const text = (words: string, attributes: Attributes): string =>
  element("text", attributes, escapeXml(words));
