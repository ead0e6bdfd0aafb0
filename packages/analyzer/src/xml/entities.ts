const NAMED = [
  ["&quot;", '"'],
  ["&apos;", "'"],
  ["&lt;", "<"],
  ["&gt;", ">"],
] as const;

/**
 * Resolves the references that JMeter writes. Also those that XML 1.0 forbids (`&#x0;`, `&#xffff;`):
 * JMeter writes them for control characters in response data.
 */
export function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  // Whole texts at once, many times faster than one pattern; what may give an ampersand comes last.
  let decoded = text;
  for (const [reference, character] of NAMED) decoded = decoded.replaceAll(reference, character);
  if (!decoded.includes("&")) return decoded;
  return decoded.replaceAll(/&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|amp);/g, (whole, hex, decimal) => {
    if (hex === undefined && decimal === undefined) return "&";
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
