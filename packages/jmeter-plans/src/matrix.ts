import { type Condition, cellFolderName } from "@slbench/client/condition";
import type { Experiment } from "./experiment.ts";

/** One condition of an experiment, once. */
export interface Cell extends Condition {
  /** `u04-t1-r1`: users, think time in seconds, repetition; as its folder is called. */
  readonly name: string;
  readonly repetition: number;
}

/** All cells, as written: repetition by repetition, think time by think time, users ascending as given. */
export function experimentCells(experiment: Experiment): readonly Cell[] {
  const { users, thinkTimeSeconds, repetitions } = experiment.load;
  return Array.from({ length: repetitions }, (_, index) => index + 1).flatMap((repetition) =>
    thinkTimeSeconds.flatMap((think) =>
      users.map((count) => ({
        name: cellFolderName({ users: count, thinkTimeSeconds: think }, repetition),
        users: count,
        thinkTimeSeconds: think,
        repetition,
      })),
    ),
  );
}
