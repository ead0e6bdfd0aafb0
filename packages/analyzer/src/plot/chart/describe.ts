import type { Axis, Chart } from "./chart.ts";
import { isNameAxis } from "./scales.ts";

/** Names that a description lists; of more it tells how many there are. */
const MAX_NAMES = 8;

/** A chart in words, for people who do not see it: what its axes are and what is drawn. */
export function describeChart({ panels, series }: Chart): string {
  const axes = [...new Set(panels.flatMap(({ x, y }) => [describeAxis("x", x), describeAxis("y", y)]))];
  const names = series.map(({ name }) => name);
  const listed =
    names.length > MAX_NAMES
      ? `${names.slice(0, MAX_NAMES).join(", ")} and ${names.length - MAX_NAMES} more`
      : names.join(", ");
  return [...axes.filter((axis) => axis !== ""), ...(listed === "" ? [] : [`Shown: ${listed}.`])].join(" ");
}

function describeAxis(side: "x" | "y", axis: Axis): string {
  if (axis.label === "") return "";
  if (isNameAxis(axis)) return `${side}: ${axis.label}.`;
  return `${side}: ${axis.label}, ${axis.min} to ${Number(axis.max.toPrecision(3))}.`;
}
