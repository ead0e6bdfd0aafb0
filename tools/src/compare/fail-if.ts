import { describeCondition, printable } from "@slbench/analyzer/logs";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import type { ComparedFigures } from "./compare-groups.ts";
import type { LogComparison } from "./compare-logs.ts";
import type { Comparison } from "./compare-results.ts";

/** A change that must not be: `p95 slower 10%`. */
export interface FailRule {
  readonly text: string;
  readonly figure: "mean" | "p95" | "throughput" | "success";
  /** Of the figure itself: `slower` is `higher` of a time. */
  readonly direction: "higher" | "lower";
  /** 0.1 is 10%; of success in percentage points. */
  readonly size: number;
}

export interface RuleResult {
  readonly rule: string;
  readonly cell: string;
  /** `fails`: the change is shown; `passes`: shown that it is smaller. */
  readonly verdict: "passes" | "fails" | "undecided";
  /** About how many more runs on each side would tell, if that is known. */
  readonly runsNeeded?: number;
}

const DIRECTIONS: Readonly<Record<string, "higher" | "lower">> = {
  slower: "higher",
  faster: "lower",
  longer: "higher",
  shorter: "lower",
  higher: "higher",
  lower: "lower",
};
const FIGURES = ["mean", "p95", "throughput", "success"] as const;
const TIMES: readonly string[] = ["mean", "p95"];

/**
 * Reads `p95 slower 10%`, `mean faster 5%`, `throughput lower 10%`, `success lower 1%`.
 * @throws {SlbenchError} USAGE_FAIL_IF
 */
export function parseFailRule(text: string): FailRule {
  const [, name = "", word = "", amount = ""] =
    /^\s*(\w+)\s+(\w+)\s+(\d+(?:\.\d+)?)\s*%\s*$/.exec(text) ?? [];
  const figure = FIGURES.find((one) => one === name);
  const direction = Object.hasOwn(DIRECTIONS, word) ? DIRECTIONS[word] : undefined;
  const isTimeWord = !["higher", "lower"].includes(word);
  if (
    figure === undefined ||
    direction === undefined ||
    Number(amount) <= 0 ||
    isTimeWord !== TIMES.includes(figure)
  ) {
    throw new SlbenchError<ToolErrorCode>(
      "USAGE_FAIL_IF",
      `--fail-if "${text.slice(0, 80)}" is not a change`,
      {
        hint: "write mean or p95 with slower or faster, throughput or success with lower or higher: 'p95 slower 10%'",
        exitCode: 2,
      },
    );
  }
  return { text: text.trim(), figure, direction, size: Number(amount) / 100 };
}

/** Each rule against each cell or label that both sides have. */
export function checkFailRules(
  comparison: Pick<Comparison, "cells"> | Pick<LogComparison, "labels">,
  rules: readonly FailRule[],
): readonly RuleResult[] {
  const groups =
    "cells" in comparison
      ? comparison.cells.map((cell) => ({ name: describeCondition(cell), figures: cell }))
      : comparison.labels.map((label) => ({ name: label.label, figures: label }));
  return rules.flatMap((rule) =>
    groups.map(({ name, figures }) => ({ rule: rule.text, cell: name, ...judge(figures, rule) })),
  );
}

function judge(cell: ComparedFigures, rule: FailRule): Pick<RuleResult, "verdict" | "runsNeeded"> {
  const found = rule.figure === "success" ? cell.success : cell[rule.figure];
  if (found === undefined) return { verdict: "undecided" };
  const interval = "ratio" in found ? found.interval : found.difference;
  const runsNeeded = "runsNeeded" in found ? found.runsNeeded : undefined;
  const more = runsNeeded === undefined ? {} : { runsNeeded };
  if (interval === undefined) return { verdict: "undecided", ...more };
  const isHigher = rule.direction === "higher";
  // As large a step down as up: 10% faster is 1 ÷ 1.1.
  const limit =
    rule.figure === "success"
      ? isHigher
        ? rule.size
        : -rule.size
      : isHigher
        ? 1 + rule.size
        : 1 / (1 + rule.size);
  if (isHigher ? interval.low > limit : interval.high < limit) return { verdict: "fails" };
  if (isHigher ? interval.high <= limit : interval.low >= limit) return { verdict: "passes" };
  return { verdict: "undecided", ...more };
}

/** The rules that are broken or not decided, one per line. */
export function renderFailRules(results: readonly RuleResult[]): string {
  const lines = results.flatMap(({ rule, cell, verdict, runsNeeded }) => {
    if (verdict === "passes") return [];
    const more =
      runsNeeded === undefined ? "repeat both" : `about ${runsNeeded} more runs on each side needed`;
    const line =
      verdict === "fails" ? `FAIL  ${rule}: ${cell}` : `?     ${rule}: ${cell}; not decided, ${more}`;
    return [printable(line)];
  });
  const passed = results.filter(({ verdict }) => verdict === "passes").length;
  return `${[...lines, `pass  ${passed} of ${results.length}`].join("\n")}\n`;
}
