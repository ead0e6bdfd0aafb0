/** A JSON Pointer (RFC 6901): "" is the whole document, `/usage/tokens` a field, `/0` an array's first item. */
export type Pointer = string;

/**
 * The keys of a JSON Pointer, or undefined if the text is not a valid one.
 *
 * @example
 * ```ts
 * parsePointer("/a~1b/0"); // ["a/b", "0"]
 * ```
 */
export function parsePointer(pointer: string): readonly string[] | undefined {
  if (pointer === "") return [];
  if (!pointer.startsWith("/") || /~(?![01])/.test(pointer)) return undefined;
  const keys = pointer.slice(1).split("/");
  return keys.map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The value at a parsed pointer, or undefined if the document has none there. */
export function valueAt(document: unknown, keys: readonly string[]): unknown {
  let value = document;
  for (const key of keys) {
    if (typeof value !== "object" || value === null) return undefined;
    // An array's only keys are its indices: no `length`.
    if (Array.isArray(value) ? !/^(0|[1-9]\d*)$/.test(key) : !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}
