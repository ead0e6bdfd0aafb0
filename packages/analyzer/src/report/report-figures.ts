import type { Analysis } from "../analyze.ts";
import { isClosedLoop } from "../core/condition.ts";
import { modelFailed } from "../core/warning-catalogue.ts";
import type { Warning } from "../core/warnings.ts";
import { answerQuestions, type ModelAnswer } from "../model/answer.ts";
import { describeClasses } from "../model/describe-classes.ts";
import { describeSizes } from "../model/describe-sizes.ts";
import { describeStations } from "../model/describe-stations.ts";
import { toModelCells } from "../model/to-model-cells.ts";
import { answerFigure } from "../plot/answer/figure.ts";
import { distributionFigures } from "../plot/distribution/figure.ts";
import type { MeasuredCell, ReportFigure } from "../plot/figure.ts";
import { modelRoundTrip, modelThroughput } from "../plot/model/data.ts";
import { modelChart } from "../plot/model/figure.ts";
import { saturationText } from "../plot/model/text.ts";
import {
  type OverLoad,
  overLoadFigure,
  roundTripOverRate,
  roundTripOverUsers,
  successOverRate,
  successOverUsers,
  throughputOverRate,
  throughputOverUsers,
} from "../plot/over-load/figure.ts";
import { gridUsers } from "../plot/request-grid/data.ts";
import { requestGrids } from "../plot/request-grid/figure.ts";
import { requestMultiples } from "../plot/request-multiples/figure.ts";
import { timePartsFigure } from "../plot/time-parts/figure.ts";
import { timelineFigure } from "../plot/timeline/figure.ts";
import type { Prediction } from "../queueing/asking/predict.ts";
import type { TrustLevel } from "../queueing/assessing/verdict.ts";
import { SlbenchError } from "../queueing/errors.ts";
import type { CellSummary } from "../summary/cell.ts";
import { runsOfAnalysis } from "../thresholds/judge.ts";
import { answerPlot } from "./answer-plot.ts";
import type { Judging } from "./serving/judge-cell.ts";
import { type ServingLimits, servingLimits } from "./serving/limits.ts";

export interface ReportFigures {
  /** Of the page. */
  readonly figures: readonly ReportFigure[];
  /** The publication's grids, which only `--plots` writes: they would make a page of many screens. */
  readonly grids: readonly ReportFigure[];
  /** How far the queueing model can be trusted; absent without a model. */
  readonly modelVerdict?: TrustLevel;
  /** Why a figure could not be drawn. */
  readonly warnings: readonly Warning[];
}

/** What the figure of the answer holds the cells against. */
export interface FigureLimits {
  /** Default: 99% success within the clients' own time limit. */
  readonly limits?: ServingLimits;
  /** Default: with a confidence of 0.95, from the cells' requests. */
  readonly judging?: Judging;
}

/**
 * The report's figures: the answer, those over the load, then all else that the cells allow.
 *
 * @example
 * ```ts
 * reportFigures(analyze([])); // { figures: [], grids: [], warnings: [] }
 * ```
 */
export function reportFigures(
  analysis: Analysis,
  {
    limits = servingLimits([], timeLimit(analysis)),
    judging = { runsOf: runsOfAnalysis(analysis) },
  }: FigureLimits = {},
): ReportFigures {
  const { cells } = analysis.summary;
  if (cells.length === 0) return { figures: [], grids: [], warnings: [] };
  const all = cells.map((cell, index) => ({ cell, clients: analysis.clients[index] ?? [] }));
  const timeline = timelineFigure(all);
  const closed = all.filter(({ cell }) => isClosedLoop(cell));
  const scaled = cells.some(({ replicaCount }) => replicaCount !== undefined);
  const model = closed.length === 0 ? NO_MODEL : modelFigures(analysis);
  // Cells that differ by their replicas have no curve over users.
  const answer = scaled ? undefined : answerFigure(answerPlot(cells, limits, judging, model.predictions));
  return {
    figures: [
      ...(answer === undefined ? [] : [answer]),
      ...(scaled ? distributionFigures(closed) : closedLoopFigures(closed)),
      ...model.figures,
      ...openLoopFigures(cells.filter((cell) => !isClosedLoop(cell))),
      ...(timeline === undefined ? [] : [timeline]),
    ],
    grids: requestGrids(closed),
    ...(model.modelVerdict !== undefined && { modelVerdict: model.modelVerdict }),
    warnings: model.warnings,
  };
}

/** Everything over users, which an open loop does not have. */
function closedLoopFigures(measured: readonly MeasuredCell[]): readonly ReportFigure[] {
  if (measured.length === 0) return [];
  const cells = measured.map(({ cell }) => cell);
  const [parts, multiples] = [timePartsFigure(cells), requestMultiples(measured)];
  return [
    ...overLoadFigures(cells, [successOverUsers, roundTripOverUsers, throughputOverUsers]),
    ...(parts === undefined ? [] : [parts]),
    ...distributionFigures(measured),
    ...(multiples === undefined ? [] : [multiples]),
  ];
}

/** Everything over the offered rate. */
function openLoopFigures(cells: readonly CellSummary[]): readonly ReportFigure[] {
  if (cells.length === 0) return [];
  return overLoadFigures(cells, [successOverRate, roundTripOverRate, throughputOverRate]);
}

/** Those figures for which some cell has a value: clients' reports of the older text form have no throughput. */
const overLoadFigures = (cells: readonly CellSummary[], all: readonly OverLoad[]): readonly ReportFigure[] =>
  all
    .filter(({ quantities }) =>
      quantities.some(({ quantity }) => cells.some((cell) => quantity.value(cell) !== undefined)),
    )
    .map((figure) => overLoadFigure(cells, figure));

/**
 * Round trip and throughput against the model. With too few loads for a model there are no such figures and no
 * warning. Any other failure of the model is a warning, and the rest of the report is complete.
 */
function modelFigures(analysis: Analysis): DrawnModel {
  try {
    return drawModel(analysis);
  } catch (error) {
    // Expected for small results: slbench model reports the reason.
    if (error instanceof SlbenchError && error.code.startsWith("MODEL_")) return NO_MODEL;
    return { ...NO_MODEL, warnings: [modelFailed(error instanceof Error ? error.message : String(error))] };
  }
}

interface DrawnModel extends Omit<ReportFigures, "grids"> {
  readonly predictions: readonly Prediction[];
}

const NO_MODEL: DrawnModel = { figures: [], predictions: [], warnings: [] };

function drawModel(analysis: Analysis): DrawnModel {
  const answer = answerQuestions(toModelCells([analysis]), {
    whatIf: [],
    timeout: timeLimit(analysis),
    seed: 1,
    // Fewer refits and points for hundreds of cells keep a report within seconds.
    ...(analysis.summary.cells.length > MANY_CELLS && {
      replications: 20,
      predict: someConditions(analysis.summary.cells),
    }),
  });
  const plot = { ...answer, limitSeconds: answer.timeoutSeconds, heldOut: [] };
  const line =
    "Line: the model, with its 95% band, which may go on beyond the upper edge (the table has it); dashed: the asymptotic bound.";
  const saturation = saturationText(plot);
  const figures: readonly ReportFigure[] = [
    {
      section: "model",
      title: "Queueing model: round trip",
      chart: modelChart(plot, modelRoundTrip),
      notes: [
        ...(saturation === undefined ? [] : [`${saturation}.`]),
        ...sizeNote(answer),
        ...partNotes(answer),
        ...answer.verdict.reasons,
        `${line} slbench model answers what-if questions.`,
      ],
      data: modelTable(answer, modelRoundTrip),
    },
    {
      section: "model",
      title: "Queueing model: throughput",
      chart: modelChart(plot, modelThroughput),
      notes: [
        "Measured: as in the table of cells; without the requests' times users × success rate ÷ (mean round trip + think time).",
        line,
      ],
      data: modelTable(answer, modelThroughput),
    },
  ];
  // A band that is not to be trusted has no place in the answer.
  const predictions = answer.verdict.level === "do not trust" ? [] : answer.predictions;
  return { figures, predictions, modelVerdict: answer.verdict.level, warnings: [] };
}

/** The demand over the size of a request, as one note. */
function sizeNote({ demandBySize }: ModelAnswer): readonly string[] {
  const lines = describeSizes(demandBySize);
  if (lines.length < 2) return lines;
  return [`Service ${lines.slice(0, -1).join("; ")}.`, ...lines.slice(-1)];
}

/** Stations and classes of requests, if the model has them. */
function partNotes({ stations, classes }: ModelAnswer): readonly string[] {
  return [
    ...(stations?.isChosen ? [describeStations(stations)] : []),
    ...(classes?.isChosen ? [describeClasses(classes)] : []),
  ].flatMap((lines) => [`${lines.slice(0, -1).join("; ")}.`, ...lines.slice(-1)]);
}

/** Measured and predicted, side by side, for every load that has one of them. */
function modelTable(
  { measured, predictions }: Pick<ModelAnswer, "measured" | "predictions">,
  quantity: typeof modelRoundTrip,
): NonNullable<ReportFigure["data"]> {
  const key = (one: { readonly users: number; readonly thinkTimeSeconds: number }) =>
    `${one.thinkTimeSeconds} ${one.users}`;
  const loads = new Map([...measured, ...predictions].map((one) => [key(one), one] as const));
  const rows = [...loads.values()].sort(
    (a, b) => a.thinkTimeSeconds - b.thinkTimeSeconds || a.users - b.users,
  );
  return {
    head: ["users", "think time (s)", `${quantity.axis}, measured`, "model", "95% from", "to"],
    rows: rows.map((load) => {
      const seen = measured.filter((one) => key(one) === key(load));
      const predicted = predictions.find((one) => key(one) === key(load));
      const interval = predicted && quantity.interval(predicted);
      return [
        String(load.users),
        String(load.thinkTimeSeconds),
        seen.map((one) => quantity.measured(one).toFixed(3)).join(", "),
        ...[predicted && quantity.predicted(predicted), interval?.low, interval?.high].map(
          (value) => value?.toFixed(3) ?? "",
        ),
      ];
    }),
  };
}

const MANY_CELLS = 60;

/** About ten numbers of users, spread over what was measured, at up to three think times. */
function someConditions(cells: Analysis["summary"]["cells"]): string {
  const thinks = [...new Set(cells.map((cell) => cell.thinkTimeSeconds))].sort((a, b) => a - b).slice(0, 3);
  return `users=${gridUsers(cells, 10).join(",")} think=${thinks.join(",")}`;
}

/**
 * The clients' own time limit; the published 25 s if no report has one.
 *
 * @example
 * ```ts
 * timeLimit(analyze([])); // 25
 * ```
 */
export function timeLimit({ clients }: Analysis): number {
  const limits = clients.flat().flatMap((client) => client.timeoutSeconds ?? []);
  return limits.length === 0 ? 25 : Math.max(...limits);
}
