import { mean, RunningMean } from "../src/stats/mean.ts";
import { quantile } from "../src/stats/quantile.ts";
import { type Scenario, simulateRun } from "./host.ts";
import { mixSeed } from "./seeds.ts";

/** The true figures: averages over very many runs. */
export interface Truth {
  /** Mean of the runs' means, s. */
  readonly mean: number;
  /** Mean of the runs' successful responses per second. */
  readonly throughput: number;
  /** Successful requests ÷ requests. */
  readonly success: number;
  /** Means of the runs' own quantiles, s. */
  readonly quantiles: { readonly p50: number; readonly p95: number; readonly p99: number };
}

export const QUANTILES = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;
export type QuantileName = keyof typeof QUANTILES;
export const QUANTILE_NAMES = Object.keys(QUANTILES) as readonly QuantileName[];

/** @returns undefined if no run has a steady part */
export function findTruth(
  scenario: Scenario,
  { runs, seed, speed }: { readonly runs: number; readonly seed: number; readonly speed?: number },
): Truth | undefined {
  const means = new RunningMean();
  const rates = new RunningMean();
  const quantiles = { p50: new RunningMean(), p95: new RunningMean(), p99: new RunningMean() };
  let hits = 0;
  let trials = 0;
  for (let run = 0; run < runs; run++) {
    const steady = simulateRun(scenario, {
      seed: mixSeed(seed, run),
      ...(speed !== undefined && { speed }),
    });
    const { roundTripSeconds, isSuccessful } = steady;
    if (roundTripSeconds.length === 0) continue;
    means.add(mean(roundTripSeconds) as number);
    const sorted = roundTripSeconds.toSorted();
    for (const name of QUANTILE_NAMES) quantiles[name].add(quantile(sorted, QUANTILES[name]));
    trials += isSuccessful.length;
    const successful = isSuccessful.reduce((sum, one) => sum + one, 0);
    hits += successful;
    rates.add(successful / steady.seconds);
  }
  if (means.mean === undefined) return undefined;
  return {
    mean: means.mean,
    throughput: rates.mean as number,
    success: hits / trials,
    quantiles: {
      p50: quantiles.p50.mean as number,
      p95: quantiles.p95.mean as number,
      p99: quantiles.p99.mean as number,
    },
  };
}
