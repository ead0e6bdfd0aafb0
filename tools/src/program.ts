import { Command } from "commander";
import { registerAnalyze } from "./commands/analyze.ts";
import { registerBuildClient } from "./commands/build-client.ts";
import { registerBundle } from "./commands/bundle.ts";
import { registerCompare } from "./commands/compare.ts";
import { registerCompletion } from "./commands/completion.ts";
import { registerCost } from "./commands/cost.ts";
import { registerDeploy } from "./commands/deploy.ts";
import { registerDoctor } from "./commands/doctor.ts";
import { registerFind } from "./commands/find.ts";
import { registerFrames } from "./commands/frames.ts";
import { registerGenerate } from "./commands/generate.ts";
import { registerInit } from "./commands/init.ts";
import { registerKubernetes } from "./commands/kubernetes.ts";
import { registerList } from "./commands/list.ts";
import { registerModel } from "./commands/model.ts";
import { registerPack, registerVerify } from "./commands/pack.ts";
import { registerReproduce } from "./commands/reproduce.ts";
import { registerRun } from "./commands/run.ts";
import { registerServe } from "./commands/serve.ts";
import { registerSetup } from "./commands/setup.ts";
import { registerVideo } from "./commands/video.ts";
import { registerWorkers } from "./commands/workers.ts";
import { helpFormat } from "./help-format.ts";
import { silenceProgress } from "./progress-output.ts";
import { VERSION } from "./version.ts";

/** In the order of --help. A command imports what is slow to load inside its action. */
const groups: readonly (readonly [heading: string, commands: readonly ((program: Command) => void)[]])[] = [
  ["Measure:", [registerInit, registerRun, registerFind, registerDoctor, registerSetup]],
  [
    "Analyse:",
    [
      registerAnalyze,
      registerModel,
      registerCompare,
      registerCost,
      registerList,
      registerPack,
      registerVerify,
      registerReproduce,
    ],
  ],
  ["Function under test:", [registerServe, registerDeploy]],
  [
    "Plans and workers:",
    [registerGenerate, registerWorkers, registerKubernetes, registerBundle, registerBuildClient],
  ],
  ["Videos:", [registerFrames, registerVideo]],
];

/** The command line, every command registered; nothing is parsed yet. */
export function createProgram(): Command {
  const program = new Command("slbench")
    .description("Load-test serverless functions with distributed JMeter, and model what you measured.")
    .version(VERSION, "-V, --version", "print the version")
    .option("-q, --quiet", "print no progress; warnings, errors and results remain")
    .on("option:quiet", silenceProgress)
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "show the help of a command")
    .configureHelp(helpFormat)
    .showHelpAfterError("(run slbench <command> --help for options and examples)")
    .exitOverride()
    .addHelpText(
      "after",
      `
Examples:
  slbench run examples/quick.yaml        measure the local face-blur function
  slbench find examples/quick.yaml --goal 'p95<1s'   how many users?
  slbench analyze results/quick-…        analyse a result folder again
  slbench analyze loadtest.jtl           summarise the log of any JMeter test
  slbench generate examples/paper.yaml   only write the JMeter plans

Exit codes:
  0 done, 1 failed, 2 wrong usage, 3 incomplete data, 4 a threshold failed,
  5 not decided, 130 interrupted`,
    );
  for (const [heading, commands] of groups) {
    program.commandsGroup(heading);
    for (const register of commands) register(program);
  }
  program.commandsGroup("Help:");
  registerCompletion(program);
  overrideExit(program);
  return program;
}

/** Keeps commander from exiting: only main.ts does, with the exit codes above. */
function overrideExit(command: Command): void {
  command.exitOverride();
  for (const inner of command.commands) overrideExit(inner);
}
