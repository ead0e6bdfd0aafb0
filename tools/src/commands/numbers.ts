import { InvalidArgumentError } from "commander";

/** Argument parsers for commander; they reject other text. */
export const positiveNumber = (text: string): number => check(text, (value) => value > 0, "a number above 0");

export const wholeNumber = (text: string): number =>
  check(text, (value) => Number.isSafeInteger(value) && value >= 0, "a whole number, 0 or more");

export const positiveInteger = (text: string): number =>
  check(text, (value) => Number.isSafeInteger(value) && value > 0, "a whole number, 1 or more");

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
