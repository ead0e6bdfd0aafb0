import type { Command } from "commander";
import type { ModelOptions } from "../model/command.ts";
import { collect } from "./collect.ts";
import { duration, positiveInteger, positiveNumber, wholeNumber } from "./numbers.ts";

export function registerModel(program: Command): void {
  program
    .command("model")
    .argument("[results...]", "result folders or summary.json files")
    .description("Fit a queueing model to measured cells and predict other conditions")
    .option("--cell <label>", "a log and its condition: users=8,think=0,path=FILE (repeatable)", collect, [])
    .option("--train <filter>", "fit only matching cells and check against the rest: 'users<=4'")
    .option("--predict <cells>", "conditions to predict: 'users=1..20 think=0,1,5'")
    .option(
      "--arrivals <list>",
      "open-loop request rates (1/s) to predict: '5,10,15', or '5,10 seconds=600 process=bursts:20/60'",
    )
    .option(
      "--what-if <change>",
      "servers=8, servers.ml=2, replicas=3, demand*0.5, timeout=60, units=200 or slow=0.5 (repeatable)",
      collect,
      [],
    )
    .option("--max-users <goal>", "find the most users that meet a goal: 'success>=0.99 and p95<2s'")
    .option(
      "--autoscale <rule>",
      "predict autoscaled replicas: kpa or openfaas with --target, or a rule as for slbench serve (repeatable)",
      collect,
      [],
    )
    .option("--target <list>", "with --autoscale: loads per replica that the rule aims at: '1,2,4'")
    .option("--max-replicas <list>", "with --autoscale: most replicas: '4,8' (default: the rule's, else 100)")
    .option(
      "--concurrency <n>",
      "with --autoscale: requests per replica at a time; 0: no limit",
      wholeNumber,
      0,
    )
    .option(
      "--burst <load>",
      "with --autoscale: 20@60s, 20 requests at once every 60 s; 20@60s/1s: within 1 s; 20: once (repeatable)",
      collect,
      [],
    )
    .option(
      "--cold-start <time>",
      "with --autoscale: time a replica takes to start (default: as measured)",
      duration,
    )
    .option(
      "--cores <n>",
      "with --autoscale: cores that all replicas share (default: each its own)",
      positiveNumber,
    )
    .option("--goal <goal>", "with --autoscale: find the fewest replica-seconds that keep it: 'p95<2s'")
    .option("--next", "suggest the next cell to measure")
    .option("--export <format>", "print as jmt (JMVA file), csv (predictions) or json")
    .option("--out <file>", "file for --export (default: standard output)")
    .option("--plots <format>", "plot measurements and model: png, svg, pdf (model.pdf), or a file name")
    .option("--timeout <s>", "time limit of a request in seconds (default: the clients' own)", positiveNumber)
    .option("--seed <n>", "random seed of the bootstrap", positiveInteger, 1)
    .option("--json", "print JSON (schema slbench.model/3)")
    .addHelpText(
      "after",
      `
Examples:
  slbench model results/paper-… --predict 'users=1..20 think=0,1,5'
  slbench model results/paper-… --max-users 'success>=0.99 and p95<20s'
  slbench model results/paper-… --what-if servers=8 --what-if 'demand*0.5'
  slbench model results/chat-… --what-if tokens=200 --what-if 'tokens*2'
  slbench model results/paper-… --what-if servers.ml=2  # of mlSeconds
  slbench model results/paper-… --what-if slow=0.5      # half are slow
  slbench model results/paper-… --train 'users<=4' --json
  slbench model results/paper-… --arrivals 1..10

  # replicas that Knative or Lambda start for bursts of 20 requests
  slbench model results/paper-… --autoscale kpa --target 1,2,4 \\
                --burst 20@60s --cold-start 2s --goal 'p95<5s'
  slbench model results/local-… --concurrency 1 --burst 20@60s --autoscale \\
                '{rule: per-request, keepAliveSeconds: 30, maxReplicas: 50}'

  # logs with their conditions
  slbench model --cell users=1,think=0,path=one.xml \\
                --cell users=4,think=0,path=four.xml --next

A summary.json without its result folder works too. Its intervals then come from
the standard errors in the summary, because single requests are not available.`,
    )
    .action(async (results: readonly string[], options: ModelOptions) => {
      const { runModel } = await import("../model/command.ts");
      await runModel(results, options);
    });
}
