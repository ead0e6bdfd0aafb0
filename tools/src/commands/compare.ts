import type { Command } from "commander";

export function registerCompare(program: Command): void {
  program
    .command("compare")
    .argument("<first>", "result folder to compare with")
    .argument("<others...>", "result folders to compare")
    .description("Compare result folders cell by cell, with confidence intervals")
    .option("--json", "print JSON (schema slbench.comparison/2)")
    .option("--plots <format>", "plot the mean round trips: png, svg, pdf (comparison.pdf), or a file name")
    .addHelpText(
      "after",
      `
Differences between the environments (hosts, versions, backends, payloads) are
listed first: they can explain a difference in the results. Means are compared
with a 95% bootstrap interval over virtual users. "No difference shown" does not
mean that the results are equal.

Example:
  slbench compare results/before results/after --plots both.png`,
    )
    .action(async (first: string, others: readonly string[], options: { json?: boolean; plots?: string }) => {
      const { runCompare } = await import("../compare/command.ts");
      await runCompare([first, ...others], options);
    });
}
