/**
 * Buzen's convolution for a load-dependent station and a delay Z: X(N) = G(N − 1) / G(N), where
 * G(N) = Σ over n of 1 / (μ(1) … μ(n)) · Z^(N − n) / (N − n)!
 *
 * @returns throughput per second at population `users`
 * @see Buzen 1973, Communications of the ACM 16(9)
 */
export function convolutionThroughput(
  users: number,
  thinkSeconds: number,
  rate: (n: number) => number,
): number {
  // Demands scaled by their largest keep the constants in range; throughput scales back.
  const scale = Math.max(thinkSeconds, 1 / rate(1));
  const station = [1];
  const delay = [1];
  for (let n = 1; n <= users; n++) {
    station.push((station[n - 1] as number) / (rate(n) * scale));
    delay.push(((delay[n - 1] as number) * (thinkSeconds / scale)) / n);
  }
  const constant = (population: number) => {
    let sum = 0;
    for (let n = 0; n <= population; n++) sum += (station[n] as number) * (delay[population - n] as number);
    return sum;
  };
  return constant(users - 1) / constant(users) / scale;
}
