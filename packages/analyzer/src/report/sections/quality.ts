import type { CellSummary } from "../../summary/cell.ts";
import { htmlTable } from "../markup.ts";
import { threeDecimals } from "../text.ts";

const HEAD = [
  ...["Users", "Think time (s)", "Cold starts", "Faces per request, mean (range)"],
  ...["Wrong responses", "Round trip, mean (s)", "Outcomes"],
];

/** Cold starts, detected faces and outcomes per cell. */
export function qualitySection(cells: readonly CellSummary[]): string {
  const known = cells.filter((cell) => cell.outcomes !== undefined);
  if (known.length === 0)
    return "<p>Not available: the clients' reports are of the older text form, which has no outcomes.</p>";
  return htmlTable(HEAD, known.map(qualityRow), "Cold starts and detection");
}

function qualityRow({ faces, outcomes = {}, ...cell }: CellSummary): readonly string[] {
  return [
    ...[String(cell.users), String(cell.thinkTimeSeconds), String(cell.coldStarts ?? 0)],
    faces === undefined ? "not available" : `${faces.mean?.toFixed(2)} (${faces.min} to ${faces.max})`,
    String(outcomes["wrong-answer"] ?? 0),
    threeDecimals(cell.roundTripSeconds.mean),
    Object.entries(outcomes)
      .map(([outcome, count]) => `${outcome} ${count}`)
      .join(", "),
  ];
}
