import { describeCondition } from "../../core/condition.ts";
import { formatPercent } from "../../core/format.ts";
import type { CellSummary } from "../../summary/cell.ts";
import { changesOf } from "../../summary/run-summary.ts";
import { htmlTable, type Section } from "../markup.ts";

/** Where the host became faster or slower within a run; none if it never did. */
export function changesSection(cells: readonly CellSummary[]): readonly Section[] {
  const rows = cells.flatMap((cell) =>
    changesOf(cell).map(({ repetition, at, of, changeRatio }) => [
      describeCondition(cell),
      String(repetition),
      `${at} of ${of}`,
      `${changeRatio > 0 ? "+" : "−"}${formatPercent(Math.abs(changeRatio), 0)}`,
    ]),
  );
  if (rows.length === 0) return [];
  const head = ["Cell", "Repetition", "After request", "Response time"];
  return [
    {
      id: "changes",
      name: "Change points",
      preview:
        rows.length === 1
          ? "the response time shifted in 1 run"
          : `the response time shifted in ${rows.length} runs`,
      html: `<p>Within these runs the host became faster or slower. Figures of such a run mix both levels.</p>
${htmlTable(head, rows, "Change points", { textColumns: [0] })}`,
    },
  ];
}
