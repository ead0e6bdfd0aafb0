import { describeCondition } from "../../core/condition.ts";
import { formatCount } from "../../core/format.ts";
import type { ThresholdResult } from "../../thresholds/threshold.ts";
import { htmlTable, type Section } from "../markup.ts";

/** The thresholds with their results; none without thresholds. */
export function thresholdSections(results: readonly ThresholdResult[]): readonly Section[] {
  if (results.length === 0) return [];
  const rows = results.map(({ verdict, threshold, cell, samples, found }) => [
    { pass: "✓ pass", fail: "✕ FAIL", undecided: "? undecided" }[verdict],
    threshold,
    samples !== undefined
      ? `${samples.label ?? "all samples"}, ${formatCount(samples.threads, "thread")}`
      : cell === undefined
        ? "none"
        : describeCondition(cell),
    found,
  ]);
  const count = (wanted: ThresholdResult["verdict"]) =>
    results.filter(({ verdict }) => verdict === wanted).length;
  const preview = [
    `${count("pass")} of ${results.length} hold`,
    ...(count("fail") > 0 ? [`${count("fail")} fail`] : []),
    ...(count("undecided") > 0 ? [`${count("undecided")} undecided`] : []),
  ].join(", ");
  const head = ["Verdict", "Threshold", "Of", "Found"];
  const html = htmlTable(head, rows, "Thresholds", { textColumns: [0, 1, 2, 3] });
  return [{ id: "thresholds", name: "Thresholds", preview, html }];
}
