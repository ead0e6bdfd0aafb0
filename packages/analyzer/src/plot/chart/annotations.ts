import type { Label, Panel, Rule, Series } from "./chart.ts";
import { colorClass, colorOf, DASH_ARRAYS } from "./palette.ts";
import type { Scale } from "./scales.ts";
import { element, px, text } from "./svg.ts";

/** Distance between the lines of two labels. */
const LINE_PX = 14;
/** From a line's last point to its label. */
const END_GAP_PX = 9;

/** Mean width of a character of 12 px, with room to spare: nothing here knows the font. */
const CHARACTER_PX = 7.5;

/** Room beside a panel for the names of its lines, pixels. */
export const endLabelRoom = (names: readonly string[]): number =>
  END_GAP_PX + CHARACTER_PX * Math.max(0, ...names.map(({ length }) => length));

/** The lines across a panel, with their words. */
export const renderRules = (panel: Panel, x: Scale, y: Scale): string =>
  (panel.rules ?? []).map((rule) => renderRule(rule, panel, x, y)).join("");

function renderRule(
  { axis, at, color, dash, label, isLabelBelow = false }: Rule,
  { widthPx, heightPx, hasEndLabels }: Panel,
  x: Scale,
  y: Scale,
): string {
  const place = px(axis === "x" ? x.at(at) : y.at(at));
  const style = {
    ...{ class: colorClass(color), stroke: colorOf(color), fill: colorOf(color) },
    "stroke-dasharray": dash && DASH_ARRAYS[dash],
  };
  const d = axis === "x" ? `M${place} 0V${heightPx}` : `M0 ${place}H${widthPx}`;
  // Inside the panel, on the side with more room.
  const isLeft = place < widthPx / 2;
  const words =
    label === undefined || (axis === "y" && hasEndLabels === true)
      ? ""
      : axis === "x"
        ? text(label, {
            ...{ ...WORDS, x: place + (isLeft ? 6 : -6), y: 12 },
            "text-anchor": isLeft ? "start" : "end",
          })
        : text(label, { ...WORDS, x: 6, y: place + (isLabelBelow ? 15 : -6) });
  return element("g", style, element("path", { d, "stroke-width": "1.5" }), words);
}

const WORDS = { class: "words", stroke: "none", "font-size": "12", "font-weight": "bold" } as const;

/** The words within a panel. */
export const renderPanelLabels = (panel: Panel, x: Scale, y: Scale): string =>
  (panel.labels ?? []).map((label) => renderLabel(label, panel, x, y)).join("");

function renderLabel(
  { color, anchor = "start", shiftPx: [dx, dy] = [0, 0], isBold, ...label }: Label,
  { widthPx }: Panel,
  x: Scale,
  y: Scale,
) {
  const at = [
    Number.isFinite(label.x) ? x.at(label.x) : widthPx,
    Number.isFinite(label.y) ? y.at(label.y) : 0,
  ] as const;
  return text(label.text, {
    ...{ class: `${colorClass(color)} words`, fill: colorOf(color), stroke: "none" },
    ...{ x: at[0] + dx, y: at[1] + dy, "text-anchor": anchor },
    "font-weight": isBold ? "bold" : undefined,
  });
}

interface EndLabel {
  readonly name: string;
  readonly color: Series["color"];
  readonly atPx: number;
  readonly topPx: number;
}

/** Each line's series beside its last point, and the words of lines across; labels that meet move apart. */
export function renderEndLabels(panel: Panel, series: readonly Series[], x: Scale, y: Scale): string {
  if (panel.hasEndLabels !== true) return "";
  const ends = new Map<number, EndLabel>();
  for (const { series: index, mark } of panel.layers) {
    if (mark.kind !== "line") continue;
    const last = mark.points.findLast(([, value]) => !Number.isNaN(value));
    const { name, color } = series[index] as Series;
    if (last !== undefined) ends.set(index, { name, color, atPx: x.at(last[0]), topPx: y.at(last[1]) });
  }
  const rules = (panel.rules ?? []).flatMap(({ axis, at, color, label: name }): readonly EndLabel[] =>
    axis === "y" && name !== undefined ? [{ name, color, atPx: panel.widthPx, topPx: y.at(at) }] : [],
  );
  const labels = [...ends.values(), ...rules].sort((a, b) => a.topPx - b.topPx);
  return spread(
    labels.map(({ topPx }) => topPx),
    panel.heightPx,
  )
    .map((topPx, at) => {
      const { name, color, atPx } = labels[at] as EndLabel;
      return text(name, {
        ...{ class: `${colorClass(color)} words`, fill: colorOf(color), stroke: "none" },
        ...{ x: atPx + END_GAP_PX, y: topPx + 4 },
      });
    })
    .join("");
}

/**
 * Places at least a line apart, as near to the wanted ones as that allows.
 * @param wanted ascending
 */
export function spread(wanted: readonly number[], mostPx: number): readonly number[] {
  const places: number[] = [];
  for (const one of wanted) places.push(Math.max(one, (places.at(-1) ?? Number.NEGATIVE_INFINITY) + LINE_PX));
  // What was pushed beyond the end moves back.
  let limit = mostPx;
  for (let index = places.length - 1; index >= 0; index--) {
    places[index] = Math.min(places[index] as number, limit);
    limit = (places[index] as number) - LINE_PX;
  }
  return places;
}
