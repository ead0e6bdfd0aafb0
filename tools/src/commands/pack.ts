import type { Command } from "commander";
import { positiveInteger, positiveNumber } from "./numbers.ts";

export function registerPack(program: Command): void {
  program
    .command("pack <result>")
    .description("Pack a result folder into one archive that others can check: data, plans, figures, SHA-256")
    .option("--out <file>", "the archive (default: <result>.tar.gz)")
    .addHelpText("after", "\nExample:\n  slbench pack results/paper-20260101-120000 --out paper.tar.gz")
    .action(async (result: string, options: { readonly out?: string }) => {
      const { packResult } = await import("../pack/pack.ts");
      process.stdout.write(`${await packResult(result, options.out)}\n`);
    });
}

/** Of docs/data-formats.md, "Archives"; pack/unpack.ts, loaded with the command, has the same. */
const DEFAULTS = { maxSize: 4000, maxFiles: 50_000, maxRatio: 200, maxTime: 600 };

export function registerVerify(program: Command): void {
  program
    .command("verify <archive>")
    .description(
      "Check an archive of slbench pack: every file's hash, and whether its logs give its figures and report again",
    )
    .option("--max-size <MB>", "unpack at most this many megabytes", positiveNumber, DEFAULTS.maxSize)
    .option(
      "--max-files <count>",
      "unpack at most this many files and folders",
      positiveInteger,
      DEFAULTS.maxFiles,
    )
    .option(
      "--max-ratio <ratio>",
      "unpack at most this many times the archive's size",
      positiveNumber,
      DEFAULTS.maxRatio,
    )
    .option("--max-time <seconds>", "stop after this time", positiveNumber, DEFAULTS.maxTime)
    .addHelpText(
      "after",
      `
Example:
  slbench verify paper.tar.gz

An archive may come from anybody: only regular files and folders are unpacked, into a temporary folder, and nothing
is written elsewhere. Links, devices, pipes, names that leave the folder or come twice are refused.

Exit codes: 0 all as it was and made again, 1 not so or refused, 2 no archive of slbench pack, 3 disk full or the like`,
    )
    .action(async (archive: string, options: typeof DEFAULTS) => {
      const { verifyArchive } = await import("../pack/verify.ts");
      const { files, faults, differences, remade, notCompared } = await verifyArchive(archive, {
        maxBytes: options.maxSize * 1e6,
        maxFiles: options.maxFiles,
        maxRatio: options.maxRatio,
        maxSeconds: options.maxTime,
      });
      for (const fault of faults) process.stdout.write(`FAILED  ${fault}\n`);
      for (const difference of differences) process.stdout.write(`DIFFERS ${difference}\n`);
      for (const one of notCompared) process.stdout.write(`NOT COMPARED ${one}\n`);
      process.stdout.write(
        faults.length + differences.length === 0
          ? `ok: ${files} files have the hashes that SHA256SUMS lists, and the raw logs give ${remade.join(", ")} again\nNot checked: whether the logs, and what run.json says of hosts and versions, are what was measured\n`
          : `${faults.length} of ${files} files are not as they were packed; ${differences.length} figures or files differ\n`,
      );
      if (faults.length + differences.length > 0) process.exitCode = 1;
    });
}
