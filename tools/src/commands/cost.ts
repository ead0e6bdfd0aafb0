import type { Command } from "commander";
import { collect } from "./collect.ts";
import { positiveNumber } from "./numbers.ts";

export function registerCost(program: Command): void {
  program
    .command("cost")
    .argument("<results...>", "result folders")
    .description("Price 1000 valid responses in each cell, and find where a machine by the hour is cheaper")
    .option(
      "--price <name>",
      "a price in tools/prices, or a file of that form; repeatable (default: aws-lambda-x86, google-cloud-run, azure-functions, aws-m7g-large)",
      collect,
      [],
    )
    .option("--memory <MB>", "memory of a replica", positiveNumber, 1769)
    .option("--vcpus <n>", "vCPUs of a replica", positiveNumber, 1)
    .option("--goal <goal>", "only cells that pass it may be the cheapest: 'success>=0.99 and p95<2s'")
    .option("--json", "print JSON (schema slbench.cost/1)")
    .addHelpText(
      "after",
      `
Charges per use are for the durations that the function reported, rounded up as
the platform does, failed requests included. They hold for a platform on which
a request runs as long as in that cell: measure there, or take the cell with
one user. A machine by the hour is the one that was measured.

Prices have a date and a source. They change: compare them before you decide.

Examples:
  slbench cost results/paper-20260101-120000
  slbench cost results/a results/b --memory 3008 --vcpus 2 --goal 'p95<2s'
  slbench cost results/a --price aws-lambda-arm --price my-vm.json`,
    )
    .action(async (results: readonly string[], options: CostFlags) => {
      const { runCost } = await import("../cost/command.ts");
      const { memory, price, ...others } = options;
      await runCost(results, {
        ...others,
        memoryGb: memory / 1024,
        price: price.length > 0 ? price : DEFAULT_PRICES,
      });
    });
}

const DEFAULT_PRICES = ["aws-lambda-x86", "google-cloud-run", "azure-functions", "aws-m7g-large"];

interface CostFlags {
  readonly price: readonly string[];
  readonly memory: number;
  readonly vcpus: number;
  readonly goal?: string;
  readonly json?: boolean;
}
