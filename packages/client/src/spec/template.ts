/** Placeholders of a body template; `${text}` and `${json}` become JSON values, quotes included. */
export const PLACEHOLDERS = ["base64", "text", "json", "sequence", "user", "uuid"] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

/** A template's literal texts and placeholders in order, or the unknown placeholder. */
export function parseTemplate(
  template: string,
): readonly (string | { readonly name: Placeholder })[] | { readonly unknown: string } {
  const parts: (string | { readonly name: Placeholder })[] = [];
  let rest = template;
  for (let at = rest.indexOf("${"); at >= 0; at = rest.indexOf("${")) {
    const end = rest.indexOf("}", at);
    const name = rest.slice(at + 2, end < 0 ? undefined : end);
    if (end < 0 || !(PLACEHOLDERS as readonly string[]).includes(name)) return { unknown: name };
    if (at > 0) parts.push(rest.slice(0, at));
    parts.push({ name: name as Placeholder });
    rest = rest.slice(end + 1);
  }
  if (rest !== "") parts.push(rest);
  return parts;
}
