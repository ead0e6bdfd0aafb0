import { signValues } from "../src/queueing/assessing/reliability.ts";
import type { FitJudgement } from "./model-judge.ts";

/** Keeps weights small if few fits decide. */
const RIDGE = 0.3;
const STEPS = 30;

/**
 * Weights with which the signs of a fit tell its share of right predictions best: logistic regression by Newton's
 * method.
 * @returns the constant first, then as signValues()
 * @see McCullagh and Nelder 1989, Generalized Linear Models, chapter 4
 */
export function fitVerdictWeights(judgements: readonly FitJudgement[]): readonly number[] {
  const rows = judgements.map(({ signs, goodShare }) => ({ x: [1, ...signValues(signs)], y: goodShare }));
  const size = rows[0]?.x.length ?? 0;
  let weights: readonly number[] = new Array<number>(size).fill(0);
  for (let step = 0; step < STEPS; step++) {
    const matrix = Array.from({ length: size }, (_, i) =>
      Array.from({ length: size + 1 }, (_, j): number => (i === j && i > 0 ? RIDGE : 0)),
    );
    for (const [i, row] of matrix.entries()) if (i > 0) row[size] = -RIDGE * (weights[i] as number);
    for (const { x, y } of rows) {
      const share = 1 / (1 + Math.exp(-dot(x, weights)));
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

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, one, index) => sum + one * (b[index] as number), 0);

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
