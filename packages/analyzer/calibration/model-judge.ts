import { CLOSE } from "../src/queueing/asking/predict.ts";
import { findLoadSigns, findSigns, type ReliabilitySigns } from "../src/queueing/assessing/reliability.ts";
import {
  askWhatIf,
  fitModel,
  type ModelCell,
  type Prediction,
  predict,
  proposeNextCell,
  type QueueingModel,
} from "../src/queueing/index.ts";
import { average } from "../src/queueing/numeric/average.ts";
import { asOneStation } from "../src/queueing/station/parameters.ts";
import type { ModelHost } from "./model-hosts.ts";
import { LIMIT_SECONDS, LOADS, type Load, manyRuns, measureCell, type RunFigures } from "./model-runs.ts";
import { findOpenTruths, judgeOpenLoops, type OpenJudgement } from "./open-loops.ts";
import { mixSeed } from "./seeds.ts";
import { shareWithin } from "./share-within.ts";

/** Which cells a fit gets: those with few users, or some over the whole range. */
export const FITS = {
  low: [1, 2, 3, 4],
  spread: [1, 3, 5, 9],
} as const;
export type FitName = keyof typeof FITS;

/** Predictions are judged up to twice the most fitted users, as the verdict says. */
const MOST_JUDGED = { low: 8, spread: 18 } as const;

/** A fit is good if nearly all of its predictions are within these errors of the truth. */
export const GOOD = { share: 0.9, errorRatio: CLOSE.meanRatio, successError: CLOSE.successRate } as const;

/** An interval that misses the true number by less than this factor holds it: it may lie on the edge of what is possible. */
const EDGE = 1.01;
/** A what-if is right if it has the sign of the true change; changes below this share count as none. */
const NO_CHANGE = 0.03;
/** The what-if is asked at this load. */
const WHAT_IF_LOAD: Load = { users: 6, thinkTimeSeconds: 0 };

/** How a fit predicted the cells that it did not see. */
export interface VerdictJudgement {
  readonly host: string;
  readonly fit: FitName;
  readonly predictions: readonly JudgedPrediction[];
  /** Share of predictions that are within 10% (mean) and 0.10 (success). */
  readonly goodShare: number;
  /** Of each load that the verdict is about, measured or not. */
  readonly loadSigns: readonly ReliabilitySigns[];
  readonly verdict: QueueingModel["verdict"]["level"];
  /** The share of predictions within 10% that the verdict expects, and how likely at least 90% of them are. */
  readonly expectedShare: number;
  readonly mostRight: number;
}

export interface JudgedPrediction {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  /** |predicted ÷ true − 1| of the mean. */
  readonly errorRatio: number;
  readonly successError: number;
  /** Share of new runs within the 95% interval. */
  readonly meanCoverage: number;
  readonly successCoverage: number;
  readonly isGood: boolean;
  readonly signs: ReliabilitySigns;
}

/** The same, and how the fit answered other questions. */
export interface FitJudgement extends VerdictJudgement {
  readonly whatIf: "right" | "wrong" | "refused" | "not asked";
  /** Whether the 95% interval of the servers contains the true number; undefined beyond the model. */
  readonly holdsServers?: boolean;
  /** Errors of the means after the cell was measured too that the fit proposed; only for few users. */
  readonly errorRatiosWithNext?: readonly number[];
  /** Only for fits to the whole range. */
  readonly openLoops?: readonly OpenJudgement[];
}

/** The true figures of a host under a load: those of very many runs. */
interface Truth {
  readonly load: Load;
  readonly mean: number;
  readonly success: number;
  readonly runs: readonly RunFigures[];
}

/** One experiment, and the truth. */
interface Experiment {
  readonly host: ModelHost;
  readonly seed: number;
  readonly cells: readonly ModelCell[];
  readonly truths: readonly Truth[];
}

/** Measures one experiment on a simulated host, fits it in two ways, and compares the predictions with the truth. */
export function judgeHost(host: ModelHost, truthRuns: number, seed: number): readonly FitJudgement[] {
  const experiment = measure(host, truthRuns, seed);
  const fasterMean = whatIfTruth(host, truthRuns, mixSeed(seed, 3));
  const openTruths = findOpenTruths(host, truthRuns, mixSeed(seed, 4));
  return fitEach(experiment, (fit, model) => ({
    ...judgeVerdict(experiment, fit, model),
    whatIf: fasterMean === undefined ? "not asked" : judgeWhatIf(model, experiment, fasterMean),
    ...(!host.isBeyondModel && { holdsServers: holdsServers(model, host) }),
    ...(fit === "low" && { errorRatiosWithNext: errorsWithNext(experiment, fit, model) }),
    ...(fit === "spread" && { openLoops: judgeOpenLoops(model, openTruths) }),
  }));
}

/** As judgeHost(), but only what the verdict learns from. */
export function judgeVerdicts(host: ModelHost, truthRuns: number, seed: number): readonly VerdictJudgement[] {
  const experiment = measure(host, truthRuns, seed);
  return fitEach(experiment, (fit, model) => judgeVerdict(experiment, fit, model));
}

function measure(host: ModelHost, truthRuns: number, seed: number): Experiment {
  return {
    ...{ host, seed },
    cells: LOADS.map((load, index) => measureCell(host, load, mixSeed(seed, 1, index))),
    truths: LOADS.map((load, index) => findTruth(host, load, truthRuns, mixSeed(seed, 2, index))),
  };
}

const isFitted = (fit: FitName, { users }: Load) => (FITS[fit] as readonly number[]).includes(users);
const fittedCells = ({ cells }: Experiment, fit: FitName) => cells.filter((cell) => isFitted(fit, cell));
const othersOf = ({ truths }: Experiment, fit: FitName) =>
  truths.filter(({ load }) => !isFitted(fit, load) && load.users <= MOST_JUDGED[fit]);

const fitEach = <T>(experiment: Experiment, judge: (fit: FitName, model: QueueingModel) => T): readonly T[] =>
  (Object.keys(FITS) as FitName[]).map((fit) =>
    judge(fit, fitModel(fittedCells(experiment, fit), { limitSeconds: LIMIT_SECONDS })),
  );

function findTruth(host: ModelHost, load: Load, count: number, seed: number): Truth {
  const runs = manyRuns(host, load, count, seed);
  return {
    ...{ load, runs },
    mean: average(runs.map((run) => run.mean)),
    success: average(runs.map((run) => run.success)),
  };
}

function whatIfTruth(host: ModelHost, runs: number, seed: number): number | undefined {
  if (host.isBeyondModel) return undefined;
  const { parameters } = host;
  const { servers, other } = parameters;
  const faster = {
    ...host,
    parameters: {
      ...parameters,
      servers: 2 * servers,
      ...(other !== undefined && { other: { ...other, servers: 2 * other.servers } }),
    },
  };
  return findTruth(faster, WHAT_IF_LOAD, runs, seed).mean;
}

function judgeVerdict(experiment: Experiment, fit: FitName, model: QueueingModel): VerdictJudgement {
  const others = othersOf(experiment, fit);
  const loads = others.map(({ load }) => load);
  const predictions = predict(loads, model.prediction).map((prediction, index): JudgedPrediction => {
    const { mean, success, runs } = others[index] as Truth;
    const errorRatio = Math.abs(prediction.meanRoundTripSeconds / mean - 1);
    const successError = Math.abs(prediction.successRate - success);
    return {
      ...{ users: prediction.users, thinkTimeSeconds: prediction.thinkTimeSeconds },
      ...{ errorRatio, successError },
      meanCoverage: shareWithin(prediction.interval, runs, "mean"),
      successCoverage: shareWithin(prediction.successRateInterval, runs, "success"),
      isGood: errorRatio <= GOOD.errorRatio && successError <= GOOD.successError,
      signs: findSigns(model, prediction),
    };
  });
  const { level, expectedShare, mostRight } = model.verdict;
  return {
    ...{ host: experiment.host.name, fit, predictions, verdict: level, expectedShare, mostRight },
    loadSigns: findLoadSigns(model),
    goodShare: average(predictions.map(({ isGood }) => Number(isGood))),
  };
}

function holdsServers({ intervals, stations }: QueueingModel, { parameters }: ModelHost): boolean {
  const one = asOneStation(parameters);
  // Two stations count a delay as demand, with as many more servers.
  const servers = stations?.isChosen ? one.servers * (1 + one.delaySeconds / one.demandSeconds) : one.servers;
  const { low, high = Number.POSITIVE_INFINITY } = intervals.servers;
  return low <= EDGE * servers && servers <= EDGE * high;
}

/** Measures the cell that the fit proposes, and predicts the same cells again. */
function errorsWithNext(experiment: Experiment, fit: FitName, model: QueueingModel): readonly number[] {
  const next = proposeNextCell(model);
  if (next === undefined) return [];
  const { users, thinkTimeSeconds } = next;
  const cell = measureCell(experiment.host, { users, thinkTimeSeconds }, mixSeed(experiment.seed, 5));
  const { prediction } = fitModel([...fittedCells(experiment, fit), cell], { limitSeconds: LIMIT_SECONDS });
  const others = othersOf(experiment, fit);
  const loads = others.map(({ load }) => load);
  return predict(loads, prediction).map(({ meanRoundTripSeconds }, index) =>
    Math.abs(meanRoundTripSeconds / (others[index] as Truth).mean - 1),
  );
}

function judgeWhatIf(
  model: QueueingModel,
  { host, truths }: Experiment,
  fasterMean: number,
): FitJudgement["whatIf"] {
  const before = truths.find(
    ({ load }) =>
      load.users === WHAT_IF_LOAD.users && load.thinkTimeSeconds === WHAT_IF_LOAD.thinkTimeSeconds,
  );
  const change = host.reports ? "servers*2" : `servers=${2 * asOneStation(host.parameters).servers}`;
  const [to] = askWhatIf(model, change, [WHAT_IF_LOAD]).predictions;
  if (to === undefined) return "refused";
  const [from] = predict([WHAT_IF_LOAD], model.prediction) as [Prediction];
  const predicted = signOf(from.meanRoundTripSeconds, to.meanRoundTripSeconds);
  return predicted === signOf(before?.mean ?? 0, fasterMean) ? "right" : "wrong";
}

const signOf = (before: number, after: number) =>
  Math.abs(after / before - 1) < NO_CHANGE ? 0 : Math.sign(after - before);
