import { SlbenchError } from "@slbench/client/error";
import type { Span } from "./expression.ts";

export type ExpressionErrorCode = "EXPRESSION_SYNTAX" | "EXPRESSION_NAME" | "EXPRESSION_VALUE";

/** A longer expression is shown in part, so that the caret stands below the error in one line of a terminal. */
const MAX_SHOWN = 76;

/**
 * An error that shows where in the expression it is:
 *
 * ```text
 * unknown name "userz" in column 1 of the filter
 *   userz=4
 *   ^^^^^
 * ```
 *
 * @param what what the expression is: `filter`, `threshold`, `goal`
 */
export function expressionError(
  code: ExpressionErrorCode,
  found: string,
  { text, what, at, hint }: { text: string; what: string; at: Span; hint: string },
): SlbenchError<ExpressionErrorCode> {
  const column = at.from + 1;
  return new SlbenchError(code, `${found} in column ${column} of the ${what}\n${caretLines(text, at)}`, {
    hint,
    exitCode: 2,
    context: { expression: text, column },
  });
}

function caretLines(text: string, { from, to }: Span): string {
  const start = Math.max(0, Math.min(from - MAX_SHOWN / 2, text.length - MAX_SHOWN));
  const end = Math.min(text.length, start + MAX_SHOWN);
  const before = start > 0 ? "…" : "";
  const after = end < text.length ? "…" : "";
  // A tab or a line break would move the caret away.
  const shown = text.slice(start, end).replaceAll(/[\p{Cc}\p{Cf}]/gu, " ");
  const width = Math.max(1, Math.min(to, end) - from);
  return `  ${before}${shown}${after}\n  ${" ".repeat(before.length + from - start)}${"^".repeat(width)}`;
}
