import { addRun, nextProbe, startSearch } from "../../src/finding/search.ts";
import {
  type Criterion,
  combine,
  type Figure,
  keepsGoal,
  marginOf,
  measureFigures,
  parseSearchGoal,
} from "../../src/finding/search-goal.ts";
import type { SearchRun } from "../../src/finding/search-state.ts";
import { mean } from "../../src/stats/mean.ts";
import { simulateRun } from "../host.ts";
import { mixSeed } from "../seeds.ts";
import { AROUND_SECONDS, type FindHost } from "./hosts.ts";

/** What one search of one procedure found. */
export interface Found {
  /** Undefined: the procedure does not claim an answer. */
  readonly users: number | undefined;
  /** Whether the claim is true: within the tolerance, and within the interval if there is one. */
  readonly isRight: boolean;
  readonly seconds: number;
  readonly runs: number;
}

export type Procedure = (host: FindHost, seed: number) => Found;

/** Runs the host's experiment and adds up the time. */
interface Bench {
  readonly run: (users: number) => Omit<SearchRun, "load">;
  readonly seconds: () => number;
  readonly runs: () => number;
}

function makeBench({ scenario, goal }: FindHost, seed: number): Bench {
  const wanted = parseSearchGoal(goal);
  let seconds = 0;
  let runs = 0;
  return {
    run(users) {
      const simulated = simulateRun({ ...scenario, users }, { seed: mixSeed(seed, ++runs) });
      const took = simulated.totalSeconds + AROUND_SECONDS;
      seconds += took;
      return {
        figures: measureFigures(wanted, simulated),
        seconds: took,
        responseSeconds: mean(simulated.roundTripSeconds) ?? Number.POSITIVE_INFINITY,
      };
    },
    seconds: () => seconds,
    runs: () => runs,
  };
}

/** The figures of several runs together: mean logarithms of times, sums of counts. */
function average(runs: readonly (readonly Figure[])[]): readonly Figure[] {
  return (runs[0] as readonly Figure[]).map((first, index): Figure => {
    const own = runs.map((figures) => figures[index] as Figure);
    if (first.kind === "success") {
      const sum = (of: (one: Figure & { kind: "success" }) => number) =>
        own.reduce((total, one) => total + of(one as Figure & { kind: "success" }), 0);
      return { kind: "success", hits: sum(({ hits }) => hits), trials: sum(({ trials }) => trials) };
    }
    const margin = own.reduce((sum, one) => sum + (one as Figure & { kind: "time" }).margin, 0) / own.length;
    return { ...first, margin };
  });
}

const result = (host: FindHost, bench: Bench, users: number | undefined, isInside = true): Found => ({
  users,
  isRight: users !== undefined && isInside && Math.abs(users - host.trueUsers) <= host.tolerance.steps,
  seconds: bench.seconds(),
  runs: bench.runs(),
});

/** slbench find, with the state machine that the command runs. */
export const find =
  (budgetSeconds: number): Procedure =>
  (host, seed) => {
    const bench = makeBench(host, seed);
    let state = startSearch({
      goal: parseSearchGoal(host.goal),
      confidence: 0.95,
      tolerance: host.tolerance,
      budgetSeconds,
      thinkTimeSeconds: host.scenario.thinkTimeSeconds,
    });
    for (;;) {
      const next = nextProbe(state);
      if (next.kind === "probe") {
        state = addRun(state, { load: next.load, ...bench.run(next.load) });
        continue;
      }
      if (next.verdict !== "decided") return result(host, bench, undefined);
      const { atLeast, atMost = Number.POSITIVE_INFINITY } = next;
      return result(host, bench, next.load, atLeast <= host.trueUsers && host.trueUsers <= atMost);
    }
  };

/** Whether the goal holds in this many runs together. */
const holdsIn = ({ goal }: FindHost, bench: Bench, users: number, runs: number) =>
  keepsGoal(parseSearchGoal(goal), average(Array.from({ length: runs }, () => bench.run(users).figures)));

/** Every number of users (or every `step`-th), each three times; the answer is the last one before the first that fails. */
export const sweep =
  (step: (host: FindHost) => number): Procedure =>
  (host, seed) => {
    const bench = makeBench(host, seed);
    let best = 0;
    let hasFailed = false;
    for (let users = 1; users <= host.sweepUsers; users += step(host)) {
      const holds = holdsIn(host, bench, users, 3);
      hasFailed ||= !holds;
      if (!hasFailed) best = users;
    }
    return result(host, bench, best);
  };

/** Doubles from a first number until a verdict fails, then halves the bracket until it is narrow enough. */
function bisect(
  first: number,
  verdict: (users: number) => boolean,
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
    const users = bisect(
      1,
      (at) => holdsIn(host, bench, at, runs),
      (low, high) => high - low <= host.tolerance.steps,
    );
    return result(host, bench, users);
  };

/**
 * AIPerf's monotonic search: doubling from 1, then bisection until the bracket is below 5% of its upper end; a verdict
 * stands once two runs agree.
 * @see https://github.com/ai-dynamo/aiperf, src/aiperf/orchestrator/search_planner/monotonic.py
 */
export const aiperf: Procedure = (host, seed) => {
  const bench = makeBench(host, seed);
  const verdict = (users: number) => {
    const counts = { kept: 0, missed: 0 };
    while (counts.kept < 2 && counts.missed < 2) counts[holdsIn(host, bench, users, 1) ? "kept" : "missed"]++;
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
  const verdict = (users: number) => holdsIn(host, bench, users, 1);
  return result(
    host,
    bench,
    bisect(4, verdict, (low, high) => high - low <= Math.max(1, 0.1 * low)),
  );
};

/** How long a sweep takes, s, from one run at each number of users. */
export function sweepSeconds(host: FindHost, seed: number): number {
  const bench = makeBench(host, seed);
  for (let users = 1; users <= host.sweepUsers; users++) bench.run(users);
  return 3 * bench.seconds();
}

/** The goal's margin at a number of users, with each figure averaged over many runs. */
export function meanMargin(host: FindHost, users: number, runs: number, seed: number): number {
  const bench = makeBench(host, seed);
  const figures = average(Array.from({ length: runs }, () => bench.run(users).figures));
  const { criteria, tree } = parseSearchGoal(host.goal);
  return combine(tree, (index) => marginOf(figures[index] as Figure, criteria[index] as Criterion));
}
