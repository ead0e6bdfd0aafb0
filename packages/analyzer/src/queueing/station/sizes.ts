import type { OtherStation } from "./other-station.ts";

/** Requests of about one size, and their share of all requests. */
export interface SizeClass {
  readonly share: number;
  readonly units: number;
  /** Of a class that its requests have in common, whatever their size: `slow`. */
  readonly name?: string;
}

/** The sizes of requests that are of two classes: the demand of the slow ones is larger by one `perUnitSeconds`. */
export const FAST = 0;
export const SLOW = 1;

/** How the service demand depends on the size of a request: S(u) = S + b (u − ū). */
export interface SizeEffect {
  /** b: seconds of demand per unit. */
  readonly perUnitSeconds: number;
  /** ū: mean size of the requests, whose demand is the mean demand S. */
  readonly meanUnits: number;
  /** The distribution of sizes; their mean is ū. */
  readonly classes: readonly SizeClass[];
}

interface Sized {
  readonly demandSeconds: number;
  readonly other?: OtherStation;
  readonly sizes?: SizeEffect;
}

/** Minimum demand, as a share of the mean: within its error, the line may fall below 0 at small sizes. */
const MIN_SHARE = 0.01;

/**
 * Mean demand of requests of one size, seconds.
 *
 * @example
 * ```ts
 * const sizes = { perUnitSeconds: 0.01, meanUnits: 50, classes: [] };
 * demandAt({ demandSeconds: 0.6, sizes }, 200); // 2.1
 * ```
 */
export function demandAt({ demandSeconds, sizes }: Sized, units: number): number {
  if (sizes === undefined) return demandSeconds;
  const demand = demandSeconds + sizes.perUnitSeconds * (units - sizes.meanUnits);
  return Math.max(MIN_SHARE * demandSeconds, demand);
}

/** a: the demand that the line gives a request of size 0, seconds; below 0 if sizes near 0 were not measured. */
export function baseSeconds({ demandSeconds, sizes }: Sized): number {
  return demandSeconds - (sizes === undefined ? 0 : sizes.perUnitSeconds * sizes.meanUnits);
}

/** The parameters for requests that have all sizes shifted to another mean; unchanged if size has no effect. */
export function withMeanUnits<T extends Sized>(parameters: T, meanUnits: number | undefined): T {
  const { sizes } = parameters;
  if (sizes === undefined || meanUnits === undefined) return parameters;
  if (areClasses(sizes)) return withSlowShare(parameters, meanUnits);
  const shift = meanUnits - sizes.meanUnits;
  return withSizes(parameters, { ...sizes, meanUnits, classes: mapUnits(sizes, (units) => units + shift) });
}

/** Whether requests are of two classes, instead of having sizes. */
export const areClasses = ({ classes }: SizeEffect): boolean =>
  classes.some(({ name }) => name !== undefined);

/** The parameters for another share of slow requests, 0..1; unchanged without classes. */
export function withSlowShare<T extends Sized>(parameters: T, share: number): T {
  const { sizes } = parameters;
  if (sizes === undefined || !areClasses(sizes)) return parameters;
  const classes = sizes.classes.map((one) => ({ ...one, share: one.units === SLOW ? share : 1 - share }));
  return withSizes(parameters, { ...sizes, meanUnits: share, classes });
}

/** The parameters for requests of `times` the size. */
export function withTimesUnits<T extends Sized>(parameters: T, times: number): T {
  const { sizes } = parameters;
  if (sizes === undefined) return parameters;
  const meanUnits = times * sizes.meanUnits;
  return withSizes(parameters, { ...sizes, meanUnits, classes: mapUnits(sizes, (units) => times * units) });
}

/** The parameters for requests of one size. */
export function withUnits<T extends Sized>(parameters: T, units: number): T {
  const { sizes } = parameters;
  if (sizes === undefined) return parameters;
  return withSizes(parameters, { ...sizes, meanUnits: units, classes: [{ share: 1, units }] });
}

const mapUnits = ({ classes }: SizeEffect, change: (units: number) => number): readonly SizeClass[] =>
  classes.map(({ share, units }) => ({ share, units: change(units) }));

/** The parameters for other sizes on the same line. */
const withSizes = <T extends Sized>(parameters: T, sizes: SizeEffect): T => ({
  ...parameters,
  demandSeconds: demandAt(parameters, sizes.meanUnits),
  sizes,
});

/** The parameters with the demand of every size, and at every station, multiplied. */
export function withTimesDemand<T extends Sized>(parameters: T, times: number): T {
  const { sizes, other } = parameters;
  return {
    ...parameters,
    demandSeconds: times * parameters.demandSeconds,
    ...(other !== undefined && { other: { ...other, demandSeconds: times * other.demandSeconds } }),
    ...(sizes !== undefined && { sizes: { ...sizes, perUnitSeconds: times * sizes.perUnitSeconds } }),
  };
}

/** Draws the size of a request; undefined if size has no effect. */
export function drawUnits({ sizes }: Sized, random: () => number): number | undefined {
  if (sizes === undefined) return undefined;
  let left = random();
  for (const { share, units } of sizes.classes) {
    left -= share;
    if (left <= 0) return units;
  }
  return sizes.classes.at(-1)?.units;
}

/** Maximum number of classes for a distribution of sizes. */
const MAX_CLASSES = 20;

/** The distribution of sizes in classes of equal shares, or each size by itself if there are few. */
export function classifySizes(sizes: readonly number[]): readonly SizeClass[] {
  const counts = new Map<number, number>();
  for (const size of sizes) counts.set(size, (counts.get(size) ?? 0) + 1);
  if (counts.size <= MAX_CLASSES)
    return [...counts]
      .sort(([a], [b]) => a - b)
      .map(([units, count]) => ({ units, share: count / sizes.length }));
  const sorted = Float64Array.from(sizes).sort();
  return Array.from({ length: MAX_CLASSES }, (_, index) => {
    const from = Math.floor((index * sorted.length) / MAX_CLASSES);
    const part = sorted.subarray(from, Math.floor(((index + 1) * sorted.length) / MAX_CLASSES));
    return {
      units: part.reduce((sum, size) => sum + size, 0) / part.length,
      share: part.length / sorted.length,
    };
  });
}
