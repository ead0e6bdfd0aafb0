import type { ColorRole, Dash } from "./chart.ts";

/**
 * Colours that people with colour-blindness tell apart, on white. The page replaces them in dark mode (`page.css`).
 * @see Okabe and Ito 2008, Color Universal Design
 */
export const PALETTE = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c8c8c"] as const;

/** Text and axes in a file; the page has its own colour. */
export const INK = "#222222";

/** Colours with a meaning, on white; the page replaces them too. A symbol or words repeat what each colour means. */
export const ROLE_COLORS: Readonly<Record<ColorRole, string>> = {
  accent: "#0b5cad",
  pass: "#0a7a4b",
  fail: "#c02f1d",
  undecided: "#8f5f00",
  muted: "#68717d",
};

/** The class of a colour, through which the page's style replaces it: `c0`, `c1`, …, `c-fail`. */
export const colorClass = (color: number | ColorRole): string =>
  typeof color === "number" ? `c${color % PALETTE.length}` : `c-${color}`;

export const colorOf = (color: number | ColorRole): string =>
  typeof color === "number" ? (PALETTE[color % PALETTE.length] as string) : ROLE_COLORS[color];

const DASHES: readonly (Dash | undefined)[] = [undefined, "dashed", "dotted", "long dashes", "wide dots"];

/** What tells a colour's second and later round through the palette from its first. */
export const dashOfRound = (color: number): Dash | undefined =>
  DASHES[Math.floor(color / PALETTE.length) % DASHES.length];

/** Lengths of dashes and gaps, for `stroke-dasharray`. */
export const DASH_ARRAYS: Readonly<Record<Dash, string>> = {
  dashed: "5 3",
  dotted: "1 3",
  "long dashes": "10 4",
  "wide dots": "2 6",
};
