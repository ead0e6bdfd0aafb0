/**
 * Share of requests that need a new replica if each request has a replica to itself and an idle one leaves after the
 * keep-alive: Poisson arrivals at rate λ, exponential service of mean S, no start time, the replica used last first.
 *
 * An arrival that finds n − 1 requests takes the replica that was freed when their number last fell from n to n − 1.
 * It is cold if that was longer ago than the keep-alive T. So the share is Σ p(n − 1) P(τ > T), with p Poisson of mean
 * λS (M/M/∞) and τ the first passage of the birth-death chain from n − 1 to n. For S → 0 it is e^(−λT).
 *
 * @see Brill 2008, Level Crossing Methods in Stochastic Models (each upcrossing of a level follows one downcrossing);
 *   Kleinrock 1975, Queueing Systems I, section 3.4 (M/M/∞). Uniformisation: Jensen 1953, Skandinavisk Aktuarietidskrift 36
 */
export function coldShare(
  arrivalsPerSecond: number,
  serviceSeconds: number,
  keepAliveSeconds: number,
): number {
  const load = arrivalsPerSecond * serviceSeconds;
  let probability = Math.exp(-load);
  let share = 0;
  for (let found = 0; found < load + 10 * Math.sqrt(load) + 20; found++) {
    share += probability * survival(found, arrivalsPerSecond, serviceSeconds, keepAliveSeconds);
    probability *= load / (found + 1);
  }
  return share;
}

/** P(τ > T): M/M/∞, now with `found` requests, stays below found + 1 for T. */
function survival(found: number, arrivalsPerSecond: number, serviceSeconds: number, seconds: number): number {
  const rate = arrivalsPerSecond + found / serviceSeconds;
  let states: readonly number[] = Array.from({ length: found + 1 }, (_, n) => Number(n === found));
  let logWeight = -rate * seconds;
  let alive = 0;
  const steps = rate * seconds + 10 * Math.sqrt(rate * seconds) + 20;
  for (let step = 0; step < steps; step++) {
    alive += Math.exp(logWeight) * states.reduce((sum, one) => sum + one, 0);
    logWeight += Math.log((rate * seconds) / (step + 1));
    const before = states;
    const at = (n: number) => before[n] ?? 0;
    states = before.map(
      (_, n) =>
        at(n - 1) * (arrivalsPerSecond / rate) +
        at(n + 1) * ((n + 1) / serviceSeconds / rate) +
        at(n) * ((found - n) / serviceSeconds / rate),
    );
  }
  return alive;
}
