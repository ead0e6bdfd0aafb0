export interface MvaRow {
  readonly responseSeconds: number;
  readonly throughputPerSecond: number;
  /** Mean number of customers at each station. */
  readonly queueLengths: readonly number[];
}

/**
 * Exact mean value analysis of a closed network of single-server stations, one class of users.
 *
 * @param demandsSeconds service demand per station, each ≥ 0
 * @param users largest population, integer ≥ 1
 * @param thinkSeconds mean think time ≥ 0
 * @returns one row per population 1..users
 * @throws {RangeError} if users < 1 or a demand is negative
 * @see Reiser and Lavenberg 1980, Journal of the ACM 27(2)
 */
export function mva(
  demandsSeconds: readonly number[],
  users: number,
  thinkSeconds: number,
): readonly MvaRow[] {
  if (!Number.isInteger(users) || users < 1)
    throw new RangeError(`users is ${users}, not a whole number from 1 on`);
  if (demandsSeconds.some((demand) => !(demand >= 0))) throw new RangeError("a demand is negative");
  const rows: MvaRow[] = [];
  let queues = demandsSeconds.map(() => 0);
  for (let n = 1; n <= users; n++) {
    const residence = demandsSeconds.map((demand, k) => demand * (1 + (queues[k] as number)));
    const responseSeconds = residence.reduce((sum, value) => sum + value, 0);
    const throughputPerSecond = n / (responseSeconds + thinkSeconds);
    queues = residence.map((value) => throughputPerSecond * value);
    rows.push({ responseSeconds, throughputPerSecond, queueLengths: queues });
  }
  return rows;
}

/**
 * Exact load-dependent mean value analysis of one station and a delay: the recursion carries the
 * station's marginal probabilities p(n | N).
 *
 * @param rate μ(n) per second for n = 1..users
 * @see Reiser 1981, Performance Evaluation 1(1); Lazowska et al. 1984, chapter 8.2
 */
export function loadDependentMva(
  users: number,
  thinkSeconds: number,
  rate: (n: number) => number,
): readonly Omit<MvaRow, "queueLengths">[] {
  const rows = [];
  let marginal = [1];
  for (let population = 1; population <= users; population++) {
    let responseSeconds = 0;
    for (let n = 1; n <= population; n++) responseSeconds += (n / rate(n)) * (marginal[n - 1] as number);
    const throughputPerSecond = population / (responseSeconds + thinkSeconds);
    const next = [0];
    for (let n = 1; n <= population; n++)
      next.push((throughputPerSecond / rate(n)) * (marginal[n - 1] as number));
    next[0] = Math.max(0, 1 - next.reduce((sum, value) => sum + value, 0));
    marginal = next;
    rows.push({ responseSeconds, throughputPerSecond });
  }
  return rows;
}
