import type { Command } from "commander";
import { positiveInteger, positiveNumber } from "./numbers.ts";

export function registerPack(program: Command): void {
  program
    .command("pack")
    .argument("<result>", "result folder")
    .description("Pack a result folder into an archive that others can verify")
    .option("--out <file>", "archive to write (default: <result>.tar.gz in this folder)")
    .addHelpText(
      "after",
      `
The archive contains the logs, plans, figures and report with their SHA-256.

Example:
  slbench pack results/paper-20260101-120000 --out paper.tar.gz`,
    )
    .action(async (result: string, options: { readonly out?: string }) => {
      const { packResult } = await import("../pack/pack.ts");
      process.stdout.write(`${await packResult(result, options.out)}\n`);
    });
}

/** As in pack/unpack.ts, which is loaded only with the command; see "Archives" in docs/data-formats.md. */
const DEFAULTS = { maxSize: 4000, maxFiles: 50_000, maxRatio: 200, maxTime: 600 };

export function registerVerify(program: Command): void {
  program
    .command("verify")
    .argument("<archive>", "archive written by slbench pack")
    .description("Check that an archive is unchanged and its logs reproduce its figures")
    .option("--max-size <MB>", "maximum unpacked size", positiveNumber, DEFAULTS.maxSize)
    .option("--max-files <count>", "maximum number of files and folders", positiveInteger, DEFAULTS.maxFiles)
    .option(
      "--max-ratio <ratio>",
      "maximum ratio of unpacked to packed size",
      positiveNumber,
      DEFAULTS.maxRatio,
    )
    .option("--max-time <seconds>", "maximum duration", positiveNumber, DEFAULTS.maxTime)
    .option("--json", "print JSON (schema slbench.verification/1)")
    .addHelpText(
      "after",
      `
Example:
  slbench verify paper.tar.gz

Archives are not trusted: slbench unpacks only regular files and folders into a
temporary folder. It rejects links, devices, pipes, duplicate names and paths
that leave the folder.

Exit codes:
  0 verified, 1 changed or rejected, 2 not an archive of slbench pack,
  3 system error such as a full disk`,
    )
    .action(async (archive: string, options: typeof DEFAULTS & { readonly json?: boolean }) => {
      const { verifyArchive } = await import("../pack/verify.ts");
      const verified = await verifyArchive(archive, {
        maxBytes: options.maxSize * 1e6,
        maxFiles: options.maxFiles,
        maxRatio: options.maxRatio,
        maxSeconds: options.maxTime,
      });
      const { files, faults, differences, remade, notCompared } = verified;
      if (faults.length + differences.length > 0) process.exitCode = 1;
      if (options.json === true) {
        const isSame = faults.length + differences.length === 0;
        const record = { schema: "slbench.verification/1", verified: isSame, ...verified };
        process.stdout.write(`${JSON.stringify(record, undefined, 2)}\n`);
        return;
      }
      for (const fault of faults) process.stdout.write(`FAILED  ${fault}\n`);
      for (const difference of differences) process.stdout.write(`DIFFERS ${difference}\n`);
      for (const one of notCompared) process.stdout.write(`NOT COMPARED ${one}\n`);
      process.stdout.write(
        faults.length + differences.length === 0
          ? `ok: ${files} files match SHA256SUMS, and the raw logs reproduce ${remade.join(", ")}\nNot checked: whether the logs and the hosts and versions in run.json are genuine\n`
          : `${faults.length} of ${files} files were changed since they were packed; ${differences.length} figures or files differ\n`,
      );
    });
}
