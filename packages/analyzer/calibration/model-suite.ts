import { MODEL_HOSTS } from "./model-hosts.ts";
import type { FitJudgement, VerdictJudgement } from "./model-judge.ts";
import type { PlatformJudgement } from "./platform-judge.ts";
import { PLATFORM_SCENARIOS } from "./platform-scenarios.ts";
import { mixSeed } from "./seeds.ts";
import type { RunTasks } from "./suite.ts";
import type { Task } from "./tasks.ts";

export interface ModelSuiteSize {
  readonly seed: number;
  /** Experiments of each host. */
  readonly experiments: number;
  /** Simulated runs that each true figure is averaged over. */
  readonly truthRuns: number;
  /** Indexes of model-hosts.ts; absent: all. */
  readonly hosts?: readonly number[];
}

export const FULL_MODEL: ModelSuiteSize = { seed: 21, experiments: 5, truthRuns: 200 };

/** Hosts drawn at random that the verdict learns from, with one experiment each. */
export const TRAINING = { seed: 5, hosts: 240, truthRuns: 50 } as const;

/** Fits and judges the hosts drawn for training. */
export async function runTraining(
  { seed, hosts, truthRuns }: { readonly seed: number; readonly hosts: number; readonly truthRuns: number },
  runTasks: RunTasks,
): Promise<readonly VerdictJudgement[]> {
  const tasks = Array.from(
    { length: hosts },
    (_, host): Task => ({ kind: "model", host, isTraining: true, truthRuns, seed: mixSeed(seed, host, 0) }),
  );
  const results = await runTasks(tasks);
  return results.flatMap(({ verdicts }) => verdicts ?? []);
}

/** Judges the model on every host, in the order of the hosts. */
export async function runModelSuite(
  { seed, experiments, truthRuns, hosts }: ModelSuiteSize,
  runTasks: RunTasks,
): Promise<readonly FitJudgement[]> {
  const tasks = (hosts ?? MODEL_HOSTS.map((_, index) => index)).flatMap((host) =>
    Array.from(
      { length: experiments },
      (_, index): Task => ({
        ...{ kind: "model", host, isTraining: false, truthRuns },
        seed: mixSeed(seed, host, index),
      }),
    ),
  );
  const results = await runTasks(tasks);
  return results.flatMap(({ judgements }) => judgements ?? []);
}

/** Another part of the random numbers than the hosts'. */
const PLATFORM_PART = 1000;

/** Judges the predictions of autoscaled replicas on every platform. */
export async function runPlatformSuite(
  { seed, experiments, truthRuns }: ModelSuiteSize,
  runTasks: RunTasks,
): Promise<readonly PlatformJudgement[]> {
  const tasks = PLATFORM_SCENARIOS.flatMap((_, scenario) =>
    Array.from(
      { length: experiments },
      (_, index): Task => ({
        kind: "platform",
        ...{ scenario, truthRuns, seed: mixSeed(seed, PLATFORM_PART + scenario, index) },
      }),
    ),
  );
  const results = await runTasks(tasks);
  return results.flatMap(({ platform }) => platform ?? []);
}
