import { SCENARIOS } from "./scenarios.ts";
import { type Counts, Tally } from "./tally.ts";
import type { Task, TaskResult } from "./tasks.ts";

export interface SuiteSize {
  readonly seed: number;
  /** Runs of which each truth is the mean. */
  readonly truthRuns: number;
  /** Simulated experiments of each scenario. */
  readonly experiments: number;
  /** Simulated runs with a step, for each number of users. */
  readonly changes: number;
  /** Indexes of scenarios.ts; absent: all. */
  readonly scenarios?: readonly number[];
}

export const FULL: SuiteSize = { seed: 18, truthRuns: 1000, experiments: 300, changes: 500 };

export interface SuiteResult {
  /** Of each scenario by its name, in the order of scenarios.ts. */
  readonly scenarios: ReadonlyMap<string, Counts>;
  readonly changes: Counts;
}

/** Does tasks in any order and gives their results in the order of the tasks. */
export type RunTasks = (tasks: readonly Task[]) => Promise<readonly TaskResult[]>;

/** Experiments of one task: enough that handing it over costs nothing, few enough that threads end together. */
const PER_TASK = 25;

/** Runs the whole suite: first what is true, then how often the claims hold. */
export async function runSuite(size: SuiteSize, runTasks: RunTasks): Promise<SuiteResult> {
  const { seed, truthRuns, experiments } = size;
  const indexes = size.scenarios ?? SCENARIOS.map((_, index) => index);
  const truths = await runTasks(
    indexes.map((scenario) => ({ kind: "truths", scenario, runs: truthRuns, seed })),
  );
  const changeTasks = chunks(size.changes).map((chunk): Task => ({ kind: "changes", seed, ...chunk }));
  const experimentTasks = indexes.flatMap((scenario, index) =>
    chunks(experiments).map(
      (chunk): Task => ({ kind: "experiments", scenario, truths: truths[index]?.truths, seed, ...chunk }),
    ),
  );
  const tasks = [...changeTasks, ...experimentTasks];
  const results = await runTasks(tasks);

  const changes = new Tally();
  const scenarios = new Map(indexes.map((index) => [nameOf(index), new Tally()]));
  for (const [index, task] of tasks.entries()) {
    const tally = task.kind === "experiments" ? scenarios.get(nameOf(task.scenario)) : changes;
    tally?.addAll((results[index] as TaskResult).counts);
  }
  return {
    scenarios: new Map([...scenarios].map(([name, tally]) => [name, tally.counts])),
    changes: changes.counts,
  };
}

const nameOf = (index: number) => SCENARIOS[index]?.name ?? "";

function chunks(count: number): readonly { readonly from: number; readonly to: number }[] {
  return Array.from({ length: Math.ceil(count / PER_TASK) }, (_, index) => ({
    from: index * PER_TASK,
    to: Math.min(count, (index + 1) * PER_TASK),
  }));
}
