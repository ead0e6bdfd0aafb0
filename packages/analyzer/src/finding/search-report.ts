import { mean } from "../stats/mean.ts";
import { totalOf } from "../stats/proportion-interval.ts";
import { makeCurve } from "./curve.ts";
import { FIND_SCHEMA } from "./schema.ts";
import { type Answer, expectedSeconds, nextProbe } from "./search.ts";
import { type Criterion, type Figure, marginOf } from "./search-goal.ts";
import { type PlacedRun, type Role, runsByLoad, type SearchState, usedSeconds } from "./search-state.ts";

export type { Role };

/** find.json: docs/data-formats.md. Loads are users, or requests per second. */
export interface SearchReport {
  readonly schema: typeof FIND_SCHEMA;
  readonly goal: string;
  readonly for: "users" | "rate";
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
  /** Users with another number of replicas: at the worse end of the model's 90% intervals, and by its estimate. */
  readonly replicas?: { readonly count: number; readonly conservativeUsers: number; readonly users: number };
}

export interface ReportOptions {
  readonly for: "users" | "rate";
  readonly tolerance: string;
  /** Users, or requests per second, of one step of the search. */
  readonly step: number;
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
    confidence,
    tolerance: options.tolerance,
    ...(budgetSeconds !== undefined && { budgetSeconds }),
    criteria: goal.criteria,
    probes: state.runs.map((run, index) => reportProbe(run, options.cells[index] ?? "", options.step)),
    curve: sampleCurve(state, options.step),
    ...(next.kind === "answer" && { answer: reportAnswer(state, next, options.step) }),
  };
}

const figureValue = (figure: Figure): number =>
  figure.kind === "time" ? figure.seconds : successShare([figure]);

/** Of all requests of these runs; a run without requests has no success. */
const successShare = (figures: readonly Figure[]): number =>
  totalOf(figures.filter((figure) => figure.kind === "success")).share ?? 0;

/** 0.1 × 3 is 0.3, whatever the last bit says. */
const scaled = (load: number, step: number) => Number((load * step).toPrecision(12));

const reportProbe = (run: PlacedRun, cell: string, step: number): ReportedProbe => ({
  cell,
  load: scaled(run.load, step),
  role: run.role,
  seconds: run.seconds,
  values: run.figures.map(figureValue),
  ...(run.isSaturated === true && { isSaturated: true }),
  ...(run.hasChanged === true && { hasChanged: true }),
  ...(run.endedEarly !== undefined && { isEndedEarly: true }),
  ...(run.isReused === true && { isReused: true }),
});

function sampleCurve(state: SearchState, step: number): SearchReport["curve"] {
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
    load: scaled(load, step),
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

function reportAnswer(state: SearchState, answer: Answer, step: number): ReportedAnswer {
  const { load, atLeast, atMost, between, deviationLoads, verdict, limitedBy, moreRuns } = answer;
  const sweepSeconds = sweepTime(state, load);
  const fails = atMost === undefined ? undefined : describeFailure(state, atMost + 1, step);
  return {
    verdict,
    load: scaled(load, step),
    atLeast: scaled(atLeast, step),
    ...(atMost !== undefined && { atMost: scaled(atMost, step) }),
    between: {
      low: scaled(between.low, step),
      ...(between.high !== undefined && { high: scaled(between.high - 1, step) }),
    },
    ...(limitedBy !== undefined && { limitedBy }),
    ...(moreRuns !== undefined && { moreRuns }),
    ...(deviationLoads !== undefined && { deviationLoads: deviationLoads * step }),
    runs: state.runs.filter((run) => run.isReused !== true).length,
    seconds: usedSeconds(state),
    ...(sweepSeconds !== undefined && { sweepSeconds }),
    ...(fails !== undefined && { fails }),
  };
}

/** Each number from the first to 1.5 times the answer, as long as the nearest run took. */
function sweepTime({ runs }: SearchState, answer: number): number | undefined {
  if (runs.length === 0) return undefined;
  const last = Math.max(1, Math.ceil(SWEEP_REACH * answer));
  let seconds = 0;
  for (let load = 1; load <= last; load++) seconds += SWEEP_RUNS * expectedSeconds(runs, load);
  return seconds;
}

function describeFailure(state: SearchState, load: number, step: number): ReportedAnswer["fails"] {
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
  return criteria.length === 0 ? undefined : { load: scaled(load, step), criteria };
}
