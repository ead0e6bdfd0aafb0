import type { Command } from "commander";

interface AnalyzeOptions {
  readonly json?: boolean;
  readonly cell: readonly string[];
  readonly columns?: string;
  readonly threshold: readonly string[];
}

const collect = (value: string, before: readonly string[]) => [...before, value];

export function registerAnalyze(program: Command): void {
  program
    .command("analyze [paths...]")
    .description(
      "Analyse a result folder, or JTL files of any JMeter: XML, CSV or gzip; folders, patterns, - for standard input",
    )
    .option("--json", "print summary.json instead of the table")
    .option("--cell <label>", "a file with its condition: users=8,think=0,path=FILE; repeatable", collect, [])
    .option(
      "--columns <names>",
      "columns of CSV logs without a header, with commas; else told from their rows",
    )
    .option("--threshold <rule>", "what each cell must keep: 'p95<2s'; repeatable", collect, [])
    .addHelpText(
      "after",
      `
Examples:
  slbench analyze results/quick-20260101-120000
  slbench analyze loadtest.jtl                     figures per label, for the log of any JMeter
  slbench analyze results/quick-… --threshold 'successRate>=0.99' --threshold 'cell(users=4).mean<1s'
  slbench analyze --json --cell users=7,think=0,path=seven.xml --cell users=8,think=0,path=eight.xml

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 incomplete data, 4 a threshold failed`,
    )
    .action(async (paths: readonly string[], options: AnalyzeOptions) => {
      const { runAnalyze } = await import("../analyze/command.ts");
      await runAnalyze(paths, options);
    });
}
