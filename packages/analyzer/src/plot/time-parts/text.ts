import type { CellSummary } from "../../summary/cell.ts";
import type { FigureTable } from "../figure.ts";
import { seconds } from "../text.ts";
import { TIME_PARTS, type TimePart } from "./data.ts";

export const TITLE = "Where the time goes";
export const AXES = { x: "virtual users × think time", y: "mean of a successful request (s)" } as const;
export const NOTES = [
  "Successful requests. Gateway and queue: from the request's last byte to the response's first, without the handler.",
  "Network: connecting, sending and receiving, as the client saw them.",
] as const;

export const PART_NAMES: Readonly<Record<TimePart, string>> = {
  mlSeconds: "ML",
  handlerRestSeconds: "handler without ML",
  gatewaySeconds: "gateway and queue",
  networkSeconds: "network",
  clientSeconds: "client",
};

/** `4 × 0.5 s` */
export const cellName = ({ users, thinkTimeSeconds }: CellSummary): string =>
  `${users} × ${thinkTimeSeconds} s`;

export const barText = (part: TimePart, value: number, cell: CellSummary): string =>
  `${PART_NAMES[part]}: ${seconds(value)} s (${cellName(cell)})`;

export function timePartsTable(cells: readonly CellSummary[]): FigureTable {
  return {
    head: ["users", "think time (s)", ...TIME_PARTS.map((part) => `${PART_NAMES[part]} (s)`), "requests"],
    rows: cells.map(({ users, thinkTimeSeconds, parts }) => [
      String(users),
      String(thinkTimeSeconds),
      ...TIME_PARTS.map((part) => seconds(parts?.[part])),
      String(parts?.count),
    ]),
  };
}
