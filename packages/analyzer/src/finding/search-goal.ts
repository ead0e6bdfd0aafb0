import { expressionError } from "../expression/error.ts";
import type { Comparison, Expression } from "../expression/expression.ts";
import { canonicalName } from "../expression/names.ts";
import type { NumberRange } from "../expression/number.ts";
import { bindExpression } from "../expression/vocabulary.ts";
import { GOAL_VOCABULARY, parseGoal } from "../queueing/goal.ts";
import { mean } from "../stats/mean.ts";
import { quantileOfUnsorted } from "../stats/quantile.ts";
import type { JudgedRun } from "../thresholds/judge.ts";

/** One comparison of a goal: a time that must stay below its limit, or a success rate that must stay above it. */
export interface Criterion {
  /** As written: `p95<2s`. */
  readonly text: string;
  readonly kind: "time" | "success";
  /** Seconds, or the success rate that is needed, 0..1 without the ends. */
  readonly limit: number;
  /** Of a time: its quantile, 0..1; absent for the mean. */
  readonly quantile?: number;
}

/** A goal whose comparisons runs can be measured by. */
export interface SearchGoal {
  readonly text: string;
  readonly criteria: readonly Criterion[];
  readonly tree: GoalTree;
}

/** A goal's `and` and `or` over the indexes of its criteria. */
export type GoalTree =
  | { readonly kind: "criterion"; readonly index: number }
  | { readonly kind: "and" | "or"; readonly parts: readonly GoalTree[] };

/** What one run shows of a criterion. */
export type Figure =
  | {
      readonly kind: "time";
      readonly seconds: number;
      /** ln(limit ÷ seconds): above 0 if the run keeps the limit. */
      readonly margin: number;
    }
  | { readonly kind: "success"; readonly hits: number; readonly trials: number };

/**
 * Reads a goal for a search: docs/expressions.md.
 *
 * @throws {SlbenchError} EXPRESSION_SYNTAX, EXPRESSION_NAME, EXPRESSION_VALUE
 *
 * @example
 * ```ts
 * parseSearchGoal("success>=0.99 and p95<2s").criteria.map(({ limit }) => limit); // [0.99, 2]
 * ```
 */
export function parseSearchGoal(text: string): SearchGoal {
  parseGoal(text); // refuses what is no goal
  const { expression, comparisons } = bindExpression(text, GOAL_VOCABULARY);
  const sources = comparisons.map(({ source }) => source);
  const criteria = comparisons.map(({ source, wanted }) =>
    criterionOf(text, source, (wanted[0] as NumberRange).low),
  );
  return { text: text.trim(), criteria, tree: treeOf(expression, sources) };
}

function criterionOf(text: string, source: Comparison, bound: number): Criterion {
  const name = canonicalName(source.name);
  const written = text.slice(source.nameAt.from, source.values[0]?.at.to).trim();
  if (name !== "success" && name !== "errors") {
    const quantile = quantileNamed(name);
    return { text: written, kind: "time", limit: bound, ...(quantile !== undefined && { quantile }) };
  }
  const limit = name === "success" ? bound : 1 - bound;
  if (limit > 0 && limit < 1) return { text: written, kind: "success", limit };
  throw expressionError(
    "EXPRESSION_VALUE",
    limit <= 0 ? "every success rate keeps this limit" : "no number of requests shows that none will fail",
    {
      ...{ text, what: GOAL_VOCABULARY.what, at: source.values[0]?.at ?? source.nameAt },
      hint: "give a success rate between 0 and 1: success>=0.999",
    },
  );
}

function quantileNamed(name: string): number | undefined {
  if (name === "median") return 0.5;
  return name === "mean" ? undefined : Number(name.slice(1)) / 100;
}

function treeOf(expression: Expression, sources: readonly Comparison[]): GoalTree {
  if (expression.kind === "comparison") return { kind: "criterion", index: sources.indexOf(expression) };
  if (expression.kind === "not") throw new TypeError("a goal has no not");
  return { kind: expression.kind, parts: expression.parts.map((part) => treeOf(part, sources)) };
}

/**
 * The figures of one run, one per criterion. A run without responses keeps no limit.
 *
 * @example
 * ```ts
 * const run = { roundTripSeconds: [1, 1, 1], isSuccessful: [1, 1, 0] };
 * measureFigures(parseSearchGoal("mean<2s"), run)[0]; // { kind: "time", seconds: 1, margin: 0.6931471805599453 }
 * ```
 */
export function measureFigures(goal: SearchGoal, run: JudgedRun): readonly Figure[] {
  const { roundTripSeconds, isSuccessful } = run;
  return goal.criteria.map(({ kind, limit, quantile }): Figure => {
    if (kind === "success") {
      let hits = 0;
      for (const one of isSuccessful) hits += one;
      return { kind, hits, trials: isSuccessful.length };
    }
    if (roundTripSeconds.length === 0) return { kind, seconds: limit * Math.exp(LARGEST), margin: -LARGEST };
    const seconds =
      quantile === undefined
        ? (mean(roundTripSeconds) as number)
        : quantileOfUnsorted(roundTripSeconds, quantile);
    return { kind, seconds, margin: Math.max(-LARGEST, Math.log(limit / seconds)) };
  });
}

/** Margins beyond this differ in nothing that matters. */
const LARGEST = 10;

/** A figure's margin on a scale that is nearly straight in the load: ln(limit ÷ time), or logit(success) − logit(limit). */
export function marginOf(figure: Figure, { limit }: Criterion): number {
  if (figure.kind === "time") return figure.margin;
  // One request more, as successful as the limit, keeps the logit finite and its sign right.
  const { hits, trials } = figure;
  return Math.log((hits + limit) / (trials - hits + 1 - limit)) - Math.log(limit / (1 - limit));
}

/** Whether figures as measured keep the goal, without any regard to chance. */
export const keepsGoal = (goal: SearchGoal, figures: readonly Figure[]): boolean =>
  combine(goal.tree, (index) => {
    const figure = figures[index] as Figure;
    if (figure.kind === "time") return figure.margin;
    return figure.trials === 0 ? -1 : figure.hits / figure.trials - (goal.criteria[index] as Criterion).limit;
  }) >= 0;

/** Combines one value per criterion: `and` takes the least, `or` the greatest. */
export function combine(tree: GoalTree, of: (index: number) => number): number {
  if (tree.kind === "criterion") return of(tree.index);
  const values = tree.parts.map((part) => combine(part, of));
  return tree.kind === "and" ? Math.min(...values) : Math.max(...values);
}
