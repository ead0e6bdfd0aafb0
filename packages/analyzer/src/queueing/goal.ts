import { expressionError } from "../expression/error.ts";
import type { Comparison, Expression, Span } from "../expression/expression.ts";
import { canonicalName } from "../expression/names.ts";
import type { NumberRange } from "../expression/number.ts";
import { type BoundComparison, bindExpression, evaluate, type Vocabulary } from "../expression/vocabulary.ts";
import type { Prediction } from "./asking/predict.ts";

/** `best`: the estimate itself; `sure`: the worse end of its interval. */
export type Side = "best" | "sure";

/** What goals are about. */
export type GoalFigures = Pick<
  Prediction,
  "meanRoundTripSeconds" | "interval" | "successRate" | "successRateInterval" | "within"
>;

/** Limits that a prediction has to keep. */
export interface Goal {
  readonly text: string;
  /** Whose shares the prediction has to tell. */
  readonly thresholdsSeconds: readonly number[];
  readonly holds: (prediction: GoalFigures, side: Side) => boolean;
}

/** The worse a host is loaded, the less is kept of each: so a search for the most users can halve its range. */
export const GOAL_VOCABULARY: Vocabulary<GoalFigures> = {
  what: "goal",
  names: ["success", "errors", "mean", "median", "p90", "p95", "p99"],
  find: (name) => {
    const figure = canonicalName(name);
    if (figure === "success") return { kind: "ratio", of: ({ successRate }) => successRate };
    if (figure === "errors") return { kind: "ratio", of: ({ successRate }) => 1 - successRate };
    if (figure === "mean") return { kind: "seconds", of: (prediction) => prediction.meanRoundTripSeconds };
    // A prediction tells no quantile, but the share below a limit.
    return percentileShare(figure) === undefined ? undefined : { kind: "seconds", of: () => undefined };
  },
};

/** 0.95 of `p95`, 0.999 of `p99.9`. */
function percentileShare(name: string): number | undefined {
  if (name === "median") return 0.5;
  const [, digits] = /^p(\d{1,2}(?:\.\d+)?)$/.exec(name) ?? [];
  return digits === undefined || Number(digits) === 0 ? undefined : Number(digits) / 100;
}

type Test = (prediction: GoalFigures, side: Side) => boolean;

/**
 * Reads `success>=0.99 and p95<2s`: docs/expressions.md.
 * `p95<2s` asks that 95% of the requests take less than 2 s; a request that was cut took longer.
 *
 * @throws {SlbenchError} EXPRESSION_SYNTAX, EXPRESSION_NAME, EXPRESSION_VALUE
 *
 * @example
 * ```ts
 * parseGoal("p95<2s").text; // "p95<2s"
 * ```
 */
export function parseGoal(text: string): Goal {
  const { expression, comparisons } = bindExpression(text, GOAL_VOCABULARY);
  const refuse = (at: Span, found: string, hint: string) =>
    expressionError("EXPRESSION_VALUE", found, { text, what: GOAL_VOCABULARY.what, at, hint });
  refuseNot(expression, refuse);
  const thresholdsSeconds: number[] = [];
  const tests = new Map<Comparison, Test>();
  for (const comparison of comparisons) {
    const figure = canonicalName(comparison.source.name);
    const bound = boundOf(comparison, refuse);
    if (percentileShare(figure) !== undefined) thresholdsSeconds.push(bound);
    tests.set(comparison.source, testOf(figure, comparison.source.operator.endsWith("="), bound));
  }
  return {
    text: text.trim(),
    thresholdsSeconds,
    holds: (prediction, side) =>
      evaluate(expression, (comparison) => tests.get(comparison)?.(prediction, side)) === true,
  };
}

type Refuse = (at: Span, found: string, hint: string) => Error;

/** 1 − 0.01 is 0.99, whatever the last bit says. */
const complement = (ratio: number) => Number((1 - ratio).toPrecision(15));

/** The limit of one comparison (of errors: the success that is left), where it is one that a host under more load keeps less. */
function boundOf({ source, kind, wanted }: BoundComparison<GoalFigures>, refuse: Refuse): number {
  const { name, operator, operatorAt } = source;
  const isSuccess = canonicalName(name) === "success";
  if (!operator.startsWith(isSuccess ? ">" : "<")) {
    throw isSuccess
      ? refuse(operatorAt, `success needs a lower bound, not "${operator}",`, "use > or >=: success>=0.99")
      : refuse(
          operatorAt,
          `${name} needs an upper bound, not "${operator}",`,
          `use < or <=: ${name}<${kind === "ratio" ? "1%" : "2s"}`,
        );
  }
  const at = source.values[0]?.at ?? operatorAt;
  const bound = (wanted[0] as NumberRange).low;
  if (kind !== "ratio" && bound <= 0)
    throw refuse(at, `${name} cannot be below 0 s`, "give a time above 0: p95<2s");
  if (kind !== "ratio") return bound;
  const success = isSuccess ? bound : complement(bound);
  const isStrict = !operator.endsWith("=");
  if (isSuccess && success === 0)
    throw refuse(at, "success of 0 is no limit", "give a share above 0: success>=0.99");
  if (success === 1 && isStrict)
    throw refuse(
      at,
      `no share is ${isSuccess ? "above 100%" : "below 0%"}`,
      isSuccess ? "write success>=1" : "write errors<=0",
    );
  return success;
}

function testOf(figure: string, isInclusive: boolean, bound: number): Test {
  const below = (value: number) => (isInclusive ? value <= bound : value < bound);
  const above = (value: number) => (isInclusive ? value >= bound : value > bound);
  if (figure === "success" || figure === "errors")
    return ({ successRate, successRateInterval }, side) =>
      above(side === "sure" ? successRateInterval.low : successRate);
  if (figure === "mean")
    return ({ meanRoundTripSeconds, interval }, side) =>
      below(side === "sure" ? interval.high : meanRoundTripSeconds);
  const share = percentileShare(figure) ?? 1;
  return ({ within = [] }, side) => {
    const own = within.find((one) => one.seconds === bound);
    return own !== undefined && (side === "sure" ? own.interval.low : own.ratio) >= share;
  };
}

/** `not p95<2s` would be kept by more load, not less. */
function refuseNot(expression: Expression, refuse: Refuse): void {
  if (expression.kind === "not")
    throw refuse(
      expression.at,
      'found "not"',
      "write the limit that is to be kept: success>=0.99 and p95<2s",
    );
  if (expression.kind !== "comparison") for (const part of expression.parts) refuseNot(part, refuse);
}
