import { type Argument, type Comparison, type Expression, KEYWORDS, type Value } from "./expression.ts";

/**
 * Writes an expression the shortest way: parseExpression() reads the same expression from it.
 *
 * @example
 * ```ts
 * renderExpression(parseExpression("( p95 < 2 s )")); // "p95<2s"
 * ```
 */
export function renderExpression(expression: Expression): string {
  if (expression.kind === "comparison") return renderComparison(expression);
  if (expression.kind === "not") return `not ${inParentheses(expression.part)}`;
  return expression.parts.map(inParentheses).join(` ${expression.kind} `);
}

/** One comparison, `p95<2s`. */
export function renderComparison({ selector, name, operator, values }: Comparison): string {
  const chosen = selector && `${selector.name}(${selector.arguments.map(renderArgument).join(", ")}).`;
  return `${chosen ?? ""}${name}${operator}${values.map(renderValue).join(",")}`;
}

const inParentheses = (expression: Expression) =>
  expression.kind === "and" || expression.kind === "or"
    ? `(${renderExpression(expression)})`
    : renderExpression(expression);

const renderArgument = ({ name, value }: Argument) =>
  `${name === undefined ? "" : `${name}=`}${renderValue(value)}`;

const renderValue = ({ text }: Value) =>
  /^[^\s"'=<>!(),][^\s"=<>!(),]*$/.test(text) && !KEYWORDS.includes(text.toLowerCase())
    ? text
    : `"${text.replaceAll('"', '""')}"`;
