import { drawNormal } from "../../stats/draw-normal.ts";
import type { Interval } from "../../stats/interval.ts";
import { createRandom } from "../../stats/random.ts";
import { selectQuantiles } from "../../stats/select-quantiles.ts";
import { stdev } from "../../stats/stdev.ts";
import type { PredictionInput } from "../fitting/prediction-input.ts";
import type { StationDraw } from "../fitting/variant.ts";
import { average } from "../numeric/average.ts";
import { drawInterval } from "../numeric/draw-interval.ts";
import type { SimulatedRun } from "../station/run.ts";

export interface PercentilePrediction {
  readonly name: "median" | "p95" | "p99";
  readonly seconds: number;
  readonly interval: Interval;
}

const PERCENTILES = [
  { name: "median", share: 0.5 },
  { name: "p95", share: 0.95 },
  { name: "p99", share: 0.99 },
] as const;

/** The figures of one simulated run. */
export interface RunFigures {
  readonly mean: number;
  readonly stdev: number;
  readonly success: number;
  readonly percentiles: readonly number[];
}

export function figuresOf({
  roundTripSeconds,
  meanSeconds,
  successRate,
}: Omit<SimulatedRun, "mainShare">): RunFigures {
  const shares = PERCENTILES.map(({ share }) => share);
  return {
    mean: meanSeconds,
    stdev: stdev(roundTripSeconds) ?? 0,
    success: successRate,
    percentiles: selectQuantiles(roundTripSeconds.slice(), shares),
  };
}

/** The runs that a prediction averages, and those that its intervals are made of. */
export interface PredictedRuns<Run> {
  readonly claimed: readonly Run[];
  readonly plausible: readonly Run[];
}

/** Simulates the stations of both. @param simulate one run of each station */
export function predictRuns<Run>(
  { draws, plausible }: Pick<PredictionInput, "draws" | "plausible">,
  simulate: (draws: readonly StationDraw[]) => readonly Run[],
): PredictedRuns<Run> {
  const claimed = simulate(draws);
  return { claimed, plausible: plausible === draws ? claimed : simulate(plausible) };
}

/** How much slower than usual the host is in a run; from another seed than the run, so that a slow one has no heavy first requests. */
export const drawSlowdown = (runErrorRatio: number, runSeed: number): number =>
  Math.exp(runErrorRatio * drawNormal(createRandom(~runSeed)));

/** A figure's average (or another centre) over the claimed runs, and its 95% interval for one run. */
export function predictFigure<Run>(
  { claimed, plausible }: PredictedRuns<Run>,
  of: (run: Run) => number,
  centre: (values: readonly number[]) => number = average,
): { readonly value: number; readonly interval: Interval } {
  const value = centre(claimed.map(of));
  return { value, interval: drawInterval(plausible.map(of), value) };
}

export const predictPercentiles = <Run extends RunFigures>(
  runs: PredictedRuns<Run>,
  centre: (values: readonly number[]) => number = average,
): readonly PercentilePrediction[] =>
  PERCENTILES.map(({ name }, index) => {
    const { value, interval } = predictFigure(runs, (run) => run.percentiles[index] as number, centre);
    return { name, seconds: value, interval };
  });
