/** Processor time that the function took during one run of a cell, all its processes together. */
export interface FunctionCpuTime {
  readonly cpuSeconds: number;
  /** That it may use; not necessarily whole. */
  readonly cores: number;
  /** From the first client's start to the last response. */
  readonly seconds: number;
}

/** How much of its processors the function needs, over all sent requests of the whole run. */
export interface FunctionCpu {
  /** Processor time per sent request, s. */
  readonly secondsPerRequest: number;
  readonly cores: number;
  /** Processor time ÷ (cores × time), 0..1: the utilisation. */
  readonly busyRatio: number;
}

/**
 * Sums up the processor time of a cell's runs; undefined if it is not known of all of them, or no request was sent.
 *
 * @example
 * ```ts
 * summarizeFunctionCpu([{ cpuSeconds: 12, cores: 2, seconds: 10 }], 60);
 * // { secondsPerRequest: 0.2, cores: 2, busyRatio: 0.6 }
 * ```
 */
export function summarizeFunctionCpu(
  runs: readonly (FunctionCpuTime | undefined)[],
  sentRequests: number,
): FunctionCpu | undefined {
  const known = runs.filter((run) => run !== undefined);
  if (known.length === 0 || known.length < runs.length || sentRequests === 0) return undefined;
  const sum = (of: (run: FunctionCpuTime) => number) => known.reduce((total, run) => total + of(run), 0);
  const cpuSeconds = sum((run) => run.cpuSeconds);
  const available = sum((run) => run.cores * run.seconds);
  return {
    secondsPerRequest: cpuSeconds / sentRequests,
    cores: sum((run) => run.cores) / known.length,
    busyRatio: available > 0 ? Math.min(1, cpuSeconds / available) : 0,
  };
}
