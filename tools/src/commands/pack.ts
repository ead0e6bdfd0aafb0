import type { Command } from "commander";

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

export function registerVerify(program: Command): void {
  program
    .command("verify <archive>")
    .description(
      "Check an archive of slbench pack: every file's hash, and whether its logs give its figures and report again",
    )
    .addHelpText(
      "after",
      "\nExample:\n  slbench verify paper.tar.gz\n\nExit codes: 0 all as it was and made again, 1 not so, 2 no archive of slbench pack",
    )
    .action(async (archive: string) => {
      const { verifyArchive } = await import("../pack/verify.ts");
      const { files, faults, differences, remade, notCompared } = await verifyArchive(archive);
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
