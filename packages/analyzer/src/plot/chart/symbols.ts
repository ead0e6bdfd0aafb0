import type { SymbolName } from "./chart.ts";
import { element, px } from "./svg.ts";

const SYMBOLS = ["circle", "square", "triangle", "diamond"] as const;

/** Lines differ in their symbols too, for people who do not tell the colours apart. */
export const symbolOf = (index: number): SymbolName => SYMBOLS[index % SYMBOLS.length] as SymbolName;

/** Half the width of a mark. */
const RADIUS_PX = 4;

/** Corners of a symbol around 0,0, in parts of its half width; a circle has none. */
const CORNERS: Readonly<Record<Exclude<SymbolName, "circle">, readonly (readonly [number, number])[]>> = {
  square: [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  triangle: [
    [0, -1.2],
    [1.1, 0.8],
    [-1.1, 0.8],
  ],
  diamond: [
    [0, -1.25],
    [1.25, 0],
    [0, 1.25],
    [-1.25, 0],
  ],
};

/** Half its width, and attributes of its element. */
export type SymbolStyle = Readonly<Record<string, string | number>> & { readonly radiusPx?: number };

/** A symbol whose middle is at x, y. */
export function renderSymbol(
  symbol: SymbolName,
  x: number,
  y: number,
  { radiusPx = RADIUS_PX, ...attributes }: SymbolStyle = {},
  ...children: readonly string[]
): string {
  if (symbol === "circle")
    return element("circle", { cx: x, cy: y, r: radiusPx, ...attributes }, ...children);
  const corners = CORNERS[symbol].map(([dx, dy]) => `${px(x + dx * radiusPx)},${px(y + dy * radiusPx)}`);
  return element("polygon", { points: corners.join(" "), ...attributes }, ...children);
}
