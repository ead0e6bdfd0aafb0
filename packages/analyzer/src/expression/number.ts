/** The kind of a quantity decides which values it can be compared with. */
export type NumberKind = "seconds" | "ratio" | "rate" | "bytes" | "count" | "number";

const TIME = { s: 1, ms: 1000, us: 1e6, min: 1 / 60, h: 1 / 3600 };

/** How many of each unit make one. Divided by, not multiplied: 95 × 0.01 is more than 0.95. */
const UNITS: Readonly<Record<NumberKind, Readonly<Record<string, number>>>> = {
  seconds: TIME,
  ratio: { "%": 100 },
  rate: { "/s": 1, "/min": 60 },
  bytes: { B: 1, kB: 1e-3, MB: 1e-6, GB: 1e-9 },
  count: {},
  number: {},
};

const NUMBER = String.raw`[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?`;
const SHAPE = new RegExp(`^(${NUMBER})(?:\\.\\.(${NUMBER}))?([a-zA-Z%/]*)$`);

/** One number, or a range with both its ends. */
export interface NumberRange {
  readonly low: number;
  readonly high: number;
}

export const isNumber = (text: string): boolean => SHAPE.exec(text)?.[3] === "";

export const isUnit = (text: string): boolean =>
  Object.values(UNITS).some((units) => Object.hasOwn(units, text));

/** The units that a quantity is written in. */
export const unitsOf = (kind: NumberKind): readonly string[] => Object.keys(UNITS[kind]);

/**
 * Reads `4`, `2s`, `99%`, `1..4` as seconds, ratio, rate per second, bytes or count.
 * @returns undefined if it is not a number, has a unit of another kind, or is a range from high to low
 */
export function readNumber(text: string, kind: NumberKind): NumberRange | undefined {
  const [, first, second = first, unit = ""] = SHAPE.exec(text) ?? [];
  const divisor = unit === "" ? 1 : Object.hasOwn(UNITS[kind], unit) ? UNITS[kind][unit] : undefined;
  if (first === undefined || divisor === undefined) return undefined;
  const [low, high] = [Number(first) / divisor, Number(second) / divisor];
  return Number.isFinite(low) && Number.isFinite(high) && low <= high ? { low, high } : undefined;
}
