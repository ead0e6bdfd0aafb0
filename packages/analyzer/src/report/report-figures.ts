import type { Analysis } from "../analyze.ts";
import type { Warning } from "../core/warnings.ts";
import { answerQuestions, type ModelAnswer } from "../model/answer.ts";
import { toModelCells } from "../model/to-model-cells.ts";
import { distributionFigures } from "../plot/distribution/figure.ts";
import type { ReportFigure } from "../plot/figure.ts";
import { modelRoundTrip, modelThroughput } from "../plot/model/data.ts";
import { modelChart } from "../plot/model/figure.ts";
import {
  overUsersFigure,
  roundTripOverUsers,
  successOverUsers,
  throughputOverUsers,
} from "../plot/over-users/figure.ts";
import { gridUsers } from "../plot/request-grid/data.ts";
import { requestGrids } from "../plot/request-grid/figure.ts";
import { timePartsFigure } from "../plot/time-parts/figure.ts";
import { timelineFigure } from "../plot/timeline/figure.ts";
import { QueueingError } from "../queueing/errors.ts";

export interface ReportFigures {
  readonly figures: readonly ReportFigure[];
  /** What could not be drawn, and why. */
  readonly warnings: readonly Warning[];
}

/** The report's figures: the two of the publication and its grids, then all else that the cells allow. */
export function reportFigures(analysis: Analysis): ReportFigures {
  const { cells } = analysis.summary;
  if (cells.length === 0) return { figures: [], warnings: [] };
  const measured = cells.map((cell, index) => ({ cell, clients: analysis.clients[index] ?? [] }));
  const parts = timePartsFigure(cells);
  const timeline = timelineFigure(measured);
  const model = modelFigures(analysis);
  return {
    figures: [
      overUsersFigure(cells, successOverUsers),
      overUsersFigure(cells, roundTripOverUsers),
      ...requestGrids(measured),
      ...(parts === undefined ? [] : [parts]),
      ...distributionFigures(measured),
      overUsersFigure(cells, throughputOverUsers),
      ...model.figures,
      ...(timeline === undefined ? [] : [timeline]),
    ],
    warnings: model.warnings,
  };
}

/**
 * Round trip and throughput against the model. None where there are too few loads for one, which is no fault of a
 * report; and whatever else is wrong with the model, the rest of the report is made.
 */
function modelFigures(analysis: Analysis): ReportFigures {
  try {
    return { figures: drawModel(analysis), warnings: [] };
  } catch (error) {
    // The model says why it cannot be; any other error is worth a warning.
    if (error instanceof QueueingError && error.code.startsWith("MODEL_"))
      return { figures: [], warnings: [] };
    const warning = {
      code: "MODEL_FAILED",
      message: `the model could not be fitted: ${error instanceof Error ? error.message : String(error)}`,
      hint: "all other figures are as they should be; slbench model says more, please report it",
    };
    return { figures: [], warnings: [warning] };
  }
}

function drawModel(analysis: Analysis): readonly ReportFigure[] {
  const answer = answerQuestions(toModelCells([analysis]), {
    whatIf: [],
    timeout: timeLimit(analysis),
    seed: 1,
    // Hundreds of cells: fewer refits and points, so that a report does not take minutes.
    ...(analysis.summary.cells.length > MANY_CELLS && {
      replications: 20,
      predict: someConditions(analysis.summary.cells),
    }),
  });
  const plot = { ...answer, limitSeconds: answer.timeoutSeconds, heldOut: [] };
  const line = "Line: the model, with its 90% band; dashed: the asymptotic bound.";
  return [
    {
      title: "Queueing model: round trip",
      chart: modelChart(plot, modelRoundTrip),
      notes: [
        `Verdict: ${answer.verdict.level}.`,
        ...answer.verdict.reasons,
        `${line} slbench model answers what-if questions.`,
      ],
      data: modelTable(answer, modelRoundTrip),
    },
    {
      title: "Queueing model: throughput",
      chart: modelChart(plot, modelThroughput),
      notes: [
        "Measured: users × success rate ÷ (mean round trip + think time), as the model counts; the users' start and end are not included.",
        line,
      ],
      data: modelTable(answer, modelThroughput),
    },
  ];
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
    head: ["users", "think time (s)", `${quantity.axis}, measured`, "model", "90% from", "to"],
    rows: rows.map((load) => {
      const seen = measured.filter((one) => key(one) === key(load));
      const told = predictions.find((one) => key(one) === key(load));
      const interval = told && quantity.interval(told);
      return [
        String(load.users),
        String(load.thinkTimeSeconds),
        seen.map((one) => quantity.measured(one).toFixed(3)).join(", "),
        ...[told && quantity.predicted(told), interval?.low, interval?.high].map(
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

/** The clients' own limit; the published 25 s where they do not say. */
export function timeLimit({ clients }: Analysis): number {
  const limits = clients.flat().flatMap((client) => client.timeoutSeconds ?? []);
  return limits.length === 0 ? 25 : Math.max(...limits);
}
