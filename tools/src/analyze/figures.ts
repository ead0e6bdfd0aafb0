import {
  type Analysis,
  QueueingError,
  type ReportFigure,
  renderModelPlot,
  renderOverUsers,
  roundTripOverUsers,
  successOverUsers,
} from "@slbench/analyzer";
import { answerQuestions } from "../model/answer.ts";
import { toModelCells } from "../model/to-model-cells.ts";

/** The report's figures: the two of the publication, and the model where the cells allow one. */
export function reportFigures(analysis: Analysis): readonly ReportFigure[] {
  const { cells } = analysis.summary;
  if (cells.length === 0) return [];
  return [
    { title: successOverUsers.title, svg: renderOverUsers(cells, successOverUsers), notes: [] },
    {
      title: roundTripOverUsers.title,
      svg: renderOverUsers(cells, roundTripOverUsers),
      notes: ["Failed frames included, as published."],
    },
    ...modelFigure(analysis),
  ];
}

function modelFigure(analysis: Analysis): readonly ReportFigure[] {
  try {
    const answer = answerQuestions(toModelCells([analysis]), {
      whatIf: [],
      limit: timeLimit(analysis),
      seed: 1,
    });
    return [
      {
        title: "Queueing model",
        svg: renderModelPlot({ ...answer, heldOut: [] }),
        notes: [
          `Verdict: ${answer.verdict.level}.`,
          ...answer.verdict.reasons,
          "slbench model answers what-if questions.",
        ],
      },
    ];
  } catch (error) {
    // Too few loads for a model are no fault of a report.
    if (error instanceof QueueingError) return [];
    throw error;
  }
}

/** The clients' own limit; the published 25 s where they do not say. */
function timeLimit({ clients }: Analysis): number {
  const limits = clients.flat().flatMap((client) => client.timeoutSeconds ?? []);
  return limits.length === 0 ? 25 : Math.max(...limits);
}
