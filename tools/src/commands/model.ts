import type { Command } from "commander";
import type { ModelOptions } from "../model/command.ts";
import { collect } from "./collect.ts";
import { positiveInteger, positiveNumber } from "./numbers.ts";

export function registerModel(program: Command): void {
  program
    .command("model [results...]")
    .description(
      "Fit a queueing model to measured cells, say how far to trust it, and ask it what-if questions",
    )
    .option("--cell <label>", "a log with its condition: users=8,think=0,path=FILE; repeatable", collect, [])
    .option("--train <filter>", "fit only cells that match, check on the others: 'users<=4'")
    .option("--predict <cells>", "conditions to predict: 'users=1..20 think=0,1,5'")
    .option("--arrivals <list>", "frames per second of an open loop to predict: '5,10,15'")
    .option("--what-if <change>", "servers=8, replicas=3, demand*0.5, timeout=60; repeatable", collect, [])
    .option("--max-users <goal>", "most users that keep a goal: 'success>=0.99 and p95<2s'")
    .option("--next", "propose the next cell to measure")
    .option("--export <format>", "jmt (a JMVA file), csv (predictions) or json")
    .option("--out <file>", "where --export writes; default standard output")
    .option(
      "--plots <format>",
      "draw measured means and the model's curve with its band: png, svg, pdf (model.pdf), or a file name",
    )
    .option("--timeout <s>", "time limit of a request, seconds", positiveNumber, 25)
    .option("--seed <n>", "seed of the bootstrap", positiveInteger, 1)
    .option("--json", "everything as JSON (schema slbench.model/2)")
    .addHelpText(
      "after",
      `
RESULT is a result folder or a summary.json. A summary that lies elsewhere serves too, with intervals from its
own standard errors: the frames are not there to be drawn again.

Examples:
  slbench model results/paper-20260101-120000 --predict 'users=1..20 think=0,1,5'
  slbench model results/paper-… --train 'users<=4' --json
  slbench model results/paper-… --what-if servers=8 --max-users 'success>=0.99 and p95<20s'
  slbench model results/paper-… --arrivals 1..10
  slbench model --cell users=1,think=0,path=one.xml --cell users=4,think=0,path=four.xml --next`,
    )
    .action(async (results: readonly string[], options: ModelOptions) => {
      const { runModel } = await import("../model/command.ts");
      await runModel(results, options);
    });
}
