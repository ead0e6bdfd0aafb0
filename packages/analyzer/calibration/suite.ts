import { SCENARIOS } from "./scenarios.ts";
import { type Counts, Tally } from "./tally.ts";
import type { Task, TaskResult } from "./tasks.ts";

export interface SuiteSize {
  readonly seed: number;
  /** Simulated runs that each true figure is averaged over. */
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
  /** By the scenario's name, in the order of scenarios.ts. */
  readonly scenarios: ReadonlyMap<string, Counts>;
  readonly changes: Counts;
}

/** Runs tasks in any order and returns their results in the order of the tasks. */
export type RunTasks = (tasks: readonly Task[]) => Promise<readonly TaskResult[]>;

/** Experiments per task: enough to make the hand-over cheap, few enough that the threads finish together. */
const PER_TASK = 25;

/** Runs the whole suite: first finds the true figures, then counts how often the claims hold. */
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
