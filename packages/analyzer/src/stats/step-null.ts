import { drawNormal } from "./draw-normal.ts";
import { createRandom } from "./random.ts";
import { findRobustStep } from "./robust-step.ts";

/** Correlations of neighbouring rounds that are tried; beyond the last, no step is told from wandering. */
const CORRELATIONS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const DRAWS = 999;
const SEED = 1;

/** Series without a step: how large the best step and its remainders' correlation come out. */
interface NullCase {
  /** Ascending. */
  readonly explained: Float64Array;
  readonly medianCorrelation: number;
}

/** By length and margin: cells of an experiment have few different lengths. */
const known = new Map<string, readonly NullCase[]>();

/**
 * P-value of a robust step against series that wander without one: autoregressive normal series of the same length whose
 * remainders have, in the median, the observed correlation after their own best split. That undoes the bias of the
 * correlation, which a removed step lowers.
 *
 * @param n length of the series
 * @param margin as of findRobustStep()
 * @see Robbins, Gallagher, Lund and Aue 2011, Journal of Time Series Analysis 32 (change points under correlation);
 *   Andrews 1993, Econometrica 61 (median-unbiased autoregression)
 */
export function stepPValue(
  { explained, correlation }: { readonly explained: number; readonly correlation: number },
  n: number,
  margin: number,
): number {
  const cases = casesOf(n, margin);
  const match = cases.find((one) => one.medianCorrelation >= correlation) ?? (cases.at(-1) as NullCase);
  let atLeast = 0;
  for (const drawn of match.explained) if (drawn >= explained) atLeast++;
  return (atLeast + 1) / (DRAWS + 1);
}

function casesOf(n: number, margin: number): readonly NullCase[] {
  const key = `${n}/${margin}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const random = createRandom(SEED);
  const made = CORRELATIONS.map((correlation) => drawCase(n, margin, correlation, random));
  known.set(key, made);
  return made;
}

function drawCase(n: number, margin: number, correlation: number, random: () => number): NullCase {
  const series = new Array<number>(n).fill(0);
  const explained = new Float64Array(DRAWS);
  const correlations = new Float64Array(DRAWS);
  for (let draw = 0; draw < DRAWS; draw++) {
    let value = drawNormal(random) / Math.sqrt(1 - correlation ** 2);
    for (let index = 0; index < n; index++) {
      series[index] = value;
      value = correlation * value + drawNormal(random);
    }
    const step = findRobustStep(series, margin);
    explained[draw] = step.explained;
    correlations[draw] = step.correlation;
  }
  return { explained: explained.sort(), medianCorrelation: correlations.sort()[(DRAWS - 1) / 2] as number };
}
