import { judgeSigns, likelyRight, signValues } from "../src/queueing/assessing/reliability.ts";
import { GOOD, type VerdictJudgement } from "./model-judge.ts";

/** Keeps weights small if few predictions decide. */
const RIDGE = 1;
const STEPS = 30;
const FOLDS = 6;

/**
 * Weights with which the signs of a prediction tell best how likely it is right: logistic regression by Newton's method.
 * @returns of signValues()
 * @see McCullagh and Nelder 1989, Generalized Linear Models, chapter 4
 */
export function fitVerdictWeights(judgements: readonly VerdictJudgement[]): readonly number[] {
  const rows = judgements.flatMap(({ predictions }) =>
    predictions.map(({ signs, isGood }) => ({ x: signValues(signs), y: Number(isGood) })),
  );
  const size = rows[0]?.x.length ?? 0;
  let weights: readonly number[] = new Array<number>(size).fill(0);
  for (let step = 0; step < STEPS; step++) {
    const matrix = Array.from({ length: size }, (_, i) =>
      Array.from({ length: size + 1 }, (_, j): number => (i === j && i > 0 ? RIDGE : 0)),
    );
    for (const [i, row] of matrix.entries()) if (i > 0) row[size] = -RIDGE * (weights[i] as number);
    for (const { x, y } of rows) {
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
    return judgements.filter(isOwn).map(({ predictions, goodShare }) => ({
      mostRight: judgeSigns(
        predictions.map(({ signs }) => signs),
        weights,
      ).mostRight,
      isGood: goodShare >= GOOD.share,
    }));
  })
    .flat()
    .sort((a, b) => b.mostRight - a.mostRight);
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
