import {
  judgeSigns,
  likelyRight,
  mostValues,
  signValues,
  type VerdictWeights,
} from "../src/queueing/assessing/reliability.ts";
import { GOOD, type VerdictJudgement } from "./model-judge.ts";

/** Keeps weights small if few predictions decide. */
const RIDGE = 1;
const STEPS = 30;
const FOLDS = 6;

/** A case to learn from: numbers that add up, and whether it came true (1) or not (0). */
interface Case {
  readonly x: readonly number[];
  readonly y: number;
}

const isGood = ({ goodShare }: VerdictJudgement) => goodShare >= GOOD.share;

/** Weights with which signs tell best how likely each prediction is right, and then how likely most of a fit are. */
export function fitVerdictWeights(judgements: readonly VerdictJudgement[]): VerdictWeights {
  const prediction = fitLogistic(
    judgements.flatMap(({ predictions }) =>
      predictions.map((one) => ({ x: signValues(one.signs), y: Number(one.isGood) })),
    ),
  );
  const fit = fitLogistic(
    judgements.map((one) => {
      // The weights of the fit have no part in the share.
      const { expectedShare } = judgeSigns(one.loadSigns, { prediction, fit: [] });
      return { x: mostValues(expectedShare), y: Number(isGood(one)) };
    }),
  );
  return { prediction, fit };
}

/**
 * Logistic regression by Newton's method.
 * @see McCullagh and Nelder 1989, Generalized Linear Models, chapter 4
 */
function fitLogistic(cases: readonly Case[]): readonly number[] {
  const size = cases[0]?.x.length ?? 0;
  let weights: readonly number[] = new Array<number>(size).fill(0);
  for (let step = 0; step < STEPS; step++) {
    const matrix = Array.from({ length: size }, (_, i) =>
      Array.from({ length: size + 1 }, (_, j): number => (i === j && i > 0 ? RIDGE : 0)),
    );
    for (const [i, row] of matrix.entries()) if (i > 0) row[size] = -RIDGE * (weights[i] as number);
    for (const { x, y } of cases) {
      const share = likelyRight(x, weights);
      for (const [i, row] of matrix.entries()) {
        const own = x[i] as number;
        for (let j = 0; j < size; j++)
          row[j] = (row[j] as number) + share * (1 - share) * own * (x[j] as number);
        row[size] = (row[size] as number) + (y - share) * own;
      }
    }
    const change = solve(matrix);
    weights = weights.map((weight, index) => weight + (change[index] as number));
  }
  return weights;
}

/** A fit that was judged by weights from other hosts. */
export interface CrossValidated {
  readonly mostRight: number;
  readonly isGood: boolean;
}

/** How likely most predictions of each fit are right, by weights that were fitted without its host; the highest first. */
export function crossValidate(judgements: readonly VerdictJudgement[]): readonly CrossValidated[] {
  const hosts = [...new Set(judgements.map(({ host }) => host))];
  return Array.from({ length: FOLDS }, (_, fold) => {
    const isOwn = ({ host }: VerdictJudgement) => hosts.indexOf(host) % FOLDS === fold;
    const weights = fitVerdictWeights(judgements.filter((one) => !isOwn(one)));
    return judgements.filter(isOwn).map((one) => ({
      mostRight: judgeSigns(one.loadSigns, weights).mostRight,
      isGood: isGood(one),
    }));
  })
    .flat()
    .sort((a, b) => b.mostRight - a.mostRight);
}

/** Shares of good fits among those that are trusted, and of others among those that are not, that the words promise. */
export const PROMISED = { trusted: 0.9, notTrusted: 0.8 } as const;

/** The limits of the words. */
export interface Limits {
  readonly trusted: number;
  readonly notTrusted: number;
}

/**
 * The lowest limit at which the share of good fits above it, less one standard error, is as promised; and the highest
 * at which that of other fits below it is. In steps of 0.01.
 */
export function findLimits(fits: readonly CrossValidated[]): Limits {
  const steps = Array.from({ length: 99 }, (_, index) => (index + 1) / 100);
  const keeps = (own: readonly boolean[], promised: number) => {
    const share = own.filter(Boolean).length / own.length;
    return share - Math.sqrt((share * (1 - share)) / own.length) >= promised;
  };
  const above = (limit: number) => fits.filter(({ mostRight }) => mostRight >= limit);
  const below = (limit: number) => fits.filter(({ mostRight }) => mostRight < limit);
  return {
    trusted:
      steps.find((limit) =>
        keeps(
          above(limit).map((one) => one.isGood),
          PROMISED.trusted,
        ),
      ) ?? 1,
    notTrusted:
      steps.findLast((limit) =>
        keeps(
          below(limit).map((one) => !one.isGood),
          PROMISED.notTrusted,
        ),
      ) ?? 0,
  };
}

/** Solves A x = b by Gauss-Jordan elimination. @param rows A with b as its last column, positive definite */
function solve(rows: readonly number[][]): readonly number[] {
  for (const [pivot, row] of rows.entries())
    for (const [index, other] of rows.entries()) {
      if (index === pivot) continue;
      const factor = (other[pivot] as number) / (row[pivot] as number);
      for (const [column, value] of row.entries()) other[column] = (other[column] as number) - factor * value;
    }
  return rows.map((row, index) => (row[rows.length] as number) / (row[index] as number));
}
