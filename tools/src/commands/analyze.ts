import { type Command, Option } from "commander";
import { PICTURE_FORMATS, type PictureFormat } from "../picture.ts";
import { collect } from "./collect.ts";

interface AnalyzeOptions {
  readonly json?: boolean;
  readonly cell: readonly string[];
  readonly columns?: string;
  readonly threshold: readonly string[];
  readonly by?: string;
  readonly percentiles?: string;
  readonly filter?: string;
  readonly cutRamp?: boolean;
  readonly requests?: string;
  readonly plots?: PictureFormat;
  readonly dashboard?: boolean;
}

export function registerAnalyze(program: Command): void {
  program
    .command("analyze [paths...]")
    .description(
      "Analyse a result folder, JTL files of any JMeter (XML, CSV, gzip), or clients' journals; folders, patterns, - for standard input",
    )
    .option("--json", "print summary.json instead of the table")
    .option("--cell <label>", "a file with its condition: users=8,think=0,path=FILE; repeatable", collect, [])
    .option(
      "--columns <names>",
      "columns of CSV logs without a header, with commas; else told from their rows",
    )
    .option(
      "--threshold <rule>",
      "what each cell must keep: 'success>=0.99 and p95<2s'; repeatable",
      collect,
      [],
    )
    .option("--by <group>", "figures per cell, label, worker, user, frame or minute")
    .option("--percentiles <numbers>", "which percentiles to show: 50,90,99.9")
    .option("--filter <expression>", "only requests that match: 'users=4 and outcome=ok'")
    .option("--cut-ramp", "only the time in which all users of a cell, or all threads of a log, were active")
    .option("--requests <format>", "write one row per request: csv (requests.csv) or arrow (requests.arrow)")
    .addOption(
      new Option("--plots <format>", "write a result folder's figures as files for a paper").choices(
        PICTURE_FORMATS,
      ),
    )
    .option("--dashboard", "have JMeter make its own dashboard of each cell too")
    .addHelpText(
      "after",
      `
Examples:
  slbench analyze results/quick-20260101-120000
  slbench analyze loadtest.jtl                     figures per label, for the log of any JMeter
  slbench analyze 'journals/*.jsonl'               what clients left that were started by hand
  slbench analyze loadtest.jtl --by minute --filter 'label=login and worker!=10.0.0.1' --cut-ramp
  slbench analyze results/quick-… --threshold 'success>=0.99' --threshold 'cell(users=4).mean<1s'
  slbench analyze results/quick-… --by minute --percentiles 50,99.9
  slbench analyze results/quick-… --cut-ramp --filter 'users>=4 and worker!=10.0.0.1'
  slbench analyze results/quick-… --requests arrow   for pandas.read_feather, R's arrow::read_feather
  slbench analyze results/quick-… --plots pdf --dashboard
  slbench analyze --json --cell users=7,think=0,path=seven.xml --cell users=8,think=0,path=eight.xml

--filter compares columns of requests.csv (users, think, worker, user, frame, outcome, status, roundTripSeconds …) with
= != < <= > >=, joined by and, or, not; what is not known never matches. The log of any JMeter has label, worker
(host name), user (thread name), outcome, status, roundTripSeconds, startEpochMicros, receivedBytes and message.
--threshold compares figures of each cell the same way: docs/expressions.md.
With --by, --percentiles, --filter or --cut-ramp a result folder's own files stay as they are, and frames.* is
written into the current folder.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 incomplete data, 4 a threshold failed`,
    )
    .action(async (paths: readonly string[], options: AnalyzeOptions) => {
      const { runAnalyze } = await import("../analyze/command.ts");
      await runAnalyze(paths, options);
    });
}
