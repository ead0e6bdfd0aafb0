import { type Autoscaler, clamp, type Load, nextMultiple, replicasFor, requests } from "./load.ts";
import { type KpaOptions, kpaDefaults, PANIC_WINDOW_SHARE } from "./options.ts";
import { createWindowAverage, type WindowAverage } from "./window-average.ts";

const EMPTY: Load = { inFlight: 0, queued: 0, ready: 0, starting: 0 };

/**
 * Knative's pod autoscaler: a decision every tick, and at once for a request that finds no replica wanted.
 *
 * Source: `MultiScaler.Poke` in knative/serving, pkg/autoscaler/scaling; `scaler.handleScaleToZero` in
 * pkg/reconciler/autoscaling/kpa. Simplified: averages are over time instead of buckets of one second, and the rule
 * sees each request, where Knative samples the replicas.
 */
export function createKpa(given: KpaOptions): Autoscaler {
  const options = { ...kpaDefaults, ...given };
  const { stableWindowSeconds, panicWindowSeconds = stableWindowSeconds * PANIC_WINDOW_SHARE } = options;
  const stable = createDataWindow(stableWindowSeconds);
  const panic = createDataWindow(panicWindowSeconds);
  const decide = createKpaDecision(options);
  let load = EMPTY;
  let wanted = options.minReplicas;
  let activeSince = 0;
  let zeroSince: number | undefined;
  let dueAt = Number.NEGATIVE_INFINITY;

  /** The last replica stays for a stable window after its start, and for the grace period. */
  const delayZero = (at: number, replicas: number): number => {
    if (replicas > 0) zeroSince = undefined;
    else zeroSince ??= at;
    const isNew = at - activeSince < stableWindowSeconds;
    const isInGrace = zeroSince !== undefined && at - zeroSince < options.scaleToZeroGraceSeconds;
    return replicas === 0 && hasReplica(load) && (isNew || isInGrace) ? 1 : replicas;
  };

  return {
    observe(at, next) {
      if (!hasReplica(load) && hasReplica(next)) activeSince = at;
      load = next;
      stable.observe(at, next);
      panic.observe(at, next);
      if (wanted === 0 && requests(next) > 0) dueAt = at;
    },
    wanted(at) {
      if (at < dueAt) return wanted;
      dueAt = nextMultiple(at, options.tickSeconds);
      const decided = decide(at, stable.average(at), panic.average(at), load.ready);
      const needed = Math.max(decided, requests(load) > 0 ? 1 : 0);
      wanted = delayZero(at, clamp(needed, options.minReplicas, options.maxReplicas));
      return wanted;
    },
    nextAt(at) {
      const isAsleep = wanted === 0 && requests(load) === 0 && !hasReplica(load);
      return isAsleep ? Number.POSITIVE_INFINITY : Math.max(at, dueAt);
    },
  };
}

/**
 * Decides from the average requests of both windows: normally stable average ÷ target. If the panic window needs
 * `panicThreshold` times the ready replicas, it panics: the larger of both windows counts and replicas only increase,
 * until a stable window has passed since the last need to panic.
 *
 * Source: `autoscaler.Scale` in knative/serving, pkg/autoscaler/scaling/autoscaler.go.
 * @returns a function of time in seconds, both averages and ready replicas; its result is not bounded yet
 * @example Target 10, one ready replica, averages of 50 and 100 requests: 10 replicas, in panic.
 */
export function createKpaDecision(
  given: KpaOptions,
): (atSeconds: number, stableAverage: number, panicAverage: number, readyReplicas: number) => number {
  const options = { ...kpaDefaults, ...given };
  let panic: { readonly since: number; readonly replicas: number } | undefined;
  return (at, stableAverage, panicAverage, readyReplicas) => {
    const ready = Math.max(1, readyReplicas);
    const bound = (replicas: number) =>
      clamp(
        replicas,
        Math.floor(ready / options.maxScaleDownRate),
        Math.ceil(ready * options.maxScaleUpRate),
      );
    const steady = replicasFor(stableAverage, options.target);
    const urgent = replicasFor(panicAverage, options.target);
    if (urgent / ready >= options.panicThreshold) panic = { since: at, replicas: panic?.replicas ?? 0 };
    else if (panic !== undefined && panic.since + options.stableWindowSeconds < at) panic = undefined;
    if (panic === undefined) return bound(steady);
    const replicas = Math.max(panic.replicas, bound(Math.max(steady, urgent)));
    panic = { ...panic, replicas };
    return replicas;
  };
}

function hasReplica(load: Load): boolean {
  return load.ready + load.starting > 0;
}

/** An average that starts anew if neither a replica nor a request existed for a window: Knative then has no data. */
function createDataWindow(windowSeconds: number): Pick<WindowAverage, "average"> & {
  observe(atSeconds: number, load: Load): void;
} {
  const window = createWindowAverage(windowSeconds);
  let emptySince: number | undefined = Number.NEGATIVE_INFINITY;
  return {
    average: window.average,
    observe(at, load) {
      const isEmpty = requests(load) === 0 && !hasReplica(load);
      window.set(at, requests(load));
      if (emptySince !== undefined && !isEmpty && at - emptySince >= windowSeconds) window.restart(at);
      emptySince = isEmpty ? (emptySince ?? at) : undefined;
    },
  };
}
