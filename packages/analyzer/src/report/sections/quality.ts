import { formatInteger } from "../../core/format.ts";
import type { CellSummary } from "../../summary/cell.ts";
import { htmlTable } from "../markup.ts";
import { decimals, loadColumns } from "../text.ts";

/** The section's name: cold starts and faces only if the function reports them. */
export const qualityName = (cells: readonly CellSummary[]): string => {
  if (!hasColdStarts(cells)) return "Outcomes";
  return hasFaces(cells) ? "Cold starts and detection" : "Cold starts and outcomes";
};

const hasFaces = (cells: readonly CellSummary[]) => cells.some(({ faces }) => faces !== undefined);
const hasColdStarts = (cells: readonly CellSummary[]) =>
  cells.some(({ coldStarts }) => coldStarts !== undefined);

/** Outcomes per cell; cold starts and detected faces if the function reports them. */
export function qualitySection(cells: readonly CellSummary[]): string {
  const known = cells.filter((cell) => cell.outcomes !== undefined);
  if (known.length === 0)
    return "<p>Not available: the clients' reports are of the older text form, which has no outcomes.</p>";
  const [withFaces, withColdStarts] = [hasFaces(cells), hasColdStarts(cells)];
  const load = loadColumns(known, { users: "Users", think: "Think time (s)", rate: "Offered" });
  const head = [
    ...load.heads,
    ...(withColdStarts ? ["Cold starts"] : []),
    ...(withFaces ? ["Faces per request, mean (range)"] : []),
    ...["Invalid responses", "Round trip, mean (s)", "Outcomes"],
  ];
  const rows = known.map((cell) => [
    ...load.of(cell),
    ...(withColdStarts ? [formatInteger(cell.coldStarts ?? 0)] : []),
    ...qualityRow(cell, withFaces),
  ]);
  return htmlTable(head, rows, qualityName(cells), { textColumns: [head.length - 1] });
}

function qualityRow({ faces, outcomes = {}, ...cell }: CellSummary, withFaces: boolean): readonly string[] {
  const detected =
    faces === undefined ? "not available" : `${faces.mean?.toFixed(2)} (${faces.min} to ${faces.max})`;
  return [
    ...(withFaces ? [detected] : []),
    formatInteger((outcomes["invalid-response"] ?? 0) + (outcomes["wrong-answer"] ?? 0)),
    decimals(cell.roundTripSeconds.mean),
    Object.entries(outcomes)
      .map(([outcome, count]) => `${outcome} ${formatInteger(count)}`)
      .join(", "),
  ];
}
