import { type SizedMoments, sumMoments, withoutPart } from "./sized-moments.ts";

/** Successful requests of one client in order: their sizes and their service times, seconds. */
export interface SizedSequence {
  readonly sizes: readonly number[];
  readonly seconds: readonly number[];
}

/** The clients of one run of one cell. */
export type SizedRun = readonly SizedSequence[];

/** A straight line of time over size, and how it predicts what it was not fitted to. */
export interface SizeLine {
  readonly perUnitSeconds: number;
  /** Of perUnitSeconds: over runs, over sizes or over requests, whichever is the largest. */
  readonly standardError: number;
  /** Degrees of freedom of the standard error. */
  readonly degrees: number;
  /** Root mean square error of the mean time of one size in one run, predicted from other sizes in other runs. */
  readonly linearError: number;
  /** The same for the mean of the other times. */
  readonly constantError: number;
}

/** Why no line can be fitted. */
export type NoLine = "few-requests" | "few-sizes" | "sizes-follow-time";

/** A line through fewer sizes could fit by chance. */
const MIN_SIZES = 3;
const MAX_BINS = 10;
/** Minimum number of folds to leave out in turn: whole runs, or parts of each run if there are fewer runs. */
const MIN_FOLDS = 5;
/** A shorter sequence has no trend to take out. */
const MIN_SEQUENCE = 6;
/** Share of the sizes' variance that must remain once each client's trend is taken out. */
const MIN_LEFT = 0.05;

/** By fold and bin: moments of sizes and times that are relative to their client's level and trend. */
export type Cells = readonly (readonly SizedMoments[])[];

/** Moments over all cells, over each fold and over each bin. */
export interface Margins {
  readonly whole: SizedMoments;
  readonly folds: readonly SizedMoments[];
  readonly bins: readonly SizedMoments[];
}

/**
 * Fits time = level + b × size to runs, by least squares within each client: the level and a linear trend over its
 * requests are taken out first, so that neither a client's own speed nor a slow drift counts as an effect of size.
 *
 * The check leaves out a run and a size at once: the mean time of one size in one run is predicted from the other
 * sizes in the other runs. So neither noise nor payloads that differ in more than size pass for a line.
 *
 * @example
 * ```ts
 * const sizes = Array.from({ length: 30 }, (_, index) => 10 + ((7 * index) % 13));
 * const seconds = sizes.map((size) => 0.1 + 0.02 * size);
 * const line = fitSizeLine([[{ sizes, seconds }]]);
 * typeof line === "string" ? line : line.perUnitSeconds.toFixed(3); // "0.020"
 * ```
 */
export function fitSizeLine(runs: readonly SizedRun[]): SizeLine | NoLine {
  const used = longEnough(runs);
  if (used.length === 0) return "few-requests";
  const binOf = binSizes(used.flat().flatMap(({ sizes }) => sizes));
  if (binOf === undefined) return "few-sizes";
  const table = tabulate(used, binOf, MAX_BINS);
  return table === undefined
    ? "sizes-follow-time"
    : { ...slopeOf(table.margins, [table.margins.folds, table.margins.bins]), ...check(table) };
}

/** Sequences long enough to have a trend; runs without any are left out. */
export const longEnough = (runs: readonly SizedRun[]): readonly SizedRun[] =>
  runs.map((run) => run.filter(({ sizes }) => sizes.length >= MIN_SEQUENCE)).filter((run) => run.length > 0);

/** Sizes and times relative to their client's level and trend, by fold and bin. */
export interface SizedTable {
  readonly cells: Cells;
  readonly margins: Margins;
}

/** Undefined if the sizes rise or fall steadily while the clients send. @param used longEnough() */
export function tabulate(
  used: readonly SizedRun[],
  binOf: (size: number) => number,
  bins: number,
): SizedTable | undefined {
  const blocks = Math.ceil(MIN_FOLDS / used.length);
  const folds = used.length * blocks;
  const cells = Array.from({ length: folds }, () => Array.from({ length: bins }, nothing));
  let spread = 0;
  for (const [run, sequences] of used.entries())
    for (const { sizes, seconds } of sequences) {
      const [own, times] = [withoutTrend(sizes), withoutTrend(seconds)];
      spread += squares(sizes);
      for (const [index, u] of own.entries()) {
        const fold = run * blocks + Math.floor((index * blocks) / own.length);
        add((cells[fold] as Sums[])[binOf(sizes[index] as number)] as Sums, u, times[index] as number);
      }
    }
  const margins: Margins = {
    whole: sumMoments(cells.flat()),
    folds: cells.map(sumMoments),
    bins: Array.from({ length: bins }, (_, bin) => sumMoments(cells.map((fold) => fold[bin] as Sums))),
  };
  return margins.whole.uu > MIN_LEFT * spread ? { cells, margins } : undefined;
}

/** Each size by itself if there are few, else bins of equal shares; undefined if there are too few sizes. */
function binSizes(sizes: readonly number[]): ((size: number) => number) | undefined {
  const distinct = [...new Set(sizes)].sort((a, b) => a - b);
  if (distinct.length < MIN_SIZES) return undefined;
  const sorted = distinct.length <= MAX_BINS ? distinct : Float64Array.from(sizes).sort();
  const bins = Math.min(distinct.length, MAX_BINS);
  const borders = Array.from(
    { length: bins - 1 },
    (_, index) => sorted[Math.floor(((index + 1) * sorted.length) / bins)] as number,
  );
  return (size) => borders.filter((border) => size >= border).length;
}

/** The values minus their least-squares line over the index. */
function withoutTrend(values: readonly number[]): number[] {
  const middle = (values.length - 1) / 2;
  let [sum, along, across] = [0, 0, 0];
  for (const [index, value] of values.entries()) {
    sum += value;
    along += (index - middle) * value;
    across += (index - middle) ** 2;
  }
  const [mean, slope] = [sum / values.length, along / across];
  return values.map((value, index) => value - mean - slope * (index - middle));
}

function squares(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

/** Moments that grow. */
type Sums = { -readonly [Name in keyof SizedMoments]: number };

const nothing = (): Sums => ({ count: 0, u: 0, t: 0, uu: 0, ut: 0, tt: 0 });

function add(sums: Sums, u: number, t: number): void {
  sums.count++;
  sums.u += u;
  sums.t += t;
  sums.uu += u * u;
  sums.ut += u * t;
  sums.tt += t * t;
}

function lineOf({ count: n, u, t, uu, ut }: SizedMoments): {
  readonly level: number;
  readonly slope: number;
} {
  const slope = (n * ut - u * t) / (n * uu - u * u);
  return { level: (t - slope * u) / n, slope };
}

/** @param parts groups of cells to leave out in turn: the standard error is the largest that any of them shows */
export function slopeOf(
  { whole }: Pick<Margins, "whole">,
  parts: readonly (readonly SizedMoments[])[],
): Pick<SizeLine, "perUnitSeconds" | "standardError" | "degrees"> {
  const { level, slope } = lineOf(whole);
  const { count: n, u, t, uu, ut, tt } = whole;
  const residual = tt + n * level ** 2 + slope ** 2 * uu - 2 * (level * t + slope * ut - level * slope * u);
  const errors = [
    { error: Math.sqrt(Math.max(0, residual) / (n - 2) / (uu - (u * u) / n)), degrees: n - 2 },
    ...parts
      .map((groups) => groups.filter(({ count }) => count > 0))
      .map((groups) => ({ error: jackknife(whole, groups), degrees: groups.length - 1 })),
  ];
  const { error, degrees } = errors.reduce((worst, one) => (one.error > worst.error ? one : worst));
  return { perUnitSeconds: slope, standardError: error, degrees };
}

/**
 * Standard error of the slope from leaving out each part in turn.
 * @see Efron and Stein 1981, The jackknife estimate of variance
 */
function jackknife(whole: SizedMoments, parts: readonly SizedMoments[]): number {
  const slopes = parts.map((part) => lineOf(withoutPart(whole, part)).slope);
  return Math.sqrt(((slopes.length - 1) / slopes.length) * squares(slopes));
}

function check({
  cells,
  margins: { whole, bins },
}: SizedTable): Pick<SizeLine, "linearError" | "constantError"> {
  let [linear, constant] = [0, 0];
  for (const fold of cells) {
    const others = fold.reduce(withoutPart, whole);
    for (const [bin, cell] of fold.entries()) {
      if (cell.count === 0) continue;
      // Without this run and without this size; their overlap is subtracted only once.
      const rest = sumMoments([withoutPart(others, bins[bin] as SizedMoments), cell]);
      const { level, slope } = lineOf(rest);
      const [size, time] = [cell.u / cell.count, cell.t / cell.count];
      linear += cell.count * (level + slope * size - time) ** 2;
      constant += cell.count * (rest.t / rest.count - time) ** 2;
    }
  }
  return {
    linearError: Math.sqrt(linear / whole.count),
    constantError: Math.sqrt(constant / whole.count),
  };
}
