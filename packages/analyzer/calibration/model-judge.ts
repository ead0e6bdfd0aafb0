import {
  askWhatIf,
  fitModel,
  type ModelCell,
  type Prediction,
  predict,
  type QueueingModel,
} from "../src/queueing/index.ts";
import type { Interval } from "../src/stats/interval.ts";
import { MODEL_HOSTS, type ModelHost } from "./model-hosts.ts";
import { LIMIT_SECONDS, LOADS, type Load, manyRuns, measureCell, type RunFigures } from "./model-runs.ts";
import { mixSeed } from "./seeds.ts";

/** Which cells a fit gets: those with few users, or some over the whole range. */
export const FITS = {
  low: [1, 2, 3, 4],
  spread: [1, 3, 5, 9],
} as const;
export type FitName = keyof typeof FITS;

/** Predictions are judged up to about twice the most fitted users. */
const MOST_JUDGED = { low: 9, spread: 18 } as const;

/** A fit is good if nearly all of its predictions are within these errors of the truth. */
export const GOOD = { share: 0.9, errorRatio: 0.1, successError: 0.1 } as const;

/** An interval that misses the true number by less than this factor holds it: it may lie on the edge of what is possible. */
const CLOSE = 1.01;
/** A what-if is right if it has the sign of the true change; changes below this share count as none. */
const NO_CHANGE = 0.03;
/** The what-if is asked at this load. */
const WHAT_IF_LOAD: Load = { users: 6, thinkTimeSeconds: 0 };

/** How a fit predicted the cells that it did not see. */
export interface FitJudgement {
  readonly host: string;
  readonly fit: FitName;
  /** |predicted ÷ true − 1| of each cell's mean. */
  readonly errorRatios: readonly number[];
  readonly successErrors: readonly number[];
  /** Share of new runs within the 95% interval, over all cells. */
  readonly meanCoverage: number;
  readonly successCoverage: number;
  /** Share of predictions that are within 10% (mean) and 0.10 (success). */
  readonly goodShare: number;
  readonly verdict: QueueingModel["verdict"]["level"];
  /** The share of predictions within 10% that the verdict expects. */
  readonly expectedShare: number;
  readonly signs: QueueingModel["verdict"]["signs"];
  readonly whatIf: "right" | "wrong" | "refused" | "not asked";
  /** Whether the 95% interval of the servers contains the true number; undefined beyond the model. */
  readonly holdsServers?: boolean;
  readonly fitMilliseconds: number;
}

/** The true figures of a host under a load: those of very many runs. */
interface Truth {
  readonly load: Load;
  readonly mean: number;
  readonly success: number;
  readonly runs: readonly RunFigures[];
}

/** Measures one experiment on a simulated host, fits it in two ways, and compares the predictions with the truth. */
export function judgeHost(hostIndex: number, truthRuns: number, seed: number): readonly FitJudgement[] {
  const host = MODEL_HOSTS[hostIndex] as ModelHost;
  const cells = LOADS.map((load, index) => measureCell(host, load, mixSeed(seed, 1, index)));
  const truths = LOADS.map((load, index) => findTruth(host, load, truthRuns, mixSeed(seed, 2, index)));
  const faster = whatIfTruth(host, truthRuns, mixSeed(seed, 3));
  return (Object.keys(FITS) as FitName[]).map((fit) => judgeFit(host, fit, cells, truths, faster));
}

function findTruth(host: ModelHost, load: Load, count: number, seed: number): Truth {
  const runs = manyRuns(host, load, count, seed);
  const average = (figure: keyof RunFigures) => runs.reduce((sum, run) => sum + run[figure], 0) / count;
  return { load, mean: average("mean"), success: average("success"), runs };
}

/** The true mean with twice the servers; undefined if the host has no such thing. */
function whatIfTruth(host: ModelHost, runs: number, seed: number): number | undefined {
  if (host.isBeyondModel) return undefined;
  const { parameters } = host;
  const faster = { ...host, parameters: { ...parameters, servers: 2 * parameters.servers } };
  return findTruth(faster, WHAT_IF_LOAD, runs, seed).mean;
}

function judgeFit(
  host: ModelHost,
  fit: FitName,
  cells: readonly ModelCell[],
  truths: readonly Truth[],
  fasterMean: number | undefined,
): FitJudgement {
  const isFitted = ({ users }: Load) => (FITS[fit] as readonly number[]).includes(users);
  const start = performance.now();
  const model = fitModel(cells.filter(isFitted), { limitSeconds: LIMIT_SECONDS });
  const fitMilliseconds = performance.now() - start;
  const others = truths.filter(({ load }) => !isFitted(load) && load.users <= MOST_JUDGED[fit]);
  const predictions = predict(
    others.map(({ load }) => load),
    model.prediction,
  );
  const judged = predictions.map((prediction, index) => {
    const { mean, success, runs } = others[index] as Truth;
    const errorRatio = Math.abs(prediction.meanRoundTripSeconds / mean - 1);
    const successError = Math.abs(prediction.successRate - success);
    return {
      errorRatio,
      successError,
      meanCoverage: shareWithin(prediction.interval, runs, "mean"),
      successCoverage: shareWithin(prediction.successRateInterval, runs, "success"),
      isGood: errorRatio <= GOOD.errorRatio && successError <= GOOD.successError,
    };
  });
  const share = (of: (one: (typeof judged)[0]) => number) =>
    judged.reduce((sum, one) => sum + of(one), 0) / judged.length;
  const { low, high = Number.POSITIVE_INFINITY } = model.intervals.servers;
  const { servers } = host.parameters;
  return {
    host: host.name,
    fit,
    errorRatios: judged.map((one) => one.errorRatio),
    successErrors: judged.map((one) => one.successError),
    meanCoverage: share((one) => one.meanCoverage),
    successCoverage: share((one) => one.successCoverage),
    goodShare: share((one) => Number(one.isGood)),
    verdict: model.verdict.level,
    expectedShare: model.verdict.expectedShare,
    signs: model.verdict.signs,
    whatIf: fasterMean === undefined ? "not asked" : judgeWhatIf(model, host, truths, fasterMean),
    ...(!host.isBeyondModel && { holdsServers: low <= CLOSE * servers && servers <= CLOSE * high }),
    fitMilliseconds,
  };
}

/** Half a request of tolerance: a success rate of one run is a count. */
function shareWithin({ low, high }: Interval, runs: readonly RunFigures[], figure: keyof RunFigures): number {
  const hits = runs.filter((run) => run[figure] >= low - 1e-3 && run[figure] <= high + 1e-3);
  return hits.length / runs.length;
}

function judgeWhatIf(
  model: QueueingModel,
  host: ModelHost,
  truths: readonly Truth[],
  fasterMean: number,
): FitJudgement["whatIf"] {
  const before = truths.find(
    ({ load }) =>
      load.users === WHAT_IF_LOAD.users && load.thinkTimeSeconds === WHAT_IF_LOAD.thinkTimeSeconds,
  );
  const change = `servers=${2 * host.parameters.servers}`;
  const [to] = askWhatIf(model, change, [WHAT_IF_LOAD]).predictions;
  if (to === undefined) return "refused";
  const [from] = predict([WHAT_IF_LOAD], model.prediction) as [Prediction];
  const predicted = signOf(from.meanRoundTripSeconds, to.meanRoundTripSeconds);
  return predicted === signOf(before?.mean ?? 0, fasterMean) ? "right" : "wrong";
}

const signOf = (before: number, after: number) =>
  Math.abs(after / before - 1) < NO_CHANGE ? 0 : Math.sign(after - before);
