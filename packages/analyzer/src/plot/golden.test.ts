import { expect, test } from "vitest";
import type { ClientRun } from "../clients/client-run.ts";
import { parseLog } from "../log/log.ts";
import { predict } from "../queueing/asking/predict.ts";
import { fitModel } from "../queueing/fit-model.ts";
import { answerPlot } from "../report/answer-plot.ts";
import { type LogData, logDataOf } from "../report/log/log-data.ts";
import { selectSamples } from "../rows/plain-log.ts";
import type { CellSummary } from "../summary/cell.ts";
import { summarizeCell } from "../summary/summarize-cell.ts";
import { testClient } from "../testing/clients.ts";
import { testSearch } from "../testing/searches.ts";
import { answerFigure } from "./answer/figure.ts";
import type { Chart } from "./chart/chart.ts";
import { renderChart } from "./chart/render.ts";
import { distributionFigures } from "./distribution/figure.ts";
import type { MeasuredCell } from "./figure.ts";
import { logDistributionFigures } from "./log/distribution.ts";
import { logAnswerFigure, logTimeFigures } from "./log/over-time.ts";
import { modelRoundTrip, modelThroughput } from "./model/data.ts";
import { modelChart } from "./model/figure.ts";
import {
  overLoadFigure,
  resultsOverLoadChart,
  roundTripOverRate,
  roundTripOverUsers,
  successOverRate,
  successOverUsers,
  throughputOverRate,
  throughputOverUsers,
} from "./over-load/figure.ts";
import { requestGrids } from "./request-grid/figure.ts";
import { requestMultiples } from "./request-multiples/figure.ts";
import { searchFigure } from "./search/figure.ts";
import { timePartsFigure } from "./time-parts/figure.ts";
import { timelineFigure } from "./timeline/figure.ts";

/** Round trips that grow with the users; of three users one has a request that times out. */
function cell(users: number, thinkTimeSeconds: number): MeasuredCell {
  const clients: readonly ClientRun[] = Array.from({ length: users }, (_, user) =>
    testClient({
      user: `w1-u${user + 1}`,
      startSeconds: 4 * user,
      thinkSeconds: thinkTimeSeconds,
      roundTrips: [1, 2, 3, 4, 5, 6].map((request) =>
        users === 3 && user === 2 && request === 6
          ? -25
          : users * (0.5 + 0.01 * ((request * 7 + user * 3) % 5)),
      ),
    }),
  );
  return { cell: summarizeCell({ condition: { users, thinkTimeSeconds }, clients }), clients };
}
const measured = [0, 1].flatMap((think) => [1, 2, 3].map((users) => cell(users, think)));
const cells = measured.map((one) => one.cell);

/** Arrivals at a host that serves two requests per second: beyond that rate, requests queue and time out. */
function openCell(ratePerSecond: number, process: "poisson" | "constant"): CellSummary {
  const client = testClient({
    thinkSeconds: Math.max(0, 1 / ratePerSecond - (process === "poisson" ? 0.44 : 0.34)),
    roundTrips: Array.from({ length: 40 }, (_, index) =>
      ratePerSecond > 2 && index % 4 === 3
        ? -5
        : (process === "poisson" ? 0.4 : 0.3) + 0.01 * ((index * 7) % 11),
    ),
  });
  const condition = { users: 1, thinkTimeSeconds: 0, ratePerSecond, process };
  return summarizeCell({ condition, clients: [client] });
}
const open = [0.5, 1, 1.5, 2, 3].map((rate) => openCell(rate, "poisson"));
const both = [...open, ...[1, 2].map((rate) => openCell(rate, "constant"))];

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

/** Two think times; of three users at the first one, a request takes the time limit, far beyond the limit. */
const answer = answerPlot(
  cells,
  { successRate: 0.99, p95Seconds: 1.2, source: "" },
  {},
  predict(conditions, model.prediction),
);

/** Ten minutes of a load test: more threads every minute, slower from six on, with failures. */
function loggedMinutes(): LogData {
  const rows = Array.from({ length: 600 }, (_, second) => {
    const threads = 1 + Math.floor(second / 60);
    const isBad = threads > 6 && second % 7 === 0;
    const elapsed = Math.round((100 + 10 * ((second * 7) % 11)) * Math.max(1, threads - 5));
    const label = second % 3 === 0 ? "POST /cart" : "GET /";
    return `${1_700_000_000_000 + 1000 * second},${elapsed},${label},${isBad ? 503 : 200},Users 1-1,${!isBad},${1000 + second},200,${threads},${Math.round(0.9 * elapsed)},5`;
  });
  const head =
    "timeStamp,elapsed,label,responseCode,threadName,success,bytes,sentBytes,allThreads,Latency,Connect";
  const log = parseLog(`${[head, ...rows].join("\n")}\n`, "run.csv", { keepSeries: true });
  const row = { cell: "run.csv", users: 1, repetition: 1 };
  return logDataOf([selectSamples(log, row, "run.csv", {})]) as LogData;
}
const logged = loggedMinutes();
const logFigure = (title: string) =>
  [...logTimeFigures(logged), ...logDistributionFigures(logged)].find((one) => one.title === title)?.chart;

const CHARTS: Record<string, () => Chart | undefined> = {
  "success-over-users": () => overLoadFigure(cells, successOverUsers).chart,
  "round-trip-over-users": () => overLoadFigure(cells, roundTripOverUsers).chart,
  "throughput-over-users": () => overLoadFigure(cells, throughputOverUsers).chart,
  "success-over-rate": () => overLoadFigure(open, successOverRate).chart,
  "round-trip-over-rate": () => overLoadFigure(both, roundTripOverRate).chart,
  "throughput-over-rate": () => overLoadFigure(open, throughputOverRate).chart,
  "results-over-users": () =>
    resultsOverLoadChart([
      { name: "before", cells },
      { name: "after", cells: cells.slice(0, 3) },
    ]),
  answer: () => answerFigure(answer)?.chart,
  "answer-narrow": () => answerFigure(answer)?.narrow,
  "request-multiples": () => requestMultiples(measured)?.chart,
  "log-answer": () => logAnswerFigure(logged, 0.5)?.chart,
  "log-codes": () => logFigure("Return codes over time"),
  "log-percentiles": () => logFigure("Percentiles of the response time"),
  "log-histogram": () => logFigure("Distribution of response times"),
  "log-threads": () => logFigure("Response time against active threads"),
  distribution: () => distributionFigures(measured)[0]?.chart,
  "request-grid": () => requestGrids(measured)[2]?.chart,
  "time-parts": () => timePartsFigure(cells)?.chart,
  timeline: () => timelineFigure(measured)?.chart,
  search: () => searchFigure(testSearch())?.chart,
  "model-round-trip": () => modelChart(modelInput, modelRoundTrip),
  "model-throughput": () => modelChart(modelInput, modelThroughput),
};

/** One element per line, so that a difference shows its element. */
const perLine = (svg: string): string => svg.replaceAll("><", ">\n<");

// After a wanted change: vitest run golden -u, and look at what changed.
test.each(Object.entries(CHARTS))("draws %s as before", async (name, chart) => {
  const drawn = chart();
  if (drawn === undefined) throw new Error(`${name} has nothing to draw`);
  await expect(perLine(renderChart(drawn, { forFile: true }))).toMatchFileSnapshot(`golden/${name}.svg`);
});
