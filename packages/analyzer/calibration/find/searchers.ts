import { watchRun } from "../../src/finding/early-end.ts";
import { addRun, mayEndEarly, nextProbe, startSearch } from "../../src/finding/search.ts";
import {
  type Criterion,
  combine,
  type Figure,
  keepsGoal,
  marginOf,
  measureFigures,
  parseSearchGoal,
  type SearchGoal,
} from "../../src/finding/search-goal.ts";
import type { SearchRun } from "../../src/finding/search-state.ts";
import { mean } from "../../src/stats/mean.ts";
import { totalOf } from "../../src/stats/proportion-interval.ts";
import { type SteadyRun, simulateOpenRun, simulateRun } from "../host.ts";
import { mixSeed } from "../seeds.ts";
import { AROUND_SECONDS, type FindHost } from "./hosts.ts";

/** What one search of one procedure found. */
export interface Found {
  /** Users, or steps of the rate; undefined: the procedure does not claim an answer. */
  readonly load: number | undefined;
  /** Whether the claim is true: within the tolerance, and within the interval if there is one. */
  readonly isRight: boolean;
  readonly seconds: number;
  readonly runs: number;
}

export type Procedure = (host: FindHost, seed: number) => Found;

/** Runs the host's experiment and adds up the time. */
interface Bench {
  /** @param endsEarly the run ends as soon as it has missed the goal */
  readonly run: (load: number, endsEarly?: boolean) => Omit<SearchRun, "load">;
  readonly seconds: () => number;
  readonly runs: () => number;
}

function makeBench(host: FindHost, seed: number): Bench {
  const goal = parseSearchGoal(host.goal);
  let seconds = 0;
  let runs = 0;
  return {
    run(load, endsEarly = false) {
      const whole = simulateLoad(host, load, mixSeed(seed, ++runs));
      const end = endsEarly ? missedAt(whole, goal, plannedRequests(host, load)) : undefined;
      const part = end === undefined ? whole : cutAt(whole, end);
      const took = part.totalSeconds + AROUND_SECONDS;
      seconds += took;
      return {
        figures: measureFigures(goal, part),
        seconds: took,
        responseSeconds: mean(part.roundTripSeconds) ?? Number.POSITIVE_INFINITY,
        ...(end !== undefined && { endedEarly: { wholeSeconds: whole.totalSeconds + AROUND_SECONDS } }),
      };
    },
    seconds: () => seconds,
    runs: () => runs,
  };
}

function simulateLoad({ function: target, load: kind }: FindHost, load: number, seed: number): SteadyRun {
  if (kind.kind === "users") return simulateRun({ ...target, ...kind, users: load }, { seed });
  const { stepPerSecond, durationSeconds } = kind;
  return simulateOpenRun(target, { ratePerSecond: load * stepPerSecond, durationSeconds }, seed);
}

/** An open loop draws their number. */
const plannedRequests = ({ load: kind }: FindHost, load: number) =>
  kind.kind === "users" ? load * kind.requestsPerUser : Number.POSITIVE_INFINITY;

/** slbench looks at a run once a second, and JMeter's workers need a moment to end. */
const ENDING_SECONDS = 3;

/** When a run that has missed the goal would be over, s from its start; undefined if it goes on to its own end. */
function missedAt(run: SteadyRun, goal: SearchGoal, planned: number): number | undefined {
  const watch = watchRun(goal, planned);
  const order = Array.from(run.arrivalSeconds.keys()).sort(
    (a, b) => (run.arrivalSeconds[a] as number) - (run.arrivalSeconds[b] as number),
  );
  for (const index of order) {
    watch.add(run.roundTripSeconds[index] as number, run.isSuccessful[index] === 1);
    if (watch.whyMissed() === undefined) continue;
    const end = arrivalOf(run, index) + ENDING_SECONDS;
    return end < run.totalSeconds ? end : undefined;
  }
  return undefined;
}

const arrivalOf = ({ startSeconds, roundTripSeconds }: SteadyRun, index: number) =>
  (startSeconds[index] as number) + (roundTripSeconds[index] as number);

/** The responses of a run that had arrived by a time. */
function cutAt(run: SteadyRun, atSeconds: number): SteadyRun {
  const isIn = (_: number, index: number) => arrivalOf(run, index) <= atSeconds;
  return {
    roundTripSeconds: run.roundTripSeconds.filter(isIn),
    isSuccessful: run.isSuccessful.filter(isIn),
    startSeconds: run.startSeconds.filter(isIn),
    arrivalSeconds: run.arrivalSeconds.filter(isIn),
    seconds: run.seconds,
    totalSeconds: atSeconds,
  };
}

/** The figures of several runs together: mean logarithms of times, sums of counts. */
function average(runs: readonly (readonly Figure[])[]): readonly Figure[] {
  return (runs[0] as readonly Figure[]).map((first, index): Figure => {
    const own = runs.map((figures) => figures[index] as Figure);
    if (first.kind === "success") {
      const { hits, trials } = totalOf(own.filter((one) => one.kind === "success"));
      return { kind: "success", hits, trials };
    }
    const margin = mean(own.flatMap((one) => (one.kind === "time" ? [one.margin] : []))) as number;
    return { ...first, margin };
  });
}

const result = (host: FindHost, bench: Bench, load: number | undefined, isInside = true): Found => ({
  load,
  isRight: load !== undefined && isInside && Math.abs(load - host.trueLoad) <= host.tolerance.steps,
  seconds: bench.seconds(),
  runs: bench.runs(),
});

/** slbench find, with the state machine that the command runs. */
export const find =
  (budgetSeconds: number, endsEarly: boolean): Procedure =>
  (host, seed) => {
    const bench = makeBench(host, seed);
    let state = startSearch({
      goal: parseSearchGoal(host.goal),
      confidence: 0.95,
      tolerance: host.tolerance,
      budgetSeconds,
      ...(host.load.kind === "users" && { thinkTimeSeconds: host.load.thinkTimeSeconds }),
    });
    for (;;) {
      const next = nextProbe(state);
      if (next.kind === "probe") {
        const run = bench.run(next.load, endsEarly && mayEndEarly(state, next));
        state = addRun(state, { load: next.load, ...run });
        continue;
      }
      if (next.verdict !== "decided") return result(host, bench, undefined);
      const { atLeast, atMost = Number.POSITIVE_INFINITY } = next;
      return result(host, bench, next.load, atLeast <= host.trueLoad && host.trueLoad <= atMost);
    }
  };

/** Whether the goal holds in this many runs together. */
const holdsIn = ({ goal }: FindHost, bench: Bench, load: number, runs: number) =>
  keepsGoal(parseSearchGoal(goal), average(Array.from({ length: runs }, () => bench.run(load).figures)));

/** Every load (or every `step`-th), each three times; the answer is the last one before the first that fails. */
export const sweep =
  (step: (host: FindHost) => number): Procedure =>
  (host, seed) => {
    const bench = makeBench(host, seed);
    let best = 0;
    let hasFailed = false;
    for (let load = 1; load <= host.sweepLoad; load += step(host)) {
      const holds = holdsIn(host, bench, load, 3);
      hasFailed ||= !holds;
      if (!hasFailed) best = load;
    }
    return result(host, bench, best);
  };

/** Doubles from a first number until a verdict fails, then halves the bracket until it is narrow enough. */
function bisect(
  first: number,
  verdict: (load: number) => boolean,
  isNarrow: (low: number, high: number) => boolean,
): number {
  let low = 0;
  let high = first;
  while (verdict(high)) [low, high] = [high, 2 * high];
  while (low === 0 && high > 1) {
    const half = Math.floor(high / 2);
    if (verdict(half)) low = half;
    else high = half;
  }
  while (high - low > 1 && !isNarrow(low, high)) {
    const middle = Math.floor((low + high) / 2);
    if (verdict(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Bisection with so many runs at each number, down to the tolerance. */
export const bisection =
  (runs: number): Procedure =>
  (host, seed) => {
    const bench = makeBench(host, seed);
    const load = bisect(
      1,
      (at) => holdsIn(host, bench, at, runs),
      (low, high) => high - low <= host.tolerance.steps,
    );
    return result(host, bench, load);
  };

/**
 * AIPerf's monotonic search: doubling from 1, then bisection until the bracket is below 5% of its upper end; a verdict
 * stands once two runs agree.
 * @see https://github.com/ai-dynamo/aiperf, src/aiperf/orchestrator/search_planner/monotonic.py
 */
export const aiperf: Procedure = (host, seed) => {
  const bench = makeBench(host, seed);
  const verdict = (load: number) => {
    const counts = { kept: 0, missed: 0 };
    while (counts.kept < 2 && counts.missed < 2) counts[holdsIn(host, bench, load, 1) ? "kept" : "missed"]++;
    return counts.kept === 2;
  };
  return result(
    host,
    bench,
    bisect(1, verdict, (low, high) => (high - low) / high < 0.05),
  );
};

/**
 * guidellm's goodput profile: doubling from 4, then bisection until the bracket is at most 10% of its lower end; one
 * run decides, by the share of requests within the limits (the run's own quantile says the same).
 * @see https://github.com/vllm-project/guidellm, src/guidellm/benchmark/profiles/goodput.py
 */
export const guidellm: Procedure = (host, seed) => {
  const bench = makeBench(host, seed);
  const verdict = (load: number) => holdsIn(host, bench, load, 1);
  return result(
    host,
    bench,
    bisect(4, verdict, (low, high) => high - low <= Math.max(1, 0.1 * low)),
  );
};

/** How long a sweep takes, s, from one run at each load. */
export function sweepSeconds(host: FindHost, seed: number): number {
  const bench = makeBench(host, seed);
  for (let load = 1; load <= host.sweepLoad; load++) bench.run(load);
  return 3 * bench.seconds();
}

/** The goal's margin at a load, with each figure averaged over many runs. */
export function meanMargin(host: FindHost, load: number, runs: number, seed: number): number {
  const bench = makeBench(host, seed);
  const figures = average(Array.from({ length: runs }, () => bench.run(load).figures));
  const { criteria, tree } = parseSearchGoal(host.goal);
  return combine(tree, (index) => marginOf(figures[index] as Figure, criteria[index] as Criterion));
}
