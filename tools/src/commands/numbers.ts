import { InvalidArgumentError } from "commander";

/** Argument parsers for commander: they refuse what is no such number. */
export const positiveNumber = (text: string): number => check(text, (value) => value > 0, "a number above 0");

export const wholeNumber = (text: string): number =>
  check(text, (value) => Number.isSafeInteger(value) && value >= 0, "a whole number from 0 on");

export const positiveInteger = (text: string): number =>
  check(text, (value) => Number.isSafeInteger(value) && value > 0, "a whole number from 1 on");

function check(text: string, fits: (value: number) => boolean, what: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && fits(value)) return value;
  throw new InvalidArgumentError(`Give ${what}.`);
}
