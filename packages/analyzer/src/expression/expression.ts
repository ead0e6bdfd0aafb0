/** `users=4`, `p95<2s`, `cell(users=4).mean<500ms`: one quantity compared with one value or several. */
export interface Comparison {
  readonly kind: "comparison";
  readonly selector?: Selector;
  /** `p95`, or `mlSeconds.mean` in one string. */
  readonly name: string;
  readonly nameAt: Span;
  readonly operator: Operator;
  readonly operatorAt: Span;
  /** Several only after = (one of them holds) and != (none of them does). */
  readonly values: readonly Value[];
}

/** `label(checkout)` or `cell(users=4, think=0)`: what the comparison is about. */
export interface Selector {
  readonly name: string;
  readonly at: Span;
  readonly arguments: readonly Argument[];
}

export interface Argument {
  /** Absent if the value stands alone. */
  readonly name?: string;
  readonly value: Value;
}

export interface Value {
  /** Without its quotes. */
  readonly text: string;
  readonly at: Span;
}

export type Expression =
  | Comparison
  | { readonly kind: "and" | "or"; readonly parts: readonly Expression[] }
  | { readonly kind: "not"; readonly at: Span; readonly part: Expression };

/** Characters of the text: the first, and the one after the last. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export const OPERATORS = ["<=", ">=", "!=", "=", "<", ">"] as const;
export type Operator = (typeof OPERATORS)[number];

export const KEYWORDS: readonly string[] = ["and", "or", "not"];

/** Every comparison, from left to right. */
export function comparisonsOf(expression: Expression): readonly Comparison[] {
  if (expression.kind === "comparison") return [expression];
  if (expression.kind === "not") return comparisonsOf(expression.part);
  return expression.parts.flatMap(comparisonsOf);
}
