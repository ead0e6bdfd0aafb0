import type { ApdexLimits, QuantileKind, RunPart } from "@slbench/analyzer/logs";
import { type Command, Option } from "commander";
import { PICTURE_FORMATS, type PictureFormat } from "../files/picture.ts";
import { collect } from "./collect.ts";
import { apdexLimits, confidence } from "./numbers.ts";

interface AnalyzeOptions {
  readonly json?: boolean;
  readonly cell: readonly string[];
  readonly columns?: string;
  readonly timeZone?: string;
  readonly timestampFormat?: string;
  readonly quantiles?: QuantileKind;
  readonly threshold: readonly string[];
  readonly confidence?: number;
  readonly apdex?: ApdexLimits;
  readonly by?: string;
  readonly percentiles?: string;
  readonly filter?: string;
  readonly part?: RunPart;
  readonly requests?: string;
  readonly plots?: PictureFormat;
  readonly width?: string;
  readonly dashboard?: boolean;
  readonly report?: boolean | string;
}

export function registerAnalyze(program: Command): void {
  program
    .command("analyze")
    .argument(
      "[paths...]",
      "result folders, XML or CSV logs (also gzip), folders of logs, quoted patterns; - for standard input",
    )
    .description("Analyse result folders, JMeter logs or virtual users' journals")
    .option("--json", "print summary.json instead of a table")
    .option("--cell <label>", "a log and its condition: users=8,think=0,path=FILE (repeatable)", collect, [])
    .option("--columns <names>", "comma-separated columns of a CSV log without header (default: detected)")
    .option(
      "--time-zone <zone>",
      "time zone of dates without an offset: Europe/Berlin, +01:00 (default: this machine's)",
    )
    .option("--timestamp-format <pattern>", "format of dates, in JMeter's letters: 'dd/MM/yyyy HH:mm:ss'")
    .addOption(
      new Option(
        "--quantiles <kind>",
        "definition of quantiles for plain logs; jmeter: as in its dashboard (default: type7)",
      ).choices(["type7", "jmeter"] satisfies QuantileKind[]),
    )
    .option(
      "--threshold <rule>",
      "pass or fail each cell: 'success>=0.99 and p95<2s' (repeatable)",
      collect,
      [],
    )
    .option("--confidence <p>", "confidence level of thresholds and users served; default 0.95", confidence)
    .option(
      "--apdex <limits>",
      "times that satisfy users and that they tolerate, on a plain log's page (default: 0.5s,1.5s, as JMeter)",
      apdexLimits,
    )
    .option("--by <group>", "group by cell, label, worker, user, payload or minute")
    .option("--percentiles <numbers>", "percentiles to show, for example 50,90,99.9")
    .option("--filter <expression>", "keep only matching requests: 'users=4 and outcome=ok'")
    .addOption(
      new Option(
        "--part <part>",
        "part of each run to analyze: steady (all users or threads active) or whole; default: the steady part of cells that have one, the whole of plain logs",
      ).choices(["steady", "whole"]),
    )
    .option(
      "--requests <format>",
      "write one row per request to requests.csv, .arrow or .parquet (csv, arrow, parquet)",
    )
    .addOption(new Option("--plots <format>", "write the report's figures as files").choices(PICTURE_FORMATS))
    .option("--width <width>", "with --plots: as wide as a paper's column, 85mm, without titles")
    .option("--dashboard", "also create JMeter's HTML dashboard for each cell, or for a CSV log")
    .option("--report <file>", "file of the page for logs (default: LOG.report.html in the current folder)")
    .option("--no-report", "write no page for logs")
    .addHelpText(
      "after",
      `
Examples:
  slbench analyze results/quick-20260101-120000
  slbench analyze results/quick-… --by minute --percentiles 50,99.9
  slbench analyze results/quick-… --filter 'users>=4 and worker!=10.0.0.1'
  slbench analyze results/quick-… --threshold 'cell(users=4).mean<1s'
  slbench analyze results/quick-… --plots pdf --width 85mm

  # figures of the whole run, its start and its end included, as published
  slbench analyze results/paper-… --part whole

  # the log of any JMeter test: statistics per label, and loadtest.report.html
  slbench analyze loadtest.jtl
  slbench analyze loadtest.jtl --threshold 'label(checkout).p95<1s'
  slbench analyze loadtest.jtl --apdex 0.5s,2s
  slbench analyze loadtest.jtl --by minute --filter label=login --part steady

  # several logs, each with its condition
  slbench analyze --cell users=7,think=0,path=seven.xml \\
                  --cell users=8,think=0,path=eight.xml

  # journals of virtual users that you started yourself
  slbench analyze 'journals/*.jsonl'

Filters compare the columns of requests.csv (users, think, worker, user,
payload, outcome, status, roundTripSeconds, …) with = != < <= > >= and combine
them with and, or, not. Plain JMeter logs have label, worker (host name), user
(thread name), outcome, status, message, roundTripSeconds, startEpochMicros and
receivedBytes. Unknown values never match. Thresholds use the same language on
a cell's figures: see docs/expressions.md.

With --by, --percentiles, --filter or --part, the files in a result folder
stay unchanged and --requests writes to the current folder.

Exit codes:
  0 done, 1 failed, 2 wrong usage, 3 incomplete data, 4 a threshold failed,
  5 a threshold is not decided: it needs more requests`,
    )
    .action(async (paths: readonly string[], options: AnalyzeOptions) => {
      const { runAnalyze } = await import("../analyze/command.ts");
      await runAnalyze(paths, options);
    });
}
