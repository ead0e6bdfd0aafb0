import type { Chart, Label, Layer, Panel, Point, Series } from "../chart/chart.ts";
import { dashOfRound } from "../chart/palette.ts";
import { symbolOf } from "../chart/symbols.ts";
import {
  type ModelCurve,
  type ModelPlotInput,
  type ModelQuantity,
  modelCurves,
  modelRoundTrip,
} from "./data.ts";
import {
  boundName,
  measuredName,
  measuredText,
  modelName,
  saturationText,
  USERS_AXIS,
  verdictText,
} from "./text.ts";

/** A band that is so many times as high as all else ends at the upper edge: it would flatten what it belongs to. */
const MAX_BAND = 2;

/** Series of one think time: measured, model, bound. */
const SERIES_PER_CURVE = 3;

/**
 * A quantity over users: measured points (hollow: not fitted), the model's curve with its 95% band, dashed the
 * asymptotic bounds; one colour per think time.
 *
 * @example
 * ```ts
 * const clients = (users: number, seconds: number) =>
 *   Array.from({ length: users }, (_, client) => ({
 *     roundTripSeconds: Array.from({ length: 30 }, (_, n) => seconds * (1 + 0.02 * ((n + client) % 5))),
 *     successfulRequests: 30,
 *   }));
 * const cells = [[1, 0.5], [2, 0.6], [4, 1.2], [8, 2.4]].map(([users = 1, seconds = 1]) => ({
 *   ...{ users, thinkTimeSeconds: 0, clients: clients(users, seconds) },
 * }));
 * const model = fitModel(cells, { limitSeconds: 25, seed: 1, replications: 5 });
 * const predictions = predict([{ users: 4, thinkTimeSeconds: 0 }], model.prediction);
 * const { parameters, saturation } = answerQuestions(cells, { whatIf: [], timeout: 25, seed: 1, replications: 5 });
 * modelChart({ parameters, saturation, predictions, limitSeconds: 25, measured: [], heldOut: [] }).panels.length; // 1
 * ```
 */
export function modelChart(input: ModelPlotInput, quantity: ModelQuantity = modelRoundTrip): Chart {
  const curves = modelCurves(input, quantity);
  const subtitle = saturationText(input);
  const highest = Math.max(0, ...curves.flatMap(heights));
  const bandTop = Math.max(0, ...curves.flatMap(({ band }) => band.map(({ high }) => high)));
  const top = Math.max(highest, Math.min(bandTop, MAX_BAND * highest));
  const users = [...input.predictions, ...input.measured, ...input.heldOut].map((one) => one.users);
  const panel: Panel = {
    ...{ leftPx: 56, topPx: 76, widthPx: 690, heightPx: 300 },
    x: { label: USERS_AXIS, min: 0, max: Math.max(0, ...users) + 1, isWhole: true, isNice: false },
    y: { label: quantity.axis, min: 0, max: top },
    layers: layersOf(curves, quantity.axis, top),
    labels: verdictLabels(input),
  };
  return {
    title: quantity.title,
    ...(subtitle !== undefined && { subtitle }),
    ...{ widthPx: 760, heightPx: 424 },
    series: curves.flatMap(curveSeries),
    panels: [panel],
  };
}

/** How far to trust the curve, at its panel's upper right corner. */
function verdictLabels({ verdict }: ModelPlotInput): readonly Label[] {
  if (verdict === undefined) return [];
  const color = ({ trust: "pass", caution: "undecided", "do not trust": "fail" } as const)[verdict.level];
  const corner = { x: Number.POSITIVE_INFINITY, y: Number.POSITIVE_INFINITY };
  return [{ ...corner, text: verdictText(verdict), color, isBold: true, anchor: "end", shiftPx: [0, -14] }];
}

/** Of lines and points. */
const heights = ({ predicted, bound, measured, heldOut }: ModelCurve): readonly number[] =>
  [predicted, bound, measured, heldOut].flat().map(([, y]) => y);

function curveSeries({ thinkTimeSeconds: think }: ModelCurve, color: number): readonly Series[] {
  const dash = dashOfRound(color);
  return [
    { name: measuredName(think), color, swatch: [symbolOf(color)] },
    { name: modelName(think), color, swatch: ["line"], ...(dash && { dash }) },
    { name: boundName(think), color, swatch: ["line"], dash: "dashed" },
  ];
}

/** Bands lie below all lines, lines below all points. */
function layersOf(curves: readonly ModelCurve[], axis: string, top: number): readonly Layer[] {
  const within = (band: ModelCurve["band"]) =>
    band.map((one) => ({ ...one, low: Math.min(top, one.low), high: Math.min(top, one.high) }));
  const layers = (marks: (curve: ModelCurve, index: number) => readonly Layer[]) => curves.flatMap(marks);
  const first = (index: number) => SERIES_PER_CURVE * index;
  return [
    ...layers(({ band }, index) => [
      { series: first(index) + 1, mark: { kind: "area", ranges: within(band) } },
    ]),
    ...layers(({ bound, predicted }, index) => [
      { series: first(index) + 2, mark: { kind: "line", points: bound, widthPx: 1, isReadable: true } },
      { series: first(index) + 1, mark: { kind: "line", points: predicted, isReadable: true } },
    ]),
    ...layers((curve, index) => {
      const points = (own: readonly Point[], isHollow: boolean): Layer => ({
        series: first(index),
        mark: { kind: "points", symbol: symbolOf(index), isHollow, points: own.map(textsOf(curve, axis)) },
      });
      return [points(curve.measured, false), points(curve.heldOut, true)];
    }),
  ];
}

const textsOf =
  ({ thinkTimeSeconds }: ModelCurve, axis: string) =>
  ([x, y]: Point) => ({ x, y, text: measuredText(measuredName(thinkTimeSeconds), axis, [x, y]) });
