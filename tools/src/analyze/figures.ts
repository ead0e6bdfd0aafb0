import {
  type Analysis,
  distributionFigures,
  frameGrid,
  gridUsers,
  modelRoundTrip,
  modelThroughput,
  overUsersFigure,
  QueueingError,
  type ReportFigure,
  renderModelPlot,
  roundTripOverUsers,
  successOverUsers,
  throughputOverUsers,
  timelineFigure,
  timePartsFigure,
} from "@slbench/analyzer";
import { answerQuestions } from "../model/answer.ts";
import { toModelCells } from "../model/to-model-cells.ts";

/** The report's figures: the two of the publication and its grids, then all else that the cells allow. */
export function reportFigures(analysis: Analysis): readonly ReportFigure[] {
  const { cells } = analysis.summary;
  if (cells.length === 0) return [];
  const measured = cells.map((cell, index) => ({ cell, clients: analysis.clients[index] ?? [] }));
  const drawn = gridUsers(cells);
  const parts = timePartsFigure(cells);
  const timeline = timelineFigure(measured);
  return [
    overUsersFigure(cells, successOverUsers),
    overUsersFigure(cells, roundTripOverUsers),
    ...modelFigure(analysis),
    ...(parts === undefined ? [] : [parts]),
    overUsersFigure(cells, throughputOverUsers),
    ...distributionFigures(measured),
    ...drawn.map((users) => frameGrid(users, measured)),
    ...(timeline === undefined ? [] : [timeline]),
  ];
}

function modelFigure(analysis: Analysis): readonly ReportFigure[] {
  try {
    const answer = answerQuestions(toModelCells([analysis]), {
      whatIf: [],
      limit: timeLimit(analysis),
      seed: 1,
      // Hundreds of cells: fewer refits and points, so that a report does not take minutes.
      ...(analysis.summary.cells.length > MANY_CELLS && {
        replications: 20,
        predict: someConditions(analysis.summary.cells),
      }),
    });
    const plot = { ...answer, heldOut: [] };
    return [
      {
        title: "Queueing model: round trip",
        svg: renderModelPlot(plot, modelRoundTrip),
        notes: [
          `Verdict: ${answer.verdict.level}.`,
          ...answer.verdict.reasons,
          "Line: the model, with its 90 % band; dashed: the asymptotic bound. slbench model answers what-if questions.",
        ],
        data: {
          head: ["users", "think time (s)", "mean round trip (s)", "from", "to", "success rate", "frames/s"],
          rows: answer.predictions.map((one) => [
            String(one.users),
            String(one.thinkTimeSeconds),
            one.meanRoundTripSeconds.toFixed(3),
            one.interval.low.toFixed(3),
            one.interval.high.toFixed(3),
            `${(100 * one.successRate).toFixed(1)} %`,
            one.throughputPerSecond.toFixed(3),
          ]),
        },
      },
      {
        title: "Queueing model: throughput",
        svg: renderModelPlot(plot, modelThroughput),
        notes: [
          "Measured: users × success rate ÷ (mean round trip + think time), as the model counts; start and end of the users are not in it.",
          "Line: the model, with its 90 % band; dashed: the asymptotic bound.",
        ],
        data: {
          head: ["users", "think time (s)", "frames/s", "from", "to"],
          rows: answer.predictions.map((one) => [
            String(one.users),
            String(one.thinkTimeSeconds),
            one.throughputPerSecond.toFixed(3),
            one.throughputInterval.low.toFixed(3),
            one.throughputInterval.high.toFixed(3),
          ]),
        },
      },
    ];
  } catch (error) {
    // Too few loads for a model are no fault of a report.
    if (error instanceof QueueingError) return [];
    throw error;
  }
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
