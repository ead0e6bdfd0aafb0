import { CHANGE_USERS, countIndependent, countPlaced, countSteps } from "./changes.ts";
import { countExperiment, type Truths } from "./experiment.ts";
import { MODEL_HOSTS, type ModelHost } from "./model-hosts.ts";
import { type FitJudgement, judgeHost, judgeVerdicts, type VerdictJudgement } from "./model-judge.ts";
import { judgePlatform, type PlatformJudgement } from "./platform-judge.ts";
import { changingHost, SCENARIOS } from "./scenarios.ts";
import { mixSeed } from "./seeds.ts";
import { type Counts, Tally } from "./tally.ts";
import { drawTrainingHost } from "./training-hosts.ts";
import { findTruth } from "./truth.ts";

/** A part of the suite for one thread. All fields survive structured cloning. */
export type Task =
  | { readonly kind: "truths"; readonly scenario: number; readonly runs: number; readonly seed: number }
  | {
      readonly kind: "experiments";
      readonly scenario: number;
      readonly truths: Truths | undefined;
      readonly from: number;
      readonly to: number;
      readonly seed: number;
    }
  | { readonly kind: "changes"; readonly from: number; readonly to: number; readonly seed: number }
  | {
      readonly kind: "model";
      /** Of model-hosts.ts, or the number of a host drawn for training. */
      readonly host: number;
      readonly isTraining: boolean;
      readonly truthRuns: number;
      readonly seed: number;
    }
  | {
      readonly kind: "platform";
      readonly scenario: number;
      readonly truthRuns: number;
      readonly seed: number;
    };

export interface TaskResult {
  readonly truths?: Truths;
  readonly counts: Counts;
  /** Of the model, if the task was to judge it. */
  readonly judgements?: readonly FitJudgement[];
  /** Of autoscaled replicas, if the task was to judge them. */
  readonly platform?: PlatformJudgement;
  /** Of a host drawn for training. */
  readonly verdicts?: readonly VerdictJudgement[];
}

/** Parts of the suite that must not share random numbers. */
const TRUTH_PART = 1;
const EXPERIMENT_PART = 2;
const CHANGE_PART = 3;
/** Users of the host that becomes 27% faster. */
const PLACED_USERS = 7;

export function runTask(task: Task): TaskResult {
  const tally = new Tally();
  if (task.kind === "truths") {
    const truths = findTruths(task.scenario, task.runs, task.seed);
    return { counts: tally.counts, ...(truths !== undefined && { truths }) };
  }
  if (task.kind === "model") return { counts: tally.counts, ...judgeModelTask(task) };
  if (task.kind === "platform")
    return { counts: tally.counts, platform: judgePlatform(task.scenario, task.truthRuns, task.seed) };
  for (let index = task.from; index < task.to; index++) {
    if (task.kind === "experiments") {
      const seed = mixSeed(task.seed, EXPERIMENT_PART, task.scenario, index);
      countExperiment(tally, scenarioAt(task.scenario), task.truths, seed);
    } else {
      const seed = mixSeed(task.seed, CHANGE_PART, index);
      for (const users of CHANGE_USERS) {
        countIndependent(tally, users, mixSeed(seed, users));
        countSteps(tally, changingHost(users), mixSeed(seed, users, 1));
      }
      countPlaced(tally, changingHost(PLACED_USERS), mixSeed(seed, 0));
    }
  }
  return { counts: tally.counts };
}

function judgeModelTask({
  host,
  isTraining,
  truthRuns,
  seed,
}: Task & { kind: "model" }): Pick<TaskResult, "judgements" | "verdicts"> {
  if (isTraining) return { verdicts: judgeVerdicts(drawTrainingHost(host), truthRuns, seed) };
  return { judgements: judgeHost(MODEL_HOSTS[host] as ModelHost, truthRuns, seed) };
}

function findTruths(scenario: number, runs: number, seed: number): Truths | undefined {
  const own = mixSeed(seed, TRUTH_PART, scenario);
  const overRuns = findTruth(scenarioAt(scenario), { runs, seed: mixSeed(own, 1) });
  const ofOneRun = findTruth(scenarioAt(scenario), { runs, seed: mixSeed(own, 2), speed: 1 });
  return overRuns && ofOneRun && { overRuns, ofOneRun };
}

function scenarioAt(index: number) {
  const scenario = SCENARIOS[index];
  if (scenario === undefined) throw new RangeError(`there is no scenario ${index}`);
  return scenario;
}
