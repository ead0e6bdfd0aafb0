import { mean } from "../stats/mean.ts";
import { totalOf } from "../stats/proportion-interval.ts";
import { makeCurve } from "./curve.ts";
import { type LoadScale, loadOfValue, valueOfLoad } from "./load-scale.ts";
import type { PredictedReplicas } from "./predict-replicas.ts";
import type { Answer } from "./probe.ts";
import { FIND_SCHEMA } from "./schema.ts";
import { expectedSeconds, nextProbe } from "./search.ts";
import { type Criterion, type Figure, marginOf } from "./search-goal.ts";
import { type PlacedRun, type Role, runsByLoad, type SearchState, usedSeconds } from "./search-state.ts";

export type { Role };

/** find.json: docs/data-formats.md. Loads are users, requests per second, or replicas. */
export interface SearchReport {
  readonly schema: typeof FIND_SCHEMA;
  readonly goal: string;
  readonly for: LoadScale["for"];
  /** Of every run, in a search for replicas. */
  readonly users?: number;
  readonly confidence: number;
  readonly tolerance: string;
  readonly budgetSeconds?: number;
  readonly criteria: readonly Criterion[];
  /** In the order of measuring. */
  readonly probes: readonly ReportedProbe[];
  /** Each criterion's figure over the load, as the search expects it from all probes. */
  readonly curve: readonly { readonly load: number; readonly values: readonly number[] }[];
  /** Absent while the search runs. */
  readonly answer?: ReportedAnswer;
  /** Of the queueing model, not measured; absent if it cannot be fitted. */
  readonly prediction?: SearchPrediction;
}

export interface ReportedProbe {
  readonly cell: string;
  readonly load: number;
  readonly role: Role;
  readonly seconds: number;
  /** Seconds, or share of successful requests, of each criterion. */
  readonly values: readonly number[];
  readonly isSaturated?: true;
  /** The host became faster or slower during the run. */
  readonly hasChanged?: true;
  /** It was ended as soon as it had missed the goal: `values` are those of a part. */
  readonly isEndedEarly?: true;
  /** Of an earlier result, which the cell's name begins with. */
  readonly isReused?: true;
}

/** `at-least` of replicas: the goal is shown to fail even with the most that were tried. */
export interface ReportedAnswer extends Pick<Answer, "verdict" | "limitedBy" | "moreRuns"> {
  readonly load: number;
  readonly atLeast: number;
  readonly atMost?: number;
  /** The loads, both included, between which the answer is taken to be, shown or not. */
  readonly between: { readonly low: number; readonly high?: number };
  readonly deviationLoads?: number;
  readonly runs: number;
  readonly seconds: number;
  /** About how long a sweep from the first step to 1.5 times the answer would take, three runs each. */
  readonly sweepSeconds?: number;
  /** The limits that are shown to be missed at the first load that fails. */
  readonly fails?: { readonly load: number; readonly criteria: readonly FailedCriterion[] };
}

/** How far a limit is missed. */
export interface FailedCriterion {
  readonly text: string;
  readonly limit: number;
  /** Over the runs at this load: geometric mean of times, share of successful requests. */
  readonly value: number;
  readonly runs: number;
  /** The smallest and the largest run. */
  readonly low: number;
  readonly high: number;
}

/** What the queueing model says beyond the measured answer. */
export interface SearchPrediction {
  /** Share of the response time at the answer that is waiting, 0..1. */
  readonly queueingShare?: number;
  /** Users with another number of replicas: at the worse end of the model's 95% intervals, and by its estimate. */
  readonly replicas?: { readonly count: number; readonly conservativeUsers: number; readonly users: number };
  /** The fewest replicas for a number of users, of a function whose replicas slbench cannot change. */
  readonly needed?: PredictedReplicas;
}

export interface ReportOptions extends LoadScale {
  readonly tolerance: string;
  /** Of every run, in a search for replicas. */
  readonly users?: number;
  /** The cells' names, in the order of the state's runs. */
  readonly cells: readonly string[];
}

/** Runs per number of users in the sweep that an answer is compared with. */
const SWEEP_RUNS = 3;
const SWEEP_REACH = 1.5;
const CURVE_POINTS = 60;

/**
 * A search in the form of find.json.
 *
 * @example
 * ```ts
 * const state = startSearch({ goal: parseSearchGoal("p95<2s"), confidence: 0.95, tolerance: { steps: 1 } });
 * makeSearchReport(state, { for: "users", tolerance: "1", step: 1, cells: [] }).probes; // []
 * ```
 */
export function makeSearchReport(state: SearchState, options: ReportOptions): SearchReport {
  const { goal, confidence, budgetSeconds } = state.options;
  const next = nextProbe(state);
  return {
    schema: FIND_SCHEMA,
    goal: goal.text,
    for: options.for,
    ...(options.users !== undefined && { users: options.users }),
    confidence,
    tolerance: options.tolerance,
    ...(budgetSeconds !== undefined && { budgetSeconds }),
    criteria: goal.criteria,
    probes: state.runs.map((run, index) => reportProbe(run, options.cells[index] ?? "", options)),
    curve: sampleCurve(state, options),
    ...(next.kind === "answer" && { answer: reportAnswer(state, next, options) }),
  };
}

const figureValue = (figure: Figure): number =>
  figure.kind === "time" ? figure.seconds : successShare([figure]);

/** Of all requests of these runs; a run without requests has no success. */
const successShare = (figures: readonly Figure[]): number =>
  totalOf(figures.filter((figure) => figure.kind === "success")).share ?? 0;

const reportProbe = (run: PlacedRun, cell: string, scale: LoadScale): ReportedProbe => ({
  cell,
  load: valueOfLoad(run.load, scale),
  role: run.role,
  seconds: run.seconds,
  values: run.figures.map(figureValue),
  ...(run.isSaturated === true && { isSaturated: true }),
  ...(run.hasChanged === true && { hasChanged: true }),
  ...(run.endedEarly !== undefined && { isEndedEarly: true }),
  ...(run.isReused === true && { isReused: true }),
});

function sampleCurve(state: SearchState, scale: LoadScale): SearchReport["curve"] {
  const loads = [...runsByLoad(state).keys()];
  if (loads.length < 2) return [];
  const { expectedAt } = makeCurve(state);
  const [least, most] = [Math.min(...loads), Math.max(...loads)];
  const points = Math.min(CURVE_POINTS, most - least + 1);
  const at = new Set(
    Array.from({ length: points }, (_, index) =>
      Math.round(least + ((most - least) * index) / Math.max(1, points - 1)),
    ),
  );
  return [...at].map((load) => ({
    load: valueOfLoad(load, scale),
    values: state.options.goal.criteria.map((criterion, index) =>
      fromMargin(expectedAt(index, load), criterion),
    ),
  }));
}

/** The figure that has a margin: seconds, or a share. */
function fromMargin(margin: number, { kind, limit }: Criterion): number {
  if (kind === "time") return limit * Math.exp(-margin);
  const odds = (limit / (1 - limit)) * Math.exp(margin);
  return odds / (1 + odds);
}

function reportAnswer(state: SearchState, answer: Answer, scale: LoadScale): ReportedAnswer {
  const { atMost, deviationLoads, moreRuns } = answer;
  const sweepSeconds = sweepTime(state, valueOfLoad(answer.load, scale), scale);
  const fails = atMost === undefined ? undefined : describeFailure(state, atMost + 1, scale);
  return {
    ...(scale.mostReplicas === undefined
      ? reportLoads(answer, scale)
      : reportReplicas(answer, scale.mostReplicas)),
    ...(moreRuns !== undefined && { moreRuns }),
    ...(deviationLoads !== undefined && { deviationLoads: deviationLoads * scale.step }),
    runs: state.runs.filter((run) => run.isReused !== true).length,
    seconds: usedSeconds(state),
    ...(sweepSeconds !== undefined && { sweepSeconds }),
    ...(fails !== undefined && { fails }),
  };
}

type ReportedBounds = Pick<
  ReportedAnswer,
  "verdict" | "load" | "atLeast" | "atMost" | "between" | "limitedBy"
>;

function reportLoads(
  { verdict, load, atLeast, atMost, between, limitedBy }: Answer,
  scale: LoadScale,
): ReportedBounds {
  const value = (of: number) => valueOfLoad(of, scale);
  return {
    verdict,
    load: value(load),
    atLeast: value(atLeast),
    ...(atMost !== undefined && { atMost: value(atMost) }),
    between: {
      low: value(between.low),
      ...(between.high !== undefined && { high: value(between.high - 1) }),
    },
    ...(limitedBy !== undefined && { limitedBy }),
  };
}

/** More replicas serve better, so the bounds change places. Load 0 stands for more replicas than were tried. */
function reportReplicas({ verdict, load, atLeast, atMost, between }: Answer, most: number): ReportedBounds {
  const replicas = (of: number) => most + 1 - of;
  return {
    ...replicasVerdict(verdict, atLeast),
    load: replicas(load),
    atLeast: replicas(atMost ?? most),
    ...(atLeast > 0 && { atMost: replicas(atLeast) }),
    between: {
      low: replicas(between.high === undefined ? most : between.high - 1),
      ...(between.low > 0 && { high: replicas(between.low) }),
    },
  };
}

function replicasVerdict(
  verdict: Answer["verdict"],
  atLeast: number,
): Pick<ReportedBounds, "verdict" | "limitedBy"> {
  if (verdict === "undecided") return { verdict };
  if (atLeast === 0) return { verdict: "at-least", limitedBy: "most" };
  // Also if the goal holds with one: there is no smaller number.
  return { verdict: "decided" };
}

/** Each number from the first to 1.5 times the answer, as long as the nearest run took. */
function sweepTime({ runs }: SearchState, answer: number, scale: LoadScale): number | undefined {
  if (runs.length === 0) return undefined;
  const last = Math.max(1, Math.ceil((SWEEP_REACH * answer) / scale.step));
  let seconds = 0;
  for (let steps = 1; steps <= last; steps++) {
    const load = Math.max(1, loadOfValue(steps * scale.step, scale));
    seconds += SWEEP_RUNS * expectedSeconds(runs, load);
  }
  return seconds;
}

function describeFailure(state: SearchState, load: number, scale: LoadScale): ReportedAnswer["fails"] {
  const runs = runsByLoad(state).get(load) ?? [];
  const criteria = state.options.goal.criteria.flatMap((criterion, index): readonly FailedCriterion[] => {
    const figures = runs.flatMap((run) => run.figures[index] ?? []);
    const margins = figures.map((figure) => marginOf(figure, criterion));
    const margin = mean(margins);
    if (margin === undefined || margin > 0) return [];
    const values = figures.map(figureValue);
    const { text, limit } = criterion;
    const value = criterion.kind === "time" ? fromMargin(margin, criterion) : successShare(figures);
    return [
      { text, limit, value, runs: figures.length, low: Math.min(...values), high: Math.max(...values) },
    ];
  });
  return criteria.length === 0 ? undefined : { load: valueOfLoad(load, scale), criteria };
}
