import type { Series } from "./chart.ts";
import { colorClass, colorOf, DASH_ARRAYS } from "./palette.ts";
import { element, text } from "./svg.ts";
import { renderSymbol } from "./symbols.ts";

export const SWATCH = { widthPx: 24, heightPx: 12 } as const;

/** Attributes of whatever has a series' colour; the page's style overrides the colour by the class. */
export const seriesColor = ({ color }: Pick<Series, "color">) => ({
  class: colorClass(color),
  stroke: colorOf(color),
  fill: colorOf(color),
});

/** A small picture of how a series is drawn. */
export function renderSwatch(series: Series): string {
  const [mid, y] = [SWATCH.widthPx / 2, SWATCH.heightPx / 2];
  const parts = series.swatch.map((part) => {
    if (part === "area") return element("rect", { ...size, x: 0, y: 0, stroke: "none" });
    if (part !== "line") return renderSymbol(part, mid, y);
    const dash = series.dash && DASH_ARRAYS[series.dash];
    return element("path", {
      d: `M1 ${y}H${SWATCH.widthPx - 1}`,
      "stroke-width": "2",
      "stroke-dasharray": dash,
    });
  });
  return parts.join("");
}
const size = { width: SWATCH.widthPx, height: SWATCH.heightPx };

const ROW_PX = 22;
const LEFT_PX = 16;
/** Mean width of a character of 12 px, with room to spare: nothing here knows the font. */
const CHARACTER_PX = 7;

/** A legend of entries in rows, for a picture without a page around it. */
export function renderLegend(
  series: readonly Series[],
  widthPx: number,
  topPx: number,
): { readonly svg: string; readonly heightPx: number } {
  let [x, row] = [LEFT_PX, 0];
  const listed = series.filter(({ isUnlisted }) => isUnlisted !== true);
  const entries = listed.map((one) => {
    const entryPx = SWATCH.widthPx + 6 + CHARACTER_PX * one.name.length + 16;
    if (x + entryPx > widthPx && x > LEFT_PX) [x, row] = [LEFT_PX, row + 1];
    const at = `translate(${x} ${topPx + row * ROW_PX})`;
    x += entryPx;
    return element(
      "g",
      { transform: at },
      element("g", seriesColor(one), renderSwatch(one)),
      text(one.name, { x: SWATCH.widthPx + 6, y: 10 }),
    );
  });
  return { svg: entries.join(""), heightPx: listed.length === 0 ? 0 : (row + 1) * ROW_PX + 6 };
}
