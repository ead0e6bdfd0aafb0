import type { ClientRun } from "../clients/client-run.ts";
import { measuredPart } from "../clients/steady-part.ts";
import { canonicalName } from "../expression/names.ts";
import type { BoundComparison } from "../expression/vocabulary.ts";
import { countHits } from "../stats/count-hits.ts";
import { cutBlocks } from "../stats/cut-blocks.ts";
import { CONFIDENCE_LEVEL } from "../stats/interval.ts";
import { judgeMean } from "../stats/judge-mean.ts";
import { judgeQuantile, type LimitVerdict } from "../stats/judge-quantile.ts";
import { judgeShare } from "../stats/judge-share.ts";
import type { Values } from "../stats/values.ts";
import type { CellSummary } from "../summary/cell.ts";
import { toCellTimes } from "../summary/cell-times.ts";

/** One repetition's measured requests in order of start. */
export interface JudgedRun {
  readonly roundTripSeconds: Values;
  /** 1: successful. */
  readonly isSuccessful: Values;
}

/** Whether a limit is kept, as far as the measured requests show it. */
export interface Judgement {
  readonly verdict: "passes" | "fails" | "undecided";
  /** About how many more requests would decide, if undecided; absent if that is not known. */
  readonly moreRequests?: number;
}

/** The requests of each cell that its figures are made of. */
export type RunsOf = (cell: CellSummary) => readonly JudgedRun[];

/** An analysis, as far as its requests are needed. */
export interface JudgedAnalysis {
  readonly summary: { readonly cells: readonly CellSummary[] };
  readonly clients: readonly (readonly ClientRun[])[];
}

/**
 * Finds a cell's runs in an analysis; made when they are first asked for.
 *
 * @example
 * ```ts
 * runsOfAnalysis(analyze([])).length; // 1
 * ```
 */
export function runsOfAnalysis({ summary, clients }: JudgedAnalysis): RunsOf {
  const known = new Map<CellSummary, readonly JudgedRun[]>();
  return (cell) => {
    let runs = known.get(cell);
    if (runs === undefined) {
      runs = toCellTimes((clients[summary.cells.indexOf(cell)] ?? []).map(measuredPart)).runs;
      known.set(cell, runs);
    }
    return runs;
  };
}

/** Quantiles of the round trip by the names that thresholds give them. */
const QUANTILES: Readonly<Record<string, number>> = { median: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 };

/**
 * Judges one comparison of a threshold with confidence: success and error rates by their share, quantiles and the mean
 * of the round trip by their runs. Other figures (counts, throughput, times of the handler) are compared as they are.
 *
 * @param confidence of each verdict, one-sided
 * @returns undefined if the figure is not known
 */
export function judgeComparison<Subject extends CellSummary>(
  { source, wanted: [limit], holds }: BoundComparison<Subject>,
  cell: Subject,
  runs: readonly JudgedRun[],
  confidence = CONFIDENCE_LEVEL,
): Judgement | undefined {
  const point = holds(cell);
  if (point === undefined) return undefined;
  const asMeasured: Judgement = { verdict: point ? "passes" : "fails" };
  if (runs.length === 0 || typeof limit !== "object") return asMeasured;
  const { operator } = source;
  if (operator === "=" || operator === "!=") return asMeasured;
  const name = canonicalName(source.name);
  const isUpper = operator.startsWith("<");
  if (name === "success" || name === "successOverRequests")
    return judgeSuccess(runs, limit.low, isUpper, confidence) ?? asMeasured;
  if (name === "errors") return judgeSuccess(runs, 1 - limit.low, !isUpper, confidence) ?? asMeasured;
  const judged = judgeRoundTrip(name, runs, limit.low, confidence);
  return judged === undefined ? asMeasured : isUpper ? judged : reversed(judged);
}

/**
 * Whether the success rate is at least a limit (`isUpper`: at most).
 * @returns undefined for limits of 0 and 1: no number of requests shows that none will ever fail
 */
function judgeSuccess(
  runs: readonly JudgedRun[],
  limit: number,
  isUpper: boolean,
  confidence: number,
): Judgement | undefined {
  if (limit <= 0 || limit >= 1) return undefined;
  const judged = judgeSuccessRate(runs, limit, confidence);
  return isUpper ? reversed(judged) : judged;
}

/** Whether the success rate is at least a limit, 0..1 without the ends. */
export function judgeSuccessRate(
  runs: readonly JudgedRun[],
  limit: number,
  confidence = CONFIDENCE_LEVEL,
): Judgement {
  const { blocks } = cutBlocks(runs.map(({ isSuccessful }) => isSuccessful));
  const { verdict, moreTrials } = judgeShare(
    countHits(blocks, (one) => one === 1),
    limit,
    confidence,
  );
  return { verdict, ...(moreTrials !== undefined && { moreRequests: moreTrials }) };
}

/** Whether a quantile of the round trip is at most a limit, seconds. */
export function judgeRoundTripQuantile(
  runs: readonly JudgedRun[],
  p: number,
  limitSeconds: number,
  confidence = CONFIDENCE_LEVEL,
): Judgement {
  return ofRequests(judgeQuantile(roundTripsOf(runs), p, limitSeconds, { level: confidence }));
}

const roundTripsOf = (runs: readonly JudgedRun[]) => runs.map(({ roundTripSeconds }) => roundTripSeconds);

const ofRequests = ({ verdict, moreValues: more }: LimitVerdict): Judgement => ({
  verdict,
  ...(more !== undefined && { moreRequests: more }),
});

/** Undefined if the name is of another figure. */
function judgeRoundTrip(
  name: string,
  runs: readonly JudgedRun[],
  limitSeconds: number,
  confidence: number,
): Judgement | undefined {
  const p = Object.hasOwn(QUANTILES, name) ? QUANTILES[name] : undefined;
  if (p !== undefined) return judgeRoundTripQuantile(runs, p, limitSeconds, confidence);
  return name === "mean" ? ofRequests(judgeMean(roundTripsOf(runs), limitSeconds, confidence)) : undefined;
}

const REVERSED = { passes: "fails", fails: "passes", undecided: "undecided" } as const;
const reversed = (judged: Judgement): Judgement => ({ ...judged, verdict: REVERSED[judged.verdict] });
