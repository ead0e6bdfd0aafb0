import type { Layer, PointsMark, Range, Series, SymbolName } from "../chart/chart.ts";
import type { AnswerPlot, AnswerPoint, Verdict } from "./data.ts";
import { VERDICT_NAMES } from "./text.ts";

/** The series of every chart, in this order. */
const SERIES: readonly (Series & { readonly symbol?: SymbolName })[] = [
  { name: "mean", color: "muted", swatch: ["circle"] },
  { name: "95th percentile", color: "muted", swatch: ["line"] },
  { name: VERDICT_NAMES.passes, color: "pass", swatch: ["circle"], symbol: "circle" },
  { name: VERDICT_NAMES.undecided, color: "undecided", swatch: ["square"], symbol: "square" },
  { name: VERDICT_NAMES.fails, color: "fail", swatch: ["diamond"], symbol: "diamond" },
];
export const [MEAN, P95] = [0, 1];
const VERDICTS: readonly Verdict[] = ["passes", "undecided", "fails"];
const FIRST_VERDICT = 2;

/** Verdicts are listed only where they differ. */
export function seriesOf({ groups }: AnswerPlot): readonly Series[] {
  const found = new Set(groups.flatMap(({ points }) => points.map(({ verdict }) => verdict)));
  return SERIES.map(({ symbol: _, ...series }, index) => {
    const verdict = VERDICTS[index - FIRST_VERDICT];
    const isListed = found.size > 1 && verdict !== undefined && found.has(verdict);
    return { ...series, ...(!isListed && { isUnlisted: true }) };
  });
}

/** How the points of one verdict are drawn. */
interface VerdictDrawing {
  readonly radiusPx: number;
  readonly point: (point: AnswerPoint) => PointsMark["points"][number];
  readonly range: (point: AnswerPoint) => Range | undefined;
}

/** Points and their intervals in the colour and shape of their verdict. */
export function verdictLayers(
  points: readonly AnswerPoint[],
  { radiusPx, point, range }: VerdictDrawing,
): readonly Layer[] {
  return VERDICTS.flatMap((verdict, index): readonly Layer[] => {
    const own = points.filter((one) => one.verdict === verdict);
    const series = FIRST_VERDICT + index;
    const { symbol = "circle" } = SERIES[series] ?? {};
    if (own.length === 0) return [];
    const ranges = own.flatMap((one) => range(one) ?? []);
    return [
      ...(ranges.length === 0 ? [] : [{ series, mark: { kind: "intervals", ranges } } as const]),
      { series, mark: { kind: "points", symbol, radiusPx, points: own.map(point) } },
    ];
  });
}

/** Half the width of a mark: smaller where many stand side by side. */
export const radiusOf = (points: readonly AnswerPoint[], widthPx: number): number =>
  Math.max(1.5, Math.min(5, (0.45 * widthPx) / points.length));
