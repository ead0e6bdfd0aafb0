/** Checks of single fields; each adds what is wrong to `problems` and returns a value of the right type. */
export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown, name: string, problems: string[]): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  problems.push(`${name} is ${show(value)}, not an object`);
  return {};
}

export function known(object: Fields, prefix: string, problems: string[], names: readonly string[]): void {
  for (const name of Object.keys(object))
    if (!names.includes(name)) problems.push(`unknown field ${prefix}${name.slice(0, 80)}`);
}

export function string(value: unknown, name: string, problems: string[]): string {
  if (typeof value === "string" && value !== "") return value;
  problems.push(value === undefined ? `${name} is missing` : `${name} is ${show(value)}, not a text`);
  return "";
}

export function oneOf<T extends string>(
  value: unknown,
  allowed: readonly T[],
  name: string,
  problems: string[],
): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) problems.push(`${name} is ${show(value)}: use ${allowed.join(", ")}`);
  return found ?? (allowed[0] as T);
}

export function inRange(value: unknown, min: number, max: number, name: string, problems: string[]): number {
  if (typeof value === "number" && value >= min && value <= max) return value;
  problems.push(`${name} is ${show(value)}: give a number from ${min} to ${max}`);
  return min;
}

/** A value in a message, cut to 80 characters. */
export function show(value: unknown): string {
  return (JSON.stringify(value) ?? "missing").slice(0, 80);
}

export function headerValue(value: unknown, name: string, problems: string[]): string {
  const text = string(value, name, problems);
  if (/[\r\n\0]/.test(text)) problems.push(`${name} holds a line break`);
  return text;
}
