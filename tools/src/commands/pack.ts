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
      "Check an archive of slbench pack: every file's hash, and whether its logs give its figures again",
    )
    .addHelpText(
      "after",
      "\nExample:\n  slbench verify paper.tar.gz\n\nExit codes: 0 all as it was and every figure again, 1 not so",
    )
    .action(async (archive: string) => {
      const { verifyArchive } = await import("../pack/verify.ts");
      const { files, faults, differences } = await verifyArchive(archive);
      for (const fault of faults) process.stdout.write(`FAILED  ${fault}\n`);
      for (const difference of differences) process.stdout.write(`DIFFERS ${difference}\n`);
      process.stdout.write(
        faults.length + differences.length === 0
          ? `ok: ${files} files are as they were packed, and every figure comes out again\n`
          : `${faults.length} of ${files} files are not as they were packed; ${differences.length} figures differ\n`,
      );
      if (faults.length + differences.length > 0) process.exitCode = 1;
    });
}
