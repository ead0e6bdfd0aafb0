import type { Panel } from "./chart.ts";
import { INK } from "./palette.ts";
import { isNameAxis, type Scale } from "./scales.ts";
import { element, text } from "./svg.ts";

const TICK_PX = 5;
const TICK_SIZE = 11;
/** From an axis to the middle of its label. */
const LABEL_PX = { x: 36, y: 48 } as const;

/** Both axes of a panel with their grid lines, ticks and labels. */
export function renderAxes(panel: Panel, x: Scale, y: Scale): string {
  return (
    element("g", { class: "axis", stroke: INK }, renderLines(panel, x, y)) +
    element("g", { class: "ticks", "font-size": String(TICK_SIZE) }, renderLabels(panel, x, y))
  );
}

function renderLines({ widthPx, heightPx, x: xAxis, y: yAxis }: Panel, x: Scale, y: Scale): string {
  const line = (x1: number, y1: number, x2: number, y2: number) => `M${x1} ${y1}L${x2} ${y2}`;
  const round = (value: number) => Math.round(value * 10) / 10;
  const grid = [
    ...(isNameAxis(xAxis) ? [] : x.ticks.map(({ atPx }) => line(round(atPx), 0, round(atPx), heightPx))),
    ...(isNameAxis(yAxis)
      ? []
      : y.ticks.map(({ atPx }) => line(0, round(atPx), round(widthPx), round(atPx)))),
  ];
  const ticks = [
    ...x.ticks.map(({ atPx }) => line(round(atPx), heightPx, round(atPx), heightPx + TICK_PX)),
    ...y.ticks.map(({ atPx }) => line(-TICK_PX, round(atPx), 0, round(atPx))),
  ];
  return (
    element("path", { class: "grid", d: grid.join(""), "stroke-opacity": "0.12" }) +
    element("path", { d: `${ticks.join("")}M0 0L0 ${heightPx}L${round(widthPx)} ${heightPx}`, fill: "none" })
  );
}

function renderLabels({ widthPx, heightPx, x: xAxis, y: yAxis }: Panel, x: Scale, y: Scale): string {
  const isWritten = (axis: Panel["x"]) => isNameAxis(axis) || axis.hasTickLabels !== false;
  const below = isWritten(xAxis)
    ? x.ticks.map(({ atPx, label }) => text(label, { x: atPx, y: heightPx + 17 }))
    : [];
  const beside = isWritten(yAxis)
    ? y.ticks.map(({ atPx, label }) => text(label, { x: -TICK_PX - 3, y: atPx + 4 }))
    : [];
  const named = { "text-anchor": "middle", "font-size": "12" };
  return [
    element("g", { "text-anchor": "middle" }, ...below),
    element("g", { "text-anchor": "end" }, ...beside),
    xAxis.label && text(xAxis.label, { ...named, x: widthPx / 2, y: heightPx + LABEL_PX.x }),
    yAxis.label &&
      text(yAxis.label, { ...named, transform: `translate(${-LABEL_PX.y} ${heightPx / 2}) rotate(-90)` }),
  ].join("");
}
