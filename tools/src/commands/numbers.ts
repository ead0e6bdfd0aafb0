import type { ApdexLimits } from "@slbench/analyzer/logs";
import { InvalidArgumentError } from "commander";

/** Argument parsers for commander; they reject other text. */
export const positiveNumber = (text: string): number => check(text, (value) => value > 0, "a number above 0");

export const wholeNumber = (text: string): number =>
  check(text, (value) => Number.isSafeInteger(value) && value >= 0, "a whole number, 0 or more");

export const positiveInteger = (text: string): number =>
  check(text, (value) => Number.isSafeInteger(value) && value > 0, "a whole number, 1 or more");

/** @param text 0: any free port */
export const portNumber = (text: string): number =>
  check(text, (value) => Number.isInteger(value) && value >= 0 && value <= 65_535, "a port from 0 to 65535");

export const confidence = (text: string): number =>
  check(text, (value) => value > 0.5 && value < 1, "a probability above 0.5 and below 1, for example 0.95");

/** `10%` or `10`, as a share. */
export const percentage = (text: string): number =>
  check(text.replace(/%$/, ""), (value) => value > 0 && value < 100, "a percentage: 10%") / 100;

function check(text: string, fits: (value: number) => boolean, what: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && fits(value)) return value;
  throw new InvalidArgumentError(`Give ${what}.`);
}

/** `http://127.0.0.1:4318`, the address of a service. */
export function httpAddress(text: string): URL {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return new URL(text);
  throw new InvalidArgumentError("Give an address: http://127.0.0.1:4318.");
}

const SECONDS_IN = { s: 1, m: 60, min: 60, h: 3600 } as const;

/** `90s`, `30m`, `2h` in seconds. */
export function duration(text: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(s|m|min|h)$/.exec(text.trim()) ?? [];
  const seconds = Number(digits) * SECONDS_IN[(unit ?? "s") as keyof typeof SECONDS_IN];
  if (digits !== undefined && seconds > 0) return seconds;
  throw new InvalidArgumentError("Give a time: 90s, 30m or 2h.");
}

/** `0.5s,2s` or `500ms,2s`: the times that satisfy users, and that they tolerate. */
export function apdexLimits(text: string): ApdexLimits {
  const times = text.split(",").map((time) => {
    const [, digits, unit] = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(time.trim()) ?? [];
    return Number(digits) / (unit === "ms" ? 1000 : 1);
  });
  const [satisfied, tolerated] = times;
  if (times.length === 2 && satisfied !== undefined && tolerated !== undefined)
    if (satisfied > 0 && tolerated > satisfied) return { satisfied, tolerated };
  throw new InvalidArgumentError("Give two times, the shorter one first: 0.5s,2s.");
}
