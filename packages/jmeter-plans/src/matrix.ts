import type { Experiment } from "./experiment.ts";

/** One condition of an experiment, once. */
export interface Cell {
  /** `u04-t1-r1`: users, think time in seconds, repetition. */
  readonly name: string;
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly repetition: number;
}

/** All cells, as written: repetition by repetition, think time by think time, users ascending as given. */
export function experimentCells(experiment: Experiment): readonly Cell[] {
  const { users, thinkTimeSeconds, repetitions } = experiment.load;
  const digits = Math.max(2, ...users.map((count) => String(count).length));
  return Array.from({ length: repetitions }, (_, index) => index + 1).flatMap((repetition) =>
    thinkTimeSeconds.flatMap((think) =>
      users.map((count) => ({
        name: `u${String(count).padStart(digits, "0")}-t${String(think).replace(".", "_")}-r${repetition}`,
        users: count,
        thinkTimeSeconds: think,
        repetition,
      })),
    ),
  );
}
