import { Command } from "commander";
import { registerAnalyze } from "./commands/analyze.ts";
import { registerBuildClient } from "./commands/build-client.ts";
import { registerBundle } from "./commands/bundle.ts";
import { registerCompare } from "./commands/compare.ts";
import { registerDeploy } from "./commands/deploy.ts";
import { registerDoctor } from "./commands/doctor.ts";
import { registerFrames } from "./commands/frames.ts";
import { registerGenerate } from "./commands/generate.ts";
import { registerInit } from "./commands/init.ts";
import { registerList } from "./commands/list.ts";
import { registerModel } from "./commands/model.ts";
import { registerPack, registerVerify } from "./commands/pack.ts";
import { registerRun } from "./commands/run.ts";
import { registerServe } from "./commands/serve.ts";
import { registerSetup } from "./commands/setup.ts";
import { registerVideo } from "./commands/video.ts";
import { registerWorkers } from "./commands/workers.ts";
import { VERSION } from "./version.ts";

/** In the order of --help, what people want first. Every command registers itself; what it imports heavily it imports inside its action. */
const commands = [
  registerInit,
  registerRun,
  registerAnalyze,
  registerModel,
  registerCompare,
  registerList,
  registerPack,
  registerVerify,
  registerGenerate,
  registerServe,
  registerDeploy,
  registerDoctor,
  registerSetup,
  registerBundle,
  registerWorkers,
  registerBuildClient,
  registerFrames,
  registerVideo,
];

/** The command line, every command registered; nothing is parsed yet. */
export function createProgram(): Command {
  const program = new Command("slbench")
    .description("Measure and model a serverless AI function: plans, distributed JMeter runs, analysis.")
    .version(VERSION)
    .showHelpAfterError("(slbench <command> --help shows its options with an example)")
    .exitOverride()
    .addHelpText(
      "after",
      `
Examples:
  slbench run examples/quick.yaml        measure the local face-blur function, end with a report
  slbench generate examples/paper.yaml   write the JMeter plans only
  slbench analyze results/quick-…        analyse a result folder again

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 incomplete data, 4 a threshold failed, 130 interrupted`,
    );
  for (const register of commands) register(program);
  overrideExit(program);
  return program;
}

/** commander would exit by itself; main.ts alone does, with the exit codes above. */
function overrideExit(command: Command): void {
  command.exitOverride();
  for (const inner of command.commands) overrideExit(inner);
}
