/** A picture of the report with all that goes with it. */
export interface ReportFigure {
  readonly title: string;
  readonly svg: string;
  /** Sentences below it. */
  readonly notes: readonly string[];
  /** Names of what can be hidden by a click, each by its colour in the picture. */
  readonly legend?: readonly { readonly name: string; readonly color: string }[];
  /** What is drawn, for those who want numbers. */
  readonly data?: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };
}

/** Four decimals: finer than a picture shows, and half its size. */
export const round = (value: number): number => Math.round(value * 1e4) / 1e4;

/** Seconds for a table. */
export const seconds = (value: number | undefined): string => (value === undefined ? "" : value.toFixed(3));

/** `think time 0 s` and its colour, as in every figure. */
export function thinkName(think: number): string {
  return `think time ${think} s`;
}

/** The different values in order. */
export function distinct(values: readonly number[]): readonly number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
