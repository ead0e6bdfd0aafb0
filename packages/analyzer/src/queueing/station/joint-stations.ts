/** Two stations in a row, by the number of requests at both together. */
export interface JointStations {
  /** Throughput, requests per second; 0 without requests. */
  readonly rates: Float64Array;
  /** Requests at the first station, on average. */
  readonly atFirst: Float64Array;
}

/**
 * Exact product form of two stations in a closed loop, for each number of requests up to `most`: the throughput is
 * G(n − 1) / G(n), with G the convolution of both stations' terms. Takes time in proportion to the square of `most`.
 *
 * @param first its throughput with n ≥ 1 requests, > 0; the same for `second`
 * @see Buzen 1973, Communications of the ACM 16(9): the convolution algorithm
 *
 * @example
 * ```ts
 * const single = () => 1;
 * joinStations(single, single, 3).rates[3]; // 0.75
 * ```
 */
export function joinStations(
  first: (n: number) => number,
  second: (n: number) => number,
  most: number,
): JointStations {
  // Rates relative to the slower station's: else terms of many servers would overflow.
  const scale = Math.min(first(most), second(most));
  const [a, b] = [termsOf(first, most, scale), termsOf(second, most, scale)];
  const rates = new Float64Array(most + 1);
  const atFirst = new Float64Array(most + 1);
  let before = 1;
  for (let n = 1; n <= most; n++) {
    let [total, present] = [0, 0];
    for (let k = 0; k <= n; k++) {
      const term = (a[k] as number) * (b[n - k] as number);
      total += term;
      present += k * term;
    }
    rates[n] = (scale * before) / total;
    atFirst[n] = present / total;
    before = total;
  }
  return { rates, atFirst };
}

/** 1, scale / μ(1), scale² / (μ(1) μ(2)), … */
function termsOf(rate: (n: number) => number, most: number, scale: number): Float64Array {
  const terms = new Float64Array(most + 1).fill(1);
  for (let n = 1; n <= most; n++) terms[n] = ((terms[n - 1] as number) * scale) / rate(n);
  return terms;
}
