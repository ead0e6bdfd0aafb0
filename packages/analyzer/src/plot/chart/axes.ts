import type { Panel } from "./chart.ts";
import { INK } from "./palette.ts";
import { isNameAxis, type Scale } from "./scales.ts";
import { element, text } from "./svg.ts";

const TICK_PX = 5;
const TICK_SIZE = 11;
/** From a panel's edge to the baseline of its axis' label: below it, and above it. */
const LABEL_PX = { x: 36, y: 14 } as const;
/** Room left of a panel for the digits of its ticks, where the label begins too. */
const DIGITS_PX = 48;

/** Both axes of a panel with their grid lines, ticks and labels. */
export function renderAxes(panel: Panel, x: Scale, y: Scale): string {
  return (
    element("g", { class: "axis", stroke: INK }, renderLines(panel, x, y)) +
    element("g", { class: "ticks", "font-size": String(TICK_SIZE) }, renderLabels(panel, x, y))
  );
}

/** Grid lines for the values, and a base line with ticks below: values need no second line at their side. */
function renderLines({ widthPx, heightPx, x: xAxis, y: yAxis }: Panel, x: Scale, y: Scale): string {
  const line = (x1: number, y1: number, x2: number, y2: number) => `M${x1} ${y1}L${x2} ${y2}`;
  const round = (value: number) => Math.round(value * 10) / 10;
  const grid = [
    ...(isNameAxis(xAxis) || !isNameAxis(yAxis)
      ? []
      : x.ticks.map(({ atPx }) => line(round(atPx), 0, round(atPx), heightPx))),
    ...(isNameAxis(yAxis)
      ? []
      : y.ticks.map(({ atPx }) => line(0, round(atPx), round(widthPx), round(atPx)))),
  ];
  const ticks = x.ticks.map(({ atPx }) => line(round(atPx), heightPx, round(atPx), heightPx + TICK_PX));
  return (
    element("path", { class: "grid", d: grid.join(""), "stroke-opacity": "0.14" }) +
    element("path", {
      d: `${ticks.join("")}M0 ${heightPx}L${round(widthPx)} ${heightPx}`,
      fill: "none",
      "stroke-opacity": "0.55",
    })
  );
}

function renderLabels({ leftPx, widthPx, heightPx, x: xAxis, y: yAxis }: Panel, x: Scale, y: Scale): string {
  const isWritten = (axis: Panel["x"]) => isNameAxis(axis) || axis.hasTickLabels !== false;
  const below = isWritten(xAxis)
    ? x.ticks.map(({ atPx, label }) => text(label, { x: atPx, y: heightPx + 18 }))
    : [];
  const beside = isWritten(yAxis)
    ? y.ticks.map(({ atPx, label }) => text(label, { x: -8, y: atPx + 4 }))
    : [];
  return [
    element("g", { "text-anchor": "middle" }, ...below),
    element("g", { "text-anchor": "end" }, ...beside),
    xAxis.label &&
      text(xAxis.label, {
        ...{ "text-anchor": "middle", "font-size": "12" },
        ...{ x: widthPx / 2, y: heightPx + LABEL_PX.x },
      }),
    yAxis.label &&
      text(yAxis.label, { x: -Math.min(DIGITS_PX, leftPx - 8), y: -LABEL_PX.y, "font-size": "12" }),
  ].join("");
}
