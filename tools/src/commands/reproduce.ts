import type { Command } from "commander";
import type { ReproduceOptions } from "../reproduce/command.ts";
import { positiveInteger } from "./numbers.ts";
import { type WatchFlags, watched } from "./watched.ts";

export function registerReproduce(program: Command): void {
  program
    .command("reproduce")
    .argument("<archive>", "archive of slbench pack, or a result folder")
    .description("Measure few cells of a result on this machine and carry its whole curve over")
    .option("--experiment <file>", "experiment to run here, with its payloads (default: the archive's)")
    .option("--users <list>", "numbers of users to measure: 1,6 (default: 1 and half of the most)")
    .option("--repetitions <n>", "runs of each cell", positiveInteger, 3)
    .option("--out <dir>", "folder for the result folder (default: results)")
    .option("--watch", "serve a live page of the run on this machine")
    .option("--json", "print JSON (schema slbench.reproduction/1)")
    .addHelpText(
      "after",
      `
If a light and a heavy cell are slower or faster by the same factor, the whole
curve has the same shape, and the queueing model predicts the other cells on
this machine. If not, the machines differ by more than their speed, such as in
their number of cores, and the predictions are no more than a guess.

Archives contain no payloads: give your own --experiment if it names files.

Examples:
  slbench reproduce paper.tar.gz
  slbench reproduce paper.tar.gz --experiment mine.yaml --users 1,4
  slbench reproduce results/paper-20260101-120000 --json`,
    )
    .action(async (archive: string, options: ReproduceFlags) => {
      const { runReproduce } = await import("../reproduce/command.ts");
      const { parseUsers } = await import("../reproduce/parse-users.ts");
      const { watch: _, users, ...others } = options;
      const wanted = users === undefined ? undefined : parseUsers(users);
      await watched(options, "reproduce", archive, async (progress) => {
        await runReproduce(archive, { ...others, ...(wanted !== undefined && { users: wanted }) }, progress);
        return undefined;
      });
    });
}

interface ReproduceFlags extends Omit<ReproduceOptions, "users">, Pick<WatchFlags, "watch"> {
  readonly users?: string;
}
