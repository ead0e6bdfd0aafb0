import { type Command, Option } from "commander";
import type { FindOptions } from "../find/command.ts";
import { collect } from "./collect.ts";
import { confidence, duration, httpAddress, portNumber, positiveInteger, positiveNumber } from "./numbers.ts";

export function registerFind(program: Command): void {
  program
    .command("find [experiment]")
    .description(
      "Find the most users, the highest rate or the fewest replicas that meet a goal, with an interval",
    )
    .option("--goal <goal>", "what has to hold: 'success>=0.99 and p95<2s'")
    .addOption(
      new Option(
        "--for <what>",
        "what to look for; default: users, or rate if the experiment has arrivals",
      ).choices(["users", "rate", "replicas"]),
    )
    .option("--users <n>", "users of every run, with --for replicas", positiveInteger)
    .option(
      "--tolerance <t>",
      "how far off the answer may be: 1 (users, requests/s, replicas) or 5%; default 5% (at least 1 user), 0 replicas",
    )
    .option("--confidence <p>", "confidence of the whole interval; default 0.95", confidence)
    .option("--budget <time>", "time for all runs: 90s, 30m, 2h; default 1h", duration)
    .option(
      "--max <n>",
      "greatest number of users, rate or replicas to try; default for replicas: twice the cores",
      positiveNumber,
    )
    .option(
      "--with <folder>",
      "earlier result to begin with: it says where to measure (repeatable)",
      collect,
      [],
    )
    .option("--requests-per-user <n>", "requests per user, instead of the experiment's", positiveInteger)
    .option("--out <dir>", "folder for the result folder (default: results)")
    .option("--resume <folder>", "continue an earlier search; a larger --budget may be given")
    .option("--watch", "serve a live page of the search on this machine")
    .option("--metrics <port>", "serve Prometheus metrics of the search on this machine", portNumber)
    .option(
      "--otlp <address>",
      "send the same metrics to an OpenTelemetry collector: http://127.0.0.1:4318",
      httpAddress,
    )
    .option("--json", "print JSON (schema slbench.find/1)")
    .addHelpText(
      "after",
      `
Runs the experiment with one number of users after the other: it raises the
number until the goal fails, narrows the range, then repeats the two numbers
that decide until the answer is certain. The experiment's own users only give
the first number; its requests per user, think time and workers are those of
every run.

The result folder is like that of slbench run, with the search in find.json and
in the report. A search that was interrupted or killed continues with --resume.

Examples:
  slbench find examples/quick.yaml --goal 'success>=0.99 and p95<500ms'
  slbench find examples/quick.yaml --goal 'p95<1s' --tolerance 0 --budget 30m
  slbench find open.yaml --for rate --goal 'p99<2s' --tolerance 0.5
  slbench find examples/quick.yaml --for replicas --users 20 --goal 'p95<2s'
  slbench find examples/quick.yaml --goal 'p95<1s' --with results/quick-…
  slbench find --resume results/quick-20260101-120000 --budget 2h

Runs of earlier results (--with) must be of the same function address, machine,
requests per user and start; those during which the host changed are left out.
They only choose where to start: the answer rests on new runs.

--for replicas starts the local function again with other replicas. slbench
cannot do that with a function elsewhere: then --with RESULT is needed, nothing
is measured, and the answer is predicted by the model and says so.

If the load generators are saturated first, the answer is "at least". What the
model predicts (2 replicas) is labelled; everything else is measured.

Exit codes: 0 decided, or shown up to --max; 1 failed, 2 wrong usage,
3 incomplete data, 5 not decided, 130 interrupted`,
    )
    .action(async (experimentFile: string | undefined, options: FindCommandFlags) => {
      const { budget, watch: _watch, metrics: _metrics, otlp: _otlp, with: earlier, ...flags } = options;
      const { runFind } = await import("../find/command.ts");
      const { watched } = await import("./watched.ts");
      const name = experimentFile ?? options.resume ?? "";
      const find: FindOptions = {
        ...flags,
        ...(budget !== undefined && { budgetSeconds: budget }),
        ...(earlier.length > 0 && { with: earlier }),
      };
      await watched(options, "find", name, (progress) => runFind(experimentFile, find, progress));
    });
}

interface FindCommandFlags extends Omit<FindOptions, "budgetSeconds" | "with"> {
  readonly with: readonly string[];
  readonly budget?: number;
  readonly watch?: boolean;
  readonly metrics?: number;
  readonly otlp?: URL;
}
