import { Command } from "commander";
import { helpFormat } from "./help/help-format.ts";
import { silenceProgress } from "./progress-output.ts";
import { VERSION } from "./version.ts";

const HELP_COMMAND = ["help [command]", "Show the help of a command"] as const;

type Register = (program: Command) => void;

/** In the order of --help. A command imports what is slow to load inside its action. */
const groups: Readonly<Record<string, Readonly<Record<string, () => Promise<Register>>>>> = {
  "Measure:": {
    init: async () => (await import("./commands/init.ts")).registerInit,
    run: async () => (await import("./commands/run.ts")).registerRun,
    find: async () => (await import("./commands/find.ts")).registerFind,
    doctor: async () => (await import("./commands/doctor.ts")).registerDoctor,
    setup: async () => (await import("./commands/setup.ts")).registerSetup,
  },
  "Analyse:": {
    analyze: async () => (await import("./commands/analyze.ts")).registerAnalyze,
    model: async () => (await import("./commands/model.ts")).registerModel,
    compare: async () => (await import("./commands/compare.ts")).registerCompare,
    cost: async () => (await import("./commands/cost.ts")).registerCost,
    list: async () => (await import("./commands/list.ts")).registerList,
    pack: async () => (await import("./commands/pack.ts")).registerPack,
    verify: async () => (await import("./commands/pack.ts")).registerVerify,
    reproduce: async () => (await import("./commands/reproduce.ts")).registerReproduce,
  },
  "Function under test:": {
    serve: async () => (await import("./commands/serve.ts")).registerServe,
    deploy: async () => (await import("./commands/deploy.ts")).registerDeploy,
  },
  "Plans and workers:": {
    generate: async () => (await import("./commands/generate.ts")).registerGenerate,
    workers: async () => (await import("./commands/workers.ts")).registerWorkers,
    kubernetes: async () => (await import("./commands/kubernetes.ts")).registerKubernetes,
    bundle: async () => (await import("./commands/bundle.ts")).registerBundle,
    "build-client": async () => (await import("./commands/build-client.ts")).registerBuildClient,
  },
  "Videos:": {
    frames: async () => (await import("./commands/frames.ts")).registerFrames,
    video: async () => (await import("./commands/video.ts")).registerVideo,
  },
  "Help:": {
    schema: async () => (await import("./commands/schema.ts")).registerSchema,
    completion: async () => (await import("./commands/completion.ts")).registerCompletion,
  },
};

/**
 * The command line; nothing is parsed yet.
 * @param args what it will parse: if they begin with a command's name, only that command is loaded. Absent: every
 *   command is there
 */
export async function createProgram([first]: readonly string[] = []): Promise<Command> {
  const program = new Command("slbench")
    .description("Load-test serverless functions with distributed JMeter, and model what you measured.")
    .version(VERSION, "-V, --version", "print the version")
    .option("-q, --quiet", "print no progress; warnings, errors and results remain")
    .on("option:quiet", silenceProgress)
    .helpOption("-h, --help", "show this help")
    .helpCommand(...HELP_COMMAND)
    .configureHelp(helpFormat)
    .addHelpText(
      "after",
      `
Examples:
  slbench init --function python         write a small function to measure
  slbench run experiment.yaml            measure it and end with a report
  slbench find experiment.yaml --goal 'p95<1s'
                                         search for the most users
  slbench analyze results/quick-…        analyse a result folder again
  slbench analyze loadtest.jtl           summarise the log of any JMeter test
  slbench generate examples/paper.yaml   only write the JMeter plans

Exit codes:
  0 done, 1 failed, 2 wrong usage, 3 incomplete data, 4 a threshold failed,
  5 not decided, 130 interrupted`,
    );
  for (const [heading, commands] of Object.entries(groups)) {
    program.commandsGroup(heading);
    for (const [name, load] of Object.entries(commands)) if (isNeeded(name, first)) (await load())(program);
  }
  // Subcommands inherit the first call; this one lists `help` below the last heading.
  program.helpCommand(...HELP_COMMAND);
  endByErrors(program, "slbench");
  return program;
}

/** Whether a command has to be there to parse arguments that begin with `first`. */
function isNeeded(name: string, first: string | undefined): boolean {
  if (first === "--version" || first === "-V") return false;
  const isAlone =
    first !== undefined &&
    first !== "completion" && // of all commands
    Object.values(groups).some((commands) => Object.hasOwn(commands, first));
  return !isAlone || name === first;
}

/** Keeps commander from exiting: only main.ts does, with the exit codes above. @param name as the user types it */
function endByErrors(command: Command, name: string): void {
  command.exitOverride().showHelpAfterError(`(run ${name} --help for options and examples)`);
  for (const inner of command.commands) endByErrors(inner, `${name} ${inner.name()}`);
}
