import type { Command } from "commander";
import type { CompareOptions } from "../compare/command.ts";
import { collect } from "./collect.ts";
import { percentage } from "./numbers.ts";

export function registerCompare(program: Command): void {
  program
    .command("compare")
    .argument("<first>", "result folder to compare with, its summary.json, or a JMeter log")
    .argument("<others...>", "result folders (or summary.json files), or logs, to compare")
    .description("Compare results cell by cell, or logs label by label, with intervals")
    .option("--margin <percent>", "differences within it count as equivalent; default 10%", percentage)
    .option(
      "--fail-if <change>",
      "fail on this change: 'p95 slower 10%' (repeatable); sets the exit code",
      collect,
      [],
    )
    .option("--trend", "how each cell or label developed over all results, by their start")
    .option("--json", "print JSON (schema slbench.comparison/2, slbench.trend/1)")
    .option("--plots <format>", "plot the mean round trips: png, svg, pdf (comparison.pdf), or a file name")
    .addHelpText(
      "after",
      `
Differences between the environments (hosts, versions, backends, payloads) are
listed first: they can explain a difference in the results.

Compares runs, not single requests: requests of one run share its host. To show
a difference, both sides need repetitions, or other cells need them. Otherwise,
compare estimates how many more runs would show a difference of the margin.

A log is one run; a folder or a quoted pattern of logs has one run per log.
--trend compares the last result with all earlier ones together.

Changes for --fail-if: mean or p95 with slower or faster, throughput or success
with lower or higher. Changes of success are in percentage points.

Examples:
  slbench compare results/before results/after --plots both.png
  slbench compare baseline.json results/new --fail-if 'p95 slower 10%'
  slbench compare before.jtl after.jtl
  slbench compare results/* --trend

Exit codes:
  0 done, no --fail-if change shown; 1 failed, 2 wrong usage, 4 a --fail-if
  change is shown, 5 it is not decided: it needs more runs`,
    )
    .action(async (first: string, others: readonly string[], options: CompareOptions) => {
      const { runCompare } = await import("../compare/command.ts");
      await runCompare([first, ...others], options);
    });
}
