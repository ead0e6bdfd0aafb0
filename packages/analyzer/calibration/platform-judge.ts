import { planLoad } from "../src/queueing/asking/platform-loads.ts";
import { askPlatform, fitModel } from "../src/queueing/index.ts";
import { average } from "../src/queueing/numeric/average.ts";
import { createAutoscaler, idleReplicas } from "../src/queueing/serverless/rules.ts";
import { simulatePlatform } from "../src/queueing/serverless/simulate-platform.ts";
import { withTimesDemand } from "../src/queueing/station/sizes.ts";
import { drawNormal } from "../src/stats/draw-normal.ts";
import type { Interval } from "../src/stats/interval.ts";
import { quantile } from "../src/stats/quantile.ts";
import { createRandom } from "../src/stats/random.ts";
import type { ModelHost } from "./model-hosts.ts";
import { measureCell, RUN_DEVIATION } from "./model-runs.ts";
import { PLATFORM_SCENARIOS, type PlatformScenario } from "./platform-scenarios.ts";
import { mixSeed } from "./seeds.ts";

const FIGURES = ["p95", "cold", "replicaSeconds"] as const;
export type PlatformFigure = (typeof FIGURES)[number];
type Figures = Readonly<Record<PlatformFigure, number>>;

/** How one experiment on a replica predicted a platform of such replicas. */
export interface PlatformJudgement {
  readonly scenario: string;
  readonly truth: Figures;
  /** predicted ÷ true − 1; of cold starts predicted − true. */
  readonly errors: Figures;
  /** Share of new runs within the 95% interval. */
  readonly coverage: Figures;
}

/** The experiment: one replica, by itself. Think times of 5 s show cold starts. */
const LOADS = [1, 2, 4].flatMap((users) => [0, 5].map((thinkTimeSeconds) => ({ users, thinkTimeSeconds })));
const LIMIT_SECONDS = 100;

/** Measures one replica, fits it, and compares the predicted platform with very many true runs of it. */
export function judgePlatform(scenarioIndex: number, truthRuns: number, seed: number): PlatformJudgement {
  const scenario = PLATFORM_SCENARIOS[scenarioIndex] as PlatformScenario;
  const host: ModelHost = {
    name: scenario.name,
    parameters: scenario.replica,
    timeoutBehaviour: "cancelled",
    reportsColdStarts: true,
  };
  const cells = LOADS.map((load, index) => measureCell(host, load, mixSeed(seed, 1, index)));
  const model = fitModel(cells, { limitSeconds: LIMIT_SECONDS });
  const { rule, concurrency, load } = scenario;
  const [predicted] = askPlatform(model, { rules: [rule], concurrency, loads: [load] }).predictions;
  if (predicted === undefined) throw new Error("one rule and one load have one prediction");
  const runs = Array.from({ length: truthRuns }, (_, run) => trueRun(scenario, mixSeed(seed, 2, run)));
  const truth = of((figure) => average(runs.map((run) => run[figure])));
  const values: Figures = {
    p95: predicted.p95Seconds,
    cold: predicted.coldShare,
    replicaSeconds: predicted.replicaSecondsPerRequest,
  };
  const intervals: Readonly<Record<PlatformFigure, Interval>> = {
    p95: predicted.p95Interval,
    cold: predicted.coldShareInterval,
    replicaSeconds: predicted.replicaSecondsPerRequestInterval,
  };
  return {
    scenario: scenario.name,
    truth,
    errors: of((figure) =>
      figure === "cold" ? values.cold - truth.cold : values[figure] / truth[figure] - 1,
    ),
    coverage: of((figure) => {
      const { low, high } = intervals[figure];
      const isInside = (value: number) => value >= low - 1e-9 && value <= high + 1e-9;
      return runs.filter((run) => isInside(run[figure])).length / truthRuns;
    }),
  };
}

const of = (value: (figure: PlatformFigure) => number): Figures => ({
  p95: value("p95"),
  cold: value("cold"),
  replicaSeconds: value("replicaSeconds"),
});

function trueRun({ replica, rule, concurrency, load }: PlatformScenario, seed: number): Figures {
  const random = createRandom(seed);
  const slowdown = Math.exp(RUN_DEVIATION * drawNormal(random));
  const plan = { requestsPerUser: 1, startRatePerSecond: 1, isSteady: false };
  const { senders, fromSeconds, untilSeconds } = planLoad(load, plan, mixSeed(seed, 1));
  const { seconds, variation } = replica.coldStarts;
  const { requests, replicaSeconds } = simulatePlatform(
    {
      ...{ concurrency, timeoutBehaviour: "cancelled" },
      replica: withTimesDemand(replica, slowdown),
      startTime: { meanSeconds: slowdown * seconds, variation },
      ...{ hostServers: Number.POSITIVE_INFINITY, maxQueued: Number.POSITIVE_INFINITY },
    },
    createAutoscaler(rule),
    {
      ...{ senders, fromSeconds, untilSeconds, limitSeconds: LIMIT_SECONDS },
      ...{ initialReplicas: idleReplicas(rule), clockSeconds: 60 * random(), seed: mixSeed(seed, 2) },
    },
  );
  const measured = requests.filter(({ startSeconds }) => startSeconds >= fromSeconds);
  return {
    p95: quantile(Float64Array.from(measured, (one) => one.roundTripSeconds).sort(), 0.95),
    cold: measured.filter(({ isCold }) => isCold).length / measured.length,
    replicaSeconds: replicaSeconds / measured.length,
  };
}
