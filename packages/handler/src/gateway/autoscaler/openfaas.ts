import { type Autoscaler, clamp, type Load, nextMultiple, replicasFor, requests } from "./load.ts";
import { type OpenFaasOptions, openFaasDefaults } from "./options.ts";
import { createSamples } from "./samples.ts";

/**
 * OpenFaaS Pro's autoscaler: every interval it wants the load ÷ (target × proportion), within the bounds, but never
 * less than the highest recommendation of the scale-down window. After `zeroAfterSeconds` without a request it wants
 * none; the next request wakes the minimum at once.
 *
 * Source: docs.openfaas.com/architecture/autoscaling.
 * @example By capacity, target 5, proportion 1: 15 requests want 3 replicas, 25 want 5, none want the minimum.
 */
export function createOpenFaas(given: OpenFaasOptions): Autoscaler {
  const options = { ...openFaasDefaults, ...given };
  const measure = measures[options.by]();
  let recommended: { readonly at: number; readonly replicas: number }[] = [];
  let busyUntil: number | undefined;
  let isBusy = false;
  let hasReplicas = false;
  let wanted: number = options.minReplicas;
  let dueAt = Number.NEGATIVE_INFINITY;

  return {
    observe(at, load) {
      busyUntil ??= at;
      if (isBusy || requests(load) > 0) busyUntil = at;
      isBusy = requests(load) > 0;
      hasReplicas = load.ready + load.starting > 0;
      measure.observe(at, load);
      if (wanted === 0 && isBusy) wanted = options.minReplicas;
    },
    wanted(at) {
      if (at < dueAt) return wanted;
      dueAt = nextMultiple(at, options.intervalSeconds);
      const isIdle = !isBusy && busyUntil !== undefined && at - busyUntil >= options.zeroAfterSeconds;
      const needed = replicasFor(measure.value(at), options.target * options.targetProportion);
      const replicas = clamp(needed, options.minReplicas, options.maxReplicas);
      recommended = recommended.filter((earlier) => earlier.at > at - options.scaleDownWindowSeconds);
      recommended.push({ at, replicas });
      wanted = isIdle ? 0 : Math.max(...recommended.map((recommendation) => recommendation.replicas));
      return wanted;
    },
    nextAt(at) {
      return wanted === 0 && !hasReplicas ? Number.POSITIVE_INFINITY : Math.max(at, dueAt);
    },
  };
}

interface Measure {
  observe(atSeconds: number, load: Load): void;
  value(atSeconds: number): number;
}

/** The queries of the chart's recording rule `job:function_current_load:sum`. */
const measures: Readonly<Record<OpenFaasOptions["by"], () => Measure>> = {
  /** `max_over_time(gateway_function_invocation_inflight[45s:5s])` */
  capacity() {
    const samples = createSamples(5, 45);
    return { observe: (at, load) => samples.set(at, requests(load)), value: samples.max };
  },
  /** `rate(gateway_function_invocation_total[30s])` */
  rps() {
    const samples = createSamples(5, 30);
    return { observe: (at, load) => samples.set(at, load.completed ?? 0), value: samples.rate };
  },
  /** `irate(pod_cpu_usage_seconds_total[1m]) * 1000`, scraped every 10 s */
  cpu() {
    const samples = createSamples(10, 60);
    return {
      observe: (at, load) => samples.set(at, load.cpuSeconds ?? 0),
      value: (at) => samples.instantRate(at) * 1000,
    };
  },
};
