/** Universal Scalability Law: X(N) = λ N / (1 + σ (N − 1) + κ N (N − 1)). */
export interface Usl {
  /** λ: throughput of one user, 1/s. */
  readonly rate: number;
  /** σ: contention. */
  readonly contention: number;
  /** κ: coherency. */
  readonly coherency: number;
}

/**
 * X(N) per second.
 * @see Gunther 2007, Guerrilla Capacity Planning, chapter 4
 *
 * @example
 * ```ts
 * uslThroughput({ rate: 2, contention: 0, coherency: 0 }, 4); // 8
 * ```
 */
export function uslThroughput(usl: Usl, users: number): number {
  return (usl.rate * users) / (1 + usl.contention * (users - 1) + usl.coherency * users * (users - 1));
}

/**
 * N at which throughput is largest: sqrt((1 − σ) / κ); Infinity without coherency loss.
 *
 * @example
 * ```ts
 * uslPeakUsers({ rate: 2, contention: 0, coherency: 0.01 }); // 10
 * ```
 */
export function uslPeakUsers(usl: Usl): number {
  return usl.coherency <= 0
    ? Number.POSITIVE_INFINITY
    : Math.sqrt(Math.max(0, 1 - usl.contention) / usl.coherency);
}

/**
 * Least squares on N / X(N) = 1/λ + σ/λ (N − 1) + κ/λ N (N − 1), which is linear; negative σ, κ are set to 0.
 * @throws {RangeError} if there are fewer than three distinct numbers of users
 *
 * @example
 * ```ts
 * const points = [1, 2, 4].map((users) => ({ users, throughputPerSecond: 2 * users }));
 * fitUsl(points).rate.toFixed(2); // "2.00"
 * ```
 */
export function fitUsl(
  points: readonly { readonly users: number; readonly throughputPerSecond: number }[],
): Usl {
  if (new Set(points.map((point) => point.users)).size < 3)
    throw new RangeError("the scalability law needs at least three numbers of users");
  for (const terms of [[0, 1, 2], [0, 1], [0, 2], [0]]) {
    const rows = points.map(({ users, throughputPerSecond }) => ({
      x: [1, users - 1, users * (users - 1)].filter((_, index) => terms.includes(index)),
      y: users / throughputPerSecond,
    }));
    const solution = solveLeastSquares(rows);
    const value = (term: number) => (terms.includes(term) ? (solution[terms.indexOf(term)] as number) : 0);
    const base = value(0);
    if (base > 0 && value(1) >= 0 && value(2) >= 0)
      return { rate: 1 / base, contention: value(1) / base, coherency: value(2) / base };
  }
  throw new RangeError("the throughputs do not follow the scalability law");
}

/** Normal equations by Gaussian elimination: at most three unknowns. */
function solveLeastSquares(
  rows: readonly { readonly x: readonly number[]; readonly y: number }[],
): readonly number[] {
  const size = rows[0]?.x.length ?? 0;
  const matrix = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (_, j) =>
      rows.reduce((sum, row) => sum + (row.x[i] as number) * (row.x[j] as number), 0),
    ),
    rows.reduce((sum, row) => sum + (row.x[i] as number) * row.y, 0),
  ]);
  for (let i = 0; i < size; i++) {
    const pivotRow = matrix
      .slice(i)
      .reduce((best, row) => (Math.abs(row[i] as number) > Math.abs(best[i] as number) ? row : best));
    matrix.splice(matrix.indexOf(pivotRow), 1);
    matrix.splice(i, 0, pivotRow);
    for (let k = 0; k < size; k++) {
      if (k === i) continue;
      const row = matrix[k] as number[];
      const factor = (row[i] as number) / (pivotRow[i] as number);
      for (let j = i; j <= size; j++) row[j] = (row[j] as number) - factor * (pivotRow[j] as number);
    }
  }
  return matrix.map((row, i) => (row[size] as number) / (row[i] as number));
}
