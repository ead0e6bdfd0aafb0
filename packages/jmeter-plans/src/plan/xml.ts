import { type PlanErrorCode, SlbenchError } from "../errors.ts";

/** An XML element; a text child or element children, never both. */
export interface Element {
  readonly tag: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly children?: readonly Element[];
  readonly text?: string;
}

/**
 * Renders an element tree as an XML 1.0 document, two blanks per level.
 * @throws {SlbenchError} PLAN_BAD_TEXT for characters that XML 1.0 cannot hold
 */
export function renderXml(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${render(root, "")}\n`;
}

function render(element: Element, indent: string): string {
  const attributes = Object.entries(element.attributes ?? {})
    .map(([name, value]) => ` ${name}="${escapeXml(value, "attribute")}"`)
    .join("");
  const open = `${indent}<${element.tag}${attributes}`;
  if (element.text !== undefined) return `${open}>${escapeXml(element.text, "text")}</${element.tag}>`;
  if (element.children === undefined || element.children.length === 0) return `${open}/>`;
  const inner = element.children.map((child) => render(child, `${indent}  `)).join("\n");
  return `${open}>\n${inner}\n${indent}</${element.tag}>`;
}

/** Control characters but tab, line feed and carriage return, and two non-characters: XML 1.0 has no way to write them. */
const FORBIDDEN = /(?![\t\n\r])[\p{Cc}\ufffe\uffff]/u;
const LONE_SURROGATE = /\p{Cs}/u;

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Escapes text for an element or a quoted attribute. */
export function escapeXml(text: string, place: "text" | "attribute"): string {
  const found = FORBIDDEN.exec(text) ?? LONE_SURROGATE.exec(text);
  if (found !== null) {
    const code = (found[0].codePointAt(0) ?? 0).toString(16).padStart(4, "0");
    throw new SlbenchError<PlanErrorCode>(
      "PLAN_BAD_TEXT",
      `a plan cannot hold the character U+${code.toUpperCase()} in ${JSON.stringify(text).slice(0, 80)}`,
      { hint: "take it out of the name, path or argument", exitCode: 2 },
    );
  }
  // A reader turns a bare carriage return into a line feed, and in attributes line ends and tabs into blanks.
  return text
    .replaceAll(/[&<>"']/g, (character) => entities[character] as string)
    .replaceAll(place === "text" ? /\r/g : /[\r\n\t]/g, (character) => `&#${character.charCodeAt(0)};`);
}
