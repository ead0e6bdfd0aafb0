import { expect, test } from "vitest";
import type { ClientRun } from "../clients/client-run.ts";
import { predict } from "../queueing/asking/predict.ts";
import { fitModel } from "../queueing/fit-model.ts";
import { summarizeCell } from "../summary/cell.ts";
import { testClient } from "../testing/clients.ts";
import { distributionFigures } from "./distribution.ts";
import { modelRoundTrip, modelThroughput, renderModelPlot } from "./model-plot.ts";
import {
  overUsersFigure,
  renderResultsOverUsers,
  roundTripOverUsers,
  successOverUsers,
  throughputOverUsers,
} from "./over-users.ts";
import { type MeasuredCell, requestGrids } from "./request-grid.ts";
import { forPaper } from "./svg.ts";
import { timePartsFigure } from "./time-parts.ts";
import { timelineFigure } from "./timeline.ts";

/** Round trips that grow with the users; of three users one has a request that times out. */
function cell(users: number, thinkTimeSeconds: number): MeasuredCell {
  const clients: readonly ClientRun[] = Array.from({ length: users }, (_, user) =>
    testClient({
      user: `s1-u${user + 1}`,
      startSeconds: 4 * user,
      thinkSeconds: thinkTimeSeconds,
      roundTrips: [1, 2, 3, 4, 5, 6].map((request) =>
        users === 3 && user === 2 && request === 6
          ? -25
          : users * (0.5 + 0.01 * ((request * 7 + user * 3) % 5)),
      ),
    }),
  );
  return { cell: summarizeCell({ users, thinkTimeSeconds }, clients), clients };
}
const measured = [0, 1].flatMap((think) => [1, 2, 3].map((users) => cell(users, think)));
const cells = measured.map((one) => one.cell);

const model = fitModel(
  measured.map(({ cell: { users, thinkTimeSeconds }, clients }) => ({ users, thinkTimeSeconds, clients })),
  { limitSeconds: 25, replications: 8 },
);
const conditions = [1, 2, 3, 4].flatMap((users) =>
  [0, 1].map((thinkTimeSeconds) => ({ users, thinkTimeSeconds })),
);
const modelInput = {
  limitSeconds: 25,
  parameters: model.parameters,
  measured: model.observations,
  heldOut: [{ users: 4, thinkTimeSeconds: 0, meanRoundTripSeconds: 2, successRate: 1 }],
  predictions: predict(conditions, model.prediction),
  saturation: [{ thinkTimeSeconds: 0, users: 1.2 }],
};

const legend = [{ name: "think time 0 s", color: "#0072b2" }];
const PICTURES: Record<string, () => string | undefined> = {
  "success-over-users": () => overUsersFigure(cells, successOverUsers).svg,
  "round-trip-over-users": () => overUsersFigure(cells, roundTripOverUsers).svg,
  "throughput-over-users": () => overUsersFigure(cells, throughputOverUsers).svg,
  "results-over-users": () =>
    renderResultsOverUsers([
      { name: "before", cells },
      { name: "after", cells: cells.slice(0, 3) },
    ]),
  distribution: () => distributionFigures(measured)[0]?.svg,
  "request-grid": () => requestGrids(measured)[2]?.svg,
  "time-parts": () => timePartsFigure(cells)?.svg,
  timeline: () => timelineFigure(measured)?.svg,
  "model-round-trip": () => renderModelPlot(modelInput, modelRoundTrip),
  "model-throughput": () => renderModelPlot(modelInput, modelThroughput),
  "for-paper": () => forPaper(overUsersFigure(cells, roundTripOverUsers).svg, legend),
};

/** One decimal, a picture element per line, ids from 0: what differs between machines or drawings is left out. */
function rounded(svg: string): string {
  return svg
    .replaceAll(/-?\d+\.\d+(e-?\d+)?/g, (number) => String(Math.round(Number(number) * 10) / 10 + 0))
    .replaceAll(/zr\d+-/g, "zr0-")
    .replaceAll(/></g, ">\n<");
}

// After a wanted change: vitest run golden -u, and look at what changed.
test.each(Object.entries(PICTURES))("%s is drawn as before", async (name, draw) => {
  await expect(rounded(draw() ?? "")).toMatchFileSnapshot(`golden/${name}.svg`);
});
