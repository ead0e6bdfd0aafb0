import { type Condition, conditionOf, describeCondition } from "../core/condition.ts";
import { formatAbout, formatCount, formatDecimals, formatInteger } from "../core/format.ts";
import { printable } from "../core/printable.ts";
import { formatRejection } from "../core/rejection.ts";
import type { Operator, Selector } from "../expression/expression.ts";
import { canonicalName } from "../expression/names.ts";
import type { NumberRange } from "../expression/number.ts";
import {
  type BoundComparison,
  type BoundExpression,
  bindExpression,
  evaluate,
  type QuantityKind,
  type SelectorReader,
  type Vocabulary,
  type Wanted,
} from "../expression/vocabulary.ts";
import { MIN_RUNS } from "../stats/cut-blocks.ts";
import { formatActiveUsers, isUnderloaded } from "../summary/active-users.ts";
import type { CellSummary } from "../summary/cell.ts";
import { CELL_FIGURE_NAMES, cellFigure } from "./cell-figures.ts";
import { type Judgement, judgeComparison, type RunsOf } from "./judge.ts";

/** A condition that every cell must keep: `p95<2s`, `success>=0.99 and p95<2s`, `cell(users=4).mean<500ms`. */
export interface Threshold extends BoundExpression<ThresholdSubject> {
  /** It names a label, so it is about no cell. */
  readonly isOfLabel: boolean;
}

/** What a threshold is checked against: a cell, or figures of one label in the same form. */
export type ThresholdSubject = CellSummary & { readonly label?: string };

/** A limit that every cell has to keep. */
export interface GeneralLimit {
  /** As thresholds name the figure: `success`, `p95`. */
  readonly name: string;
  readonly operator: Operator;
  /** Seconds, ratio or count. */
  readonly limit: number;
}

/** A threshold checked against one cell; `cell` and `value` are absent if there is no such cell or figure. */
export interface ThresholdResult {
  readonly threshold: string;
  readonly cell?: Condition;
  /** What it was checked against in logs without clients' reports: a label, or all samples. */
  readonly samples?: { readonly label?: string; readonly threads: number };
  /** Of a threshold with one comparison. */
  readonly value?: number;
  readonly verdict: "pass" | "fail" | "undecided";
  /** The measured value, in words. */
  readonly found: string;
}

export interface ThresholdOptions {
  /** With which a threshold passes or fails, one-sided; default 0.95. */
  readonly confidence?: number;
  /** The cells' requests; without them figures are compared as they are. */
  readonly runsOf?: RunsOf;
}

export const THRESHOLD_VOCABULARY: Vocabulary<ThresholdSubject> = {
  what: "threshold",
  names: CELL_FIGURE_NAMES,
  find: cellFigure,
  select: readSelector,
};

/**
 * Reads `success>=0.99`, `p95<2s and errors<1%`, `cell(users=4).mean<1s`, `label(checkout).p95<1s`:
 * docs/expressions.md. A threshold that names a cell or a label is checked against that alone.
 *
 * @throws {SlbenchError} EXPRESSION_SYNTAX, EXPRESSION_NAME, EXPRESSION_VALUE
 *
 * @example
 * ```ts
 * parseThreshold(" p95<2s ").text; // "p95<2s"
 * ```
 */
export function parseThreshold(text: string): Threshold {
  const rule = bindExpression(text, THRESHOLD_VOCABULARY);
  return { ...rule, isOfLabel: rule.comparisons.some(({ source }) => source.selector?.name === "label") };
}

/** The limits in a threshold that hold for every cell: empty if it names a cell, or has `or` or `not`. */
export function generalLimits({ expression, comparisons }: Threshold): readonly GeneralLimit[] {
  const parts = expression.kind === "and" ? expression.parts : [expression];
  if (comparisons.some(({ source }) => source.selector !== undefined)) return [];
  if (parts.some((part) => part.kind !== "comparison")) return [];
  return comparisons.flatMap(({ source, wanted: [wanted] }) =>
    typeof wanted === "object"
      ? [{ name: canonicalName(source.name), operator: source.operator, limit: wanted.low }]
      : [],
  );
}

function readSelector(
  selector: Selector,
  { number, refuse }: SelectorReader,
): (subject: ThresholdSubject) => boolean {
  const { name, at } = selector;
  if (name === "label") {
    const wrong = selector.arguments.find((argument) => argument.name !== undefined);
    if (wrong !== undefined)
      throw refuse(wrong.value.at, `label(…) takes no "${wrong.name}"`, "write it as label(checkout)");
    const labels = selector.arguments.map(({ value }) => value.text);
    return ({ label }) => label !== undefined && labels.includes(label);
  }
  const hint = "write cell(users=4), cell(users=4, think=0), cell(rate=2.5) or label(checkout)";
  if (name !== "cell") throw refuse(at, `unknown selector "${name.slice(0, 80)}"`, hint);
  const tests = selector.arguments.map(({ name: part = "", value }) => {
    const field = canonicalName(part);
    if (field === "rate") {
      const range = number(value, "rate");
      return ({ ratePerSecond }: ThresholdSubject) =>
        ratePerSecond !== undefined && isWithin(ratePerSecond, range);
    }
    if (field !== "users" && field !== "think")
      throw refuse(value.at, `cell(…) knows users, think and rate, not "${part || value.text}",`, hint);
    const range = number(value, field === "users" ? "count" : "seconds");
    return ({ users, thinkTimeSeconds }: ThresholdSubject) =>
      isWithin(field === "users" ? users : thinkTimeSeconds, range);
  });
  return (subject) => tests.every((test) => test(subject));
}

const isWithin = (value: number, { low, high }: NumberRange) => value >= low && value <= high;

/**
 * Checks each threshold against each cell that it means. A threshold without a cell or figure fails; one that the
 * requests neither show to hold nor to fail is undecided.
 *
 * @example
 * ```ts
 * checkThresholds([], [parseThreshold("p95<2s")])[0]?.found; // "no such cell was measured"
 * ```
 */
export function checkThresholds(
  cells: readonly CellSummary[],
  thresholds: readonly Threshold[],
  options: ThresholdOptions = {},
): readonly ThresholdResult[] {
  return thresholds.flatMap((threshold): readonly ThresholdResult[] => {
    const { text, isOfLabel } = threshold;
    const meant = cells.filter((cell) => threshold.means(cell));
    if (meant.length === 0)
      return [noneMeant(text, isOfLabel ? "label" : "cell", isOfLabel ? [] : cells.map(describeCondition))];
    return meant.map((cell) => checkCell(cell, threshold, options));
  });
}

const MAX_NAMES = 5;

/** @param names of those that could have been meant */
export function noneMeant(
  threshold: string,
  what: "cell" | "label",
  names: readonly string[],
): ThresholdResult {
  const some = printable(names.slice(0, MAX_NAMES).join("; "));
  const more = names.length > MAX_NAMES ? `; and ${names.length - MAX_NAMES} more` : "";
  const known = names.length === 0 ? "" : `, only ${some}${more}`;
  return { threshold, verdict: "fail", found: `no such ${what} was measured${known}` };
}

function checkCell(
  cell: CellSummary,
  { text, expression, comparisons }: Threshold,
  { confidence, runsOf = () => [] }: ThresholdOptions,
): ThresholdResult {
  const runs = runsOf(cell);
  const judged = new Map(
    comparisons.map((one) => [one.source, judgeComparison(one, cell, runs, confidence)] as const),
  );
  const isKnown = [...judged.values()].every((one) => one !== undefined);
  const holds = evaluate(expression, (comparison) => HOLDS[judged.get(comparison)?.verdict ?? "undecided"]);
  const verdict = holds === true ? "pass" : holds === false || !isKnown ? "fail" : "undecided";
  const values = comparisons.map((comparison) => comparison.valueOf(cell));
  const [only] = values;
  return {
    threshold: text,
    cell: conditionOf(cell),
    ...(values.length === 1 && typeof only === "number" && { value: only }),
    verdict,
    found: `${describeFound(comparisons, values)}${verdict === "undecided" ? needed([...judged.values()]) : isKnown ? withinFewRuns(runs.length) : ""}${remark(cell)}`,
  };
}

const HOLDS = { passes: true, fails: false, undecided: undefined } as const;

/** A verdict from fewer runs does not show how much the next run may differ. */
const withinFewRuns = (runs: number): string =>
  runs > 0 && runs < MIN_RUNS ? `; within ${formatCount(runs, "run")} only` : "";

/** How many more requests would decide: as many as the comparison that needs most. */
function needed(judged: readonly (Judgement | undefined)[]): string {
  const more = judged.flatMap((one) => (one?.verdict === "undecided" ? [one.moreRequests] : []));
  const known = more.flatMap((count) => count ?? []);
  return known.length < more.length || known.length === 0
    ? "; not decided, repeat the cell"
    : `; not decided, ${formatAbout(Math.max(...known), "more request")} needed`;
}

/** A remark for cells whose figures need an explanation. */
function remark(cell: CellSummary): string {
  if (cell.rejection !== undefined) return `; every request was rejected: ${formatRejection(cell.rejection)}`;
  return isUnderloaded(cell) ? `; only ${formatActiveUsers(cell)} were active on average` : "";
}

/** `1.2 s` of one comparison, `success 97%, p95 2.4 s` of several; each figure once. */
function describeFound(
  comparisons: readonly BoundComparison<ThresholdSubject>[],
  values: readonly (string | number | boolean | undefined)[],
): string {
  const shown = comparisons.map(({ kind }, index) => {
    const value = values[index];
    return typeof value === "number"
      ? formatFound(value, kind, comparisons[index]?.wanted ?? [])
      : "not known";
  });
  if (comparisons.length === 1) return shown[0] as string;
  const byName = new Map(comparisons.map(({ source }, index) => [source.name, shown[index]]));
  return [...byName].map(([name, value]) => `${name} ${value}`).join(", ");
}

const FOUND_UNITS: Partial<Record<QuantityKind, string>> = {
  seconds: " s",
  ratio: "%",
  rate: "/s",
  bytes: " B",
};

/** With as many digits as the report's tables; with more if these would put the value on the limit's other side. */
function formatFound(value: number, kind: QuantityKind, limits: readonly Wanted[]): string {
  const short = roundFound(value, kind);
  const isBeside = limits.every(
    (limit) =>
      typeof limit !== "object" ||
      (Math.sign(short - limit.low) === Math.sign(value - limit.low) &&
        Math.sign(short - limit.high) === Math.sign(value - limit.high)),
  );
  const shown = isBeside ? short : Number(value.toPrecision(6));
  const scaled = kind === "ratio" ? Number((100 * shown).toPrecision(6)) : shown;
  return `${scaled >= 1000 ? formatInteger(scaled) : scaled}${FOUND_UNITS[kind] ?? ""}`;
}

function roundFound(value: number, kind: QuantityKind): number {
  if (kind === "seconds") return Number(formatDecimals(value));
  if (kind === "ratio") return Number(value.toFixed(4));
  return value >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
}
