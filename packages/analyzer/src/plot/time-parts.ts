import type { CellSummary } from "../summary/cell.ts";
import { nameAxis, title, valueAxis } from "./axes.ts";
import { type ReportFigure, seconds } from "./figure.ts";
import { PALETTE, renderSvg } from "./svg.ts";

const PARTS = [
  ["ML", (cell: CellSummary) => cell.parts?.mlSeconds],
  ["handler without ML", (cell: CellSummary) => cell.parts?.handlerRestSeconds],
  ["gateway and queue", (cell: CellSummary) => cell.parts?.gatewaySeconds],
  ["network", (cell: CellSummary) => cell.parts?.networkSeconds],
  ["client", (cell: CellSummary) => cell.parts?.clientSeconds],
] as const;

/** Where the round trip goes, a stacked bar per cell; undefined where no cell knows. */
export function timePartsFigure(all: readonly CellSummary[]): ReportFigure | undefined {
  const cells = all.filter((cell) => cell.parts !== undefined);
  if (cells.length === 0) return undefined;
  const names = cells.map((cell) => `${cell.users} × ${cell.thinkTimeSeconds} s`);
  const option = {
    title: title("Where the time goes"),
    grid: { left: 70, right: 20, top: 45, bottom: 50 },
    xAxis: nameAxis("virtual users × think time", 30, names),
    yAxis: valueAxis("mean of an answered request (s)", 48),
    series: PARTS.map(([name, value], index) => ({
      type: "bar",
      name,
      stack: "round trip",
      color: PALETTE[index],
      barMaxWidth: 60,
      data: cells.map((cell, at) => ({
        value: value(cell) ?? 0,
        name: `${seconds(value(cell) ?? 0)} s (${names[at]})`,
      })),
    })),
  };
  return {
    title: "Where the time goes",
    svg: renderSvg(option, 760, 380),
    notes: [
      "Answered requests. Gateway and queue: from the request's last byte to the answer's first, without the handler.",
      "Network: connecting, sending and receiving, as the client saw them.",
    ],
    legend: PARTS.map(([name], index) => ({ name, color: PALETTE[index] as string })),
    data: {
      head: ["users", "think time (s)", ...PARTS.map(([name]) => `${name} (s)`), "requests"],
      rows: cells.map((cell) => [
        String(cell.users),
        String(cell.thinkTimeSeconds),
        ...PARTS.map(([, value]) => seconds(value(cell))),
        String(cell.parts?.count),
      ]),
    },
  };
}
