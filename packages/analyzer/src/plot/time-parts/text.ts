import { describeThinkTime, thinkTimeOf } from "../../core/condition.ts";
import { formatInteger } from "../../core/format.ts";
import type { CellSummary } from "../../summary/cell.ts";
import type { FigureTable } from "../figure.ts";
import { seconds } from "../text.ts";
import { knownParts, type TimePart } from "./data.ts";

export const TITLE = "Where the time goes";
export const AXES = { x: "virtual users × think time", y: "mean of a successful request (s)" } as const;
export const NOTES = [
  "Successful requests. Queue: from the request's last byte to the response's first, without the times that the function reports; a gateway's own time is in it.",
  "Network: connecting, sending and receiving, as the client saw them.",
] as const;

/** What the parts of these cells hold: what a function does not report is in the part around it. */
export function partNames(cells: readonly CellSummary[]): Readonly<Record<TimePart, string>> {
  const known = knownParts(cells);
  const hasMl = known.includes("mlSeconds");
  const hasHandler = known.includes("handlerRestSeconds");
  const isHeld = cells.some(({ delayedAcknowledgementSeconds: held }) => held !== undefined);
  const isStream = cells.some(({ firstEventSeconds }) => firstEventSeconds !== undefined);
  return {
    mlSeconds: "ML",
    handlerRestSeconds: hasMl ? "handler without ML" : "handler",
    gatewaySeconds: hasHandler ? "queue" : `queue and ${hasMl ? "the rest of the function" : "function"}`,
    networkSeconds: [
      "network",
      ...(isStream ? ["stream"] : []),
      ...(isHeld ? ["delayed acknowledgement"] : []),
    ].join(" and "),
    clientSeconds: "client",
  };
}

/** `4 × 0.5 s` */
export const cellName = (cell: CellSummary): string =>
  `${cell.users} × ${describeThinkTime(thinkTimeOf(cell))}`;

export const barText = (part: TimePart, value: number, cell: CellSummary): string =>
  `${partNames([cell])[part]}: ${seconds(value)} s (${cellName(cell)})`;

export function timePartsTable(cells: readonly CellSummary[]): FigureTable {
  const [known, names] = [knownParts(cells), partNames(cells)];
  return {
    head: ["users", "think time (s)", ...known.map((part) => `${names[part]} (s)`), "requests"],
    rows: cells.map((cell) => [
      String(cell.users),
      String(thinkTimeOf(cell)),
      ...known.map((part) => seconds(cell.parts?.[part])),
      formatInteger(cell.parts?.count ?? 0),
    ]),
  };
}
