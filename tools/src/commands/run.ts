import { type Command, Option } from "commander";
import type { Progress } from "../run/progress.ts";
import { collect } from "./collect.ts";
import { confidence, httpAddress, portNumber, positiveInteger } from "./numbers.ts";

export function registerRun(program: Command): void {
  program
    .command("run [experiment]")
    .description("Run an experiment with real, distributed JMeter; ends with a table and a report")
    .option("--out <dir>", "folder for the result folder (default: results)")
    .option("--resume <folder>", "resume an earlier run: keep complete cells, run the rest")
    .option("--requests-per-user <n>", "requests per user, instead of the experiment's", positiveInteger)
    .addOption(
      new Option("--order <order>", "order of the cells, instead of the experiment's").choices([
        "random",
        "as-written",
      ]),
    )
    .option(
      "--threshold <rule>",
      "condition that every cell must meet: 'success>=0.99 and p95<2s'; repeatable",
      collect,
      [],
    )
    .option("--json", "print summary.json instead of a table")
    .option("--watch", "serve a live page of the run on this machine, which becomes the report")
    .option("--metrics <port>", "serve Prometheus metrics of the run on this machine", portNumber)
    .option(
      "--otlp <address>",
      "send the same metrics to an OpenTelemetry collector: http://127.0.0.1:4318",
      httpAddress,
    )
    .option("--confidence <p>", "confidence level of thresholds and users served; default 0.95", confidence)
    .addHelpText(
      "after",
      `
Sets up what is missing, starts the function (if the experiment has
\`url: local\`), the workers and the controller, runs cell after cell and leaves
nothing running. Ctrl-C stops everything within seconds and keeps the data.

Examples:
  slbench run examples/quick.yaml
  slbench run examples/paper.yaml --requests-per-user 3 --out /tmp/results
  slbench run examples/quick.yaml --threshold 'success>=0.99 and p95<1s'
  slbench run --resume results/paper-20260101-120000
  slbench run examples/paper.yaml --watch

Before the first cell, slbench works out from the first responses whether all
users of each cell will be active together for at least 2 responses each. If
not, a warning (LOAD_NOT_REACHED) gives the number of users that will be active
on average and what to change: load.start: together, or more requests per user.

A run stops after the first cell in which every request is rejected for one
reason that no load explains: an unexpected response, HTTP 300 to 499 except
408 and 429, or no connection at all.

Exit codes: 0 all cells complete, 1 failed, 2 wrong usage, 3 incomplete data,
4 a threshold failed, 5 a threshold is not decided, 130 interrupted`,
    )
    .action(async (experimentFile: string | undefined, options: RunFlags) => {
      const { watched } = await import("./watched.ts");
      const name = experimentFile ?? options.resume ?? "";
      await watched(options, "run", name, (progress) => runAndReport(experimentFile, options, progress));
    });
}

/** @returns the report's file; undefined if only journals exist */
async function runAndReport(
  experimentFile: string | undefined,
  options: RunFlags,
  progress: Progress,
): Promise<string | undefined> {
  const { reportResult, setThresholdExitCode } = await import("../analyze/report-result.ts");
  const { parseThreshold } = await import("@slbench/analyzer/logs");
  // Rejects a wrong one before the run.
  const rules = {
    thresholds: options.threshold.map(parseThreshold),
    ...(options.confidence !== undefined && { confidence: options.confidence }),
  };
  const { runExperiment } = await import("../run/run-experiment.ts");
  const { requestsPerUser, json, ...others } = options;
  const result = await runExperiment(
    {
      ...others,
      ...(requestsPerUser !== undefined && { requestsPerUser }),
      ...(experimentFile !== undefined && { experimentFile }),
    },
    progress,
  );
  if (!result.complete) process.exitCode = 3;
  const reported = await reportResult(result.folder, rules, json === true).catch((error: unknown) => {
    // If only journals exist, the run is incomplete, not wrong usage.
    if (result.complete || (error as { code?: unknown }).code !== "FILE_NO_RESULT") throw error;
    process.stderr.write(`run: no table: ${(error as Error).message}\n`);
    return undefined;
  });
  if (result.rejected !== undefined) {
    const { rejectedError } = await import("../run/rejected.ts");
    throw rejectedError(result.rejected, result.folder);
  }
  setThresholdExitCode(reported?.thresholds ?? []);
  return reported?.reportFile;
}

interface RunFlags {
  readonly out?: string;
  readonly resume?: string;
  readonly requestsPerUser?: number;
  readonly order?: "random" | "as-written";
  readonly threshold: readonly string[];
  readonly confidence?: number;
  readonly watch?: boolean;
  readonly metrics?: number;
  readonly otlp?: URL;
  readonly json?: boolean;
}
