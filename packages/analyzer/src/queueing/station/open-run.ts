import type { ArrivalProcess } from "@slbench/client/condition";
import { createSchedule } from "@slbench/client/schedule";
import type { ModelParameters } from "./parameters.ts";
import { type SimulatedRun, slowDown } from "./run.ts";
import { runSimulation, type TimeoutBehaviour } from "./simulate.ts";

/** One run of an open loop. */
export interface OpenRunOptions {
  /** Mean rate. */
  readonly arrivalsPerSecond: number;
  readonly process: ArrivalProcess;
  /** For how long requests arrive; those sent last may take longer. */
  readonly seconds: number;
  /** Infinity for none. */
  readonly limitSeconds: number;
  readonly timeoutBehaviour: TimeoutBehaviour;
  /** How much slower the host is in this run than on average; default 1. */
  readonly slowdown?: number;
  readonly seed: number;
}

/**
 * Simulates one run of an open loop that starts with an idle host: every request arrives from a user of its own. With
 * more requests than the host can serve, the queue grows for as long as the run lasts, or up to the time limit.
 */
export function simulateOpenRun(
  parameters: ModelParameters,
  options: OpenRunOptions,
): Omit<SimulatedRun, "mainShare"> {
  const { slowdown = 1, limitSeconds, timeoutBehaviour, seed } = options;
  const startSeconds = drawArrivals({ ...options, seed: ~seed });
  const roundTripSeconds = new Float64Array(startSeconds.length);
  let [count, sum, successes] = [0, 0, 0];
  runSimulation(
    slowDown(parameters, slowdown),
    {
      ...{ users: startSeconds.length, requestsPerUser: 1, thinkTimeSeconds: 0, startRatePerSecond: 1 },
      ...{ startSeconds, limitSeconds, timeoutBehaviour, seed, work: "lognormal" },
    },
    (_, __, seconds, successful) => {
      roundTripSeconds[count++] = seconds;
      sum += seconds;
      if (successful) successes++;
    },
  );
  return { roundTripSeconds, meanSeconds: sum / count, successRate: successes / count };
}

/** Arrival times as the clients of an experiment draw them, seconds; at least one. */
export function drawArrivals({
  arrivalsPerSecond,
  process,
  seconds,
  seed,
}: Pick<OpenRunOptions, "arrivalsPerSecond" | "process" | "seconds" | "seed">): readonly number[] {
  const dueAt = createSchedule(arrivalsPerSecond, process, seed);
  const times = [dueAt(1)];
  for (let next = 2; dueAt(next) < seconds; next++) times.push(dueAt(next));
  return times;
}
