import type { Criterion } from "../../finding/search-goal.ts";
import type { ReportedProbe, Role, SearchReport } from "../../finding/search-report.ts";
import type { Chart, Layer, Panel, Point, Series } from "../chart/chart.ts";
import type { ReportFigure } from "../figure.ts";
import {
  CURVE_NAME,
  criterionAxis,
  limitLabel,
  loadAxis,
  OPEN_NAME,
  probeText,
  ROLE_NAMES,
  SEARCH_TITLE,
  searchNotes,
  searchTable,
} from "./text.ts";

const [WIDTH_PX, LEFT_PX, RIGHT_PX] = [760, 56, 14];
const [TOP_PX, PANEL_PX, GAP_PX, BOTTOM_PX] = [76, 220, 62, 46];
/** A value this many times its limit is drawn at the upper edge: the first overload would flatten everything else. */
const MOST_LIMITS = 3;

const SERIES: readonly Series[] = [
  { name: ROLE_NAMES.bracket, color: "muted", swatch: ["circle"] },
  { name: ROLE_NAMES.low, color: "pass", swatch: ["triangle"] },
  { name: ROLE_NAMES.high, color: "fail", swatch: ["square"] },
  { name: CURVE_NAME, color: "muted", dash: "dashed", swatch: ["line"] },
  { name: OPEN_NAME, color: "accent", swatch: ["area"] },
];
const SYMBOLS = { bracket: "circle", low: "triangle", high: "square" } as const;
const ROLES: readonly Role[] = ["bracket", "low", "high"];

/**
 * The runs of a search over the load, by why they were made: a panel per limit of the goal, with the loads that the
 * answer leaves open. Undefined without runs.
 *
 * @example
 * ```ts
 * const state = startSearch({ goal: parseSearchGoal("p95<2s"), confidence: 0.95, tolerance: { steps: 1 } });
 * searchFigure(makeSearchReport(state, { for: "users", tolerance: "1", step: 1, cells: [] })); // undefined
 * ```
 */
export function searchFigure(report: SearchReport): ReportFigure | undefined {
  if (report.probes.length === 0) return undefined;
  return {
    section: "search",
    title: SEARCH_TITLE,
    chart: searchChart(report),
    notes: searchNotes(report),
    data: searchTable(report),
  };
}

function searchChart(report: SearchReport): Chart {
  const { criteria } = report;
  return {
    title: SEARCH_TITLE,
    subtitle: report.goal,
    widthPx: WIDTH_PX,
    heightPx: TOP_PX + criteria.length * (PANEL_PX + GAP_PX) - GAP_PX + BOTTOM_PX,
    series: SERIES,
    panels: criteria.map((criterion, index) => panelOf(report, criterion, index)),
  };
}

function panelOf(report: SearchReport, criterion: Criterion, index: number): Panel {
  const { probes, curve, answer } = report;
  const scale = criterion.kind === "success" ? 100 : 1;
  const limit = scale * criterion.limit;
  const top = criterion.kind === "success" ? 100 : MOST_LIMITS * limit;
  const capped = (value: number) => Math.min(top, scale * value);
  const values = [...probes, ...curve].map((one) => capped(one.values[index] as number));
  const max = Math.max(limit, ...values);
  const isWhole = report.for !== "rate";
  const most = Math.max(...probes.map(({ load }) => load));
  const lowest = criterion.kind === "success" ? Math.min(limit, ...values) : 0;
  const line = curve.map(({ load, values: own }): Point => [load, capped(own[index] as number)]);
  const open = openLoads(answer, lowest, max);
  return {
    ...{ leftPx: LEFT_PX, topPx: TOP_PX + index * (PANEL_PX + GAP_PX) },
    ...{ widthPx: WIDTH_PX - LEFT_PX - RIGHT_PX, heightPx: PANEL_PX },
    x: { label: loadAxis(report), min: 0, max: isWhole ? most + 1 : most, isWhole },
    y: { label: criterionAxis(criterion), min: lowest, max },
    rules: [{ axis: "y", at: limit, color: "undecided", dash: "long dashes", label: limitLabel(criterion) }],
    layers: [
      ...(open.length === 0 ? [] : [{ series: 4, mark: { kind: "area", ranges: open } } as const]),
      { series: 3, mark: { kind: "line", points: line, widthPx: 1.5 } },
      ...ROLES.map((role, series): Layer => pointsOf(report, criterion, role, series, capped)),
    ],
  };
}

function pointsOf(
  report: SearchReport,
  criterion: Criterion,
  role: Role,
  series: number,
  shown: (value: number) => number,
): Layer {
  const index = report.criteria.indexOf(criterion);
  const points = report.probes.flatMap((probe: ReportedProbe, at) =>
    probe.role !== role
      ? []
      : [
          {
            ...{ x: probe.load, y: shown(probe.values[index] as number) },
            text: probeText(probe, at, criterion, report),
          },
        ],
  );
  const isHollow = role === "bracket";
  return { series, mark: { kind: "points", symbol: SYMBOLS[role], isHollow, points } };
}

/** From the greatest load that is shown to hold to the greatest that is not shown to fail. */
function openLoads(answer: SearchReport["answer"], low: number, high: number) {
  if (answer?.atMost === undefined || answer.atMost <= answer.atLeast) return [];
  return [answer.atLeast, answer.atMost].map((x) => ({ x, low, high }));
}
