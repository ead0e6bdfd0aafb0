import { type Scenario, simulateRun } from "../calibration/host.ts";
import type { Chart, Layer, Panel } from "../src/plot/chart/chart.ts";
import type { Interval } from "../src/stats/interval.ts";
import { mean } from "../src/stats/mean.ts";
import { tInterval } from "../src/stats/t-interval.ts";

const HOST: Scenario = {
  name: "8 users",
  parameters: { demandSeconds: 0.1, servers: 1, contention: 0, delaySeconds: 0.005, demandVariation: 0.1 },
  users: 8,
  requestsPerUser: 37,
  thinkTimeSeconds: 0.2,
  runDeviation: 0.03,
};
const EXPERIMENTS = 40;
const RUNS = 3;
const TRUTH_RUNS = 4000;
const SEED = 20;
const [HOLDS, MISSES] = [0, 1];

/** The same experiment many times: intervals over its requests, and over its runs. */
export function drawRepeatedExperiments(): Chart {
  const runs = Array.from({ length: EXPERIMENTS * RUNS + TRUTH_RUNS }, (_, index) =>
    Array.from(simulateRun(HOST, { seed: SEED + index }).roundTripSeconds),
  );
  const truth = mean(runs.slice(EXPERIMENTS * RUNS).map((run) => mean(run) as number)) as number;
  const experiments = Array.from({ length: EXPERIMENTS }, (_, index) =>
    runs.slice(index * RUNS, (index + 1) * RUNS),
  );
  const overRequests = experiments.map((own) => tInterval(own.flat()) as Interval);
  const overRuns = experiments.map((own) => tInterval(own.map((run) => mean(run) as number)) as Interval);
  const ends = [...overRequests, ...overRuns].flatMap(({ low, high }) => [low, high]);
  const y = { label: "mean round trip (s)", min: Math.min(...ends), max: Math.max(...ends) };
  const panel = (leftPx: number, name: string, intervals: readonly Interval[]): Panel => {
    const isRight = ({ low, high }: Interval) => low <= truth && truth <= high;
    const layer = (series: number, wanted: boolean): Layer => ({
      series,
      mark: {
        kind: "intervals",
        ranges: intervals.flatMap((own, index) =>
          isRight(own) === wanted ? [{ x: index + 1, ...own }] : [],
        ),
      },
    });
    return {
      ...{ leftPx, topPx: 104, widthPx: 260, heightPx: 210, y },
      titleTopPx: 34,
      title: `over ${name}: ${intervals.filter(isRight).length} of ${EXPERIMENTS} contain it`,
      x: { label: "experiment", min: 0, max: EXPERIMENTS + 1, isNice: false, isWhole: true },
      rules: [{ axis: "y", at: truth, color: "accent" }],
      layers: [layer(HOLDS, true), layer(MISSES, false)],
    };
  };
  return {
    title: `The same experiment, ${EXPERIMENTS} times: which 95% intervals contain the true mean?`,
    subtitle: `simulated host whose speed differs by 3% between runs; ${RUNS} runs of 8 users × 37 requests`,
    ...{ widthPx: 680, heightPx: 360 },
    series: [
      { name: "contains the true mean", color: "muted", swatch: ["line"] },
      { name: "misses it", color: "fail", swatch: ["line"] },
    ],
    panels: [panel(56, "requests", overRequests), panel(396, "runs", overRuns)],
  };
}
