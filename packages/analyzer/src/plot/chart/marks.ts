import type { BarsMark, BoxesMark, Mark, PointsMark, Series } from "./chart.ts";
import { renderArea, renderIntervals, renderLine } from "./lines.ts";
import type { Scale } from "./scales.ts";
import { element, escapeXml, px } from "./svg.ts";
import { renderSymbol } from "./symbols.ts";

const WIDEST_BAR_PX = 60;
const HIGHEST_BOX_PX = 14;

/** A mark in the colour of the group around it. */
export function renderMark(mark: Mark, series: Series, x: Scale, y: Scale): string {
  switch (mark.kind) {
    case "line":
      return renderLine(mark, series, x, y);
    case "area":
      return renderArea(mark, x, y);
    case "points":
      return renderPoints(mark, x, y);
    case "intervals":
      return renderIntervals(mark, x, y);
    case "bars":
      return renderBars(mark, x, y);
    case "boxes":
      return renderBoxes(mark, x, y);
  }
}

/** What a pointer reads, and a screen reader: the mark's `<title>`. */
const titled = (words: string) => element("title", {}, escapeXml(words));

function renderPoints({ points, symbol, isHollow, radiusPx }: PointsMark, x: Scale, y: Scale): string {
  const style = {
    ...(isHollow ? { fill: "none", "stroke-width": "2" } : {}),
    ...(radiusPx !== undefined && { radiusPx }),
  };
  return points
    .map((point) => renderSymbol(symbol, x.at(point.x), y.at(point.y), style, titled(point.text)))
    .join("");
}

function renderBars({ bars }: BarsMark, x: Scale, y: Scale): string {
  const isLying = y.bandPx !== undefined;
  const [names, values] = isLying ? [y, x] : [x, y];
  const across = Math.min(WIDEST_BAR_PX, names.bandPx ?? WIDEST_BAR_PX);
  const rects = bars.map(({ place, low, high, text }) => {
    const edge = names.at(place) - across / 2;
    const [start, end] = [values.at(low), values.at(high)];
    const along = Math.abs(end - start);
    const box = isLying
      ? { x: start, y: edge, width: along, height: across }
      : { x: edge, y: end, width: across, height: along };
    return element("rect", box, titled(text));
  });
  return element("g", { stroke: "none" }, ...rects);
}

function renderBoxes({ boxes }: BoxesMark, x: Scale, y: Scale): string {
  const height = Math.min(HIGHEST_BOX_PX, y.bandPx ?? HIGHEST_BOX_PX);
  const drawn = boxes.map(({ place, values, text }) => {
    const [low, lower, middle, upper, high] = values.map((value) => px(x.at(value)));
    const [mid, top, bottom] = [0, -height / 2, height / 2].map((offset) => px(y.at(place) + offset));
    const whiskers = `M${low} ${top}V${bottom}M${high} ${top}V${bottom}M${low} ${mid}H${lower}M${upper} ${mid}H${high}`;
    const box = `M${lower} ${top}H${upper}V${bottom}H${lower}ZM${middle} ${top}V${bottom}`;
    return element("path", { d: `${whiskers}${box}` }, titled(text));
  });
  return element("g", { fill: "none", "stroke-width": "1.5" }, ...drawn);
}
