/** By file extension. */
const TYPES: Readonly<Record<string, string>> = {
  ...{ jpg: "image/jpeg", jpeg: "image/jpeg", png: "image/png", gif: "image/gif", webp: "image/webp" },
  ...{ bmp: "image/bmp", tif: "image/tiff", tiff: "image/tiff", svg: "image/svg+xml" },
  ...{ wav: "audio/wav", mp3: "audio/mpeg", flac: "audio/flac", ogg: "audio/ogg", opus: "audio/ogg" },
  ...{ m4a: "audio/mp4", mp4: "video/mp4", webm: "video/webm", pdf: "application/pdf" },
  ...{ json: "application/json", jsonl: "application/x-ndjson", xml: "application/xml" },
  ...{ txt: "text/plain", md: "text/markdown", csv: "text/csv", html: "text/html" },
};

/**
 * The content type of a file, by its name.
 *
 * @example
 * ```ts
 * contentTypeOf("cat.WEBP"); // "image/webp"
 * contentTypeOf("weights"); // "application/octet-stream"
 * ```
 */
export function contentTypeOf(name: string): string {
  const dot = name.lastIndexOf(".");
  const extension = dot < 0 ? "" : name.slice(dot + 1).toLowerCase();
  return Object.hasOwn(TYPES, extension) ? (TYPES[extension] as string) : "application/octet-stream";
}
