import type { RequestResult } from "@slbench/client";
import { parsePointer, type RequestSpec, valueAt } from "@slbench/client/request-spec";

/** One line of an experiment's `response` block, and what a response has for it. */
export interface ResponseLine {
  readonly found: boolean;
  /** `valid.json /label: "cat"` */
  readonly text: string;
}

/**
 * Compares a response with each line of the experiment's `response` block.
 * @param body if it is known; without it, `valid.json` is left to the request's outcome
 */
export function explainResponse(
  spec: RequestSpec,
  row: RequestResult,
  body: string | undefined,
): readonly ResponseLine[] {
  const { valid, times, units, stream } = spec.response;
  const line = (name: string, value: unknown): ResponseLine => ({
    found: value !== undefined,
    text: `${name}: ${value === undefined ? "not found" : show(value)}`,
  });
  return [
    statusLine(valid.status, row.status),
    ...(stream === undefined ? jsonLines(valid.json ?? {}, body) : []),
    ...(valid.text === undefined || body === undefined
      ? []
      : [{ found: new RegExp(valid.text, "u").test(body), text: `valid.text: ${valid.text}` }]),
    ...Object.keys(times ?? {}).map((name) => {
      const seconds = row.times?.[name] ?? (row as unknown as Record<string, unknown>)[name];
      const isTime = typeof seconds === "number";
      return { found: isTime, text: `times.${name}: ${isTime ? showSeconds(seconds) : "not found"}` };
    }),
    ...(["coldStart", "replica", "faces", "backend"] as const)
      .filter((name) => spec.response[name] !== undefined)
      .map((name) => line(name, row[name])),
    ...(units === undefined ? [] : [line(`units (${units.name})`, row.units)]),
    ...(stream === undefined ? [] : [line(`stream (${stream}) events`, row.events || undefined)]),
  ];
}

function statusLine(
  wanted: number | readonly number[] | undefined,
  status: number | undefined,
): ResponseLine {
  const all = wanted === undefined ? undefined : [wanted].flat();
  const isExpected = status !== undefined && (all?.includes(status) ?? (status >= 200 && status <= 299));
  const not = isExpected ? "" : `, expected ${all?.join(" or ") ?? "200 to 299"}`;
  return { found: isExpected, text: `status: ${status ?? "no response"}${not}` };
}

function jsonLines(
  wanted: Readonly<Record<string, unknown>>,
  body: string | undefined,
): readonly ResponseLine[] {
  if (body === undefined || Object.keys(wanted).length === 0) return [];
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    return [{ found: false, text: "valid.json: the response is not JSON" }];
  }
  return Object.entries(wanted).map(([pointer, value]) => {
    const there = valueAt(document, parsePointer(pointer) ?? []);
    const name = `valid.json ${pointer}`;
    if (there === undefined) return { found: false, text: `${name}: not found` };
    const isExpected = value === "present" ? there !== null : there === value;
    return {
      found: isExpected,
      text: `${name}: ${show(there)}${isExpected ? "" : `, expected ${value === "present" ? "a value" : show(value)}`}`,
    };
  });
}

/** The beginning of a body, on one line. */
export function bodyBeginning(body: string): string {
  const text = body.replaceAll(/\s+/g, " ").trim();
  if (text === "") return "an empty body";
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}

const show = (value: unknown) => {
  const text = JSON.stringify(value) ?? "undefined";
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
};

/** In the unit that needs no zeros, so that a wrong `unit` in the experiment stands out. */
function showSeconds(seconds: number): string {
  const [factor, unit] = seconds >= 1 ? [1, "s"] : seconds >= 1e-3 ? [1e3, "ms"] : [1e6, "µs"];
  return `${Number((seconds * factor).toPrecision(3))} ${unit}`;
}
