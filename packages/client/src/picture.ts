import type { AnswerFormat } from "./options.ts";

/** The blurred picture in an answer's body with its file extension, or undefined when there is none. */
export function pictureOf(
  body: Uint8Array,
  format: AnswerFormat,
): { readonly bytes: Uint8Array; readonly extension: string } | undefined {
  const bytes =
    format === "image" ? body : decodeBase64(encodedPicture(new TextDecoder().decode(body), format));
  if (bytes === undefined) return undefined;
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return { bytes, extension: "jpg" };
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return { bytes, extension: "png" };
  return undefined;
}

function encodedPicture(text: string, format: AnswerFormat): string | undefined {
  if (format === "text") return /'img': *'([^']*)'/.exec(text)?.[1];
  const { image } = JSON.parse(text) as { image?: unknown };
  return typeof image === "string" ? image : undefined;
}

function decodeBase64(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : Buffer.from(text, "base64");
}
