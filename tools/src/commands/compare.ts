import type { Command } from "commander";

export function registerCompare(program: Command): void {
  program
    .command("compare <first> <others...>")
    .description("Hold result folders against the first: cells side by side, differences with intervals")
    .option("--json", "everything as JSON (schema slbench.comparison/2)")
    .option(
      "--plots <format>",
      "draw their mean round trips over each other: png, svg, pdf (comparison.pdf), or a file name",
    )
    .addHelpText(
      "after",
      `
What would make the comparison unfair (other hosts, versions, backends, frames) is said before any number.
Means are compared by bootstrap over clients, 95%: "no difference shown" is not "the same".

Example:
  slbench compare results/before results/after --plots both.png`,
    )
    .action(async (first: string, others: readonly string[], options: { json?: boolean; plots?: string }) => {
      const { runCompare } = await import("../compare/command.ts");
      await runCompare([first, ...others], options);
    });
}
