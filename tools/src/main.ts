import { Command, CommanderError } from "commander";
import { registerAnalyze } from "./commands/analyze.ts";
import { registerBuildClient } from "./commands/build-client.ts";
import { registerBundle } from "./commands/bundle.ts";
import { registerCompare } from "./commands/compare.ts";
import { registerDeploy } from "./commands/deploy.ts";
import { registerDoctor } from "./commands/doctor.ts";
import { registerFrames } from "./commands/frames.ts";
import { registerGenerate } from "./commands/generate.ts";
import { registerList } from "./commands/list.ts";
import { registerModel } from "./commands/model.ts";
import { registerPack, registerVerify } from "./commands/pack.ts";
import { registerRun } from "./commands/run.ts";
import { registerServe } from "./commands/serve.ts";
import { registerSetup } from "./commands/setup.ts";
import { registerVideo } from "./commands/video.ts";
import { registerWorkers } from "./commands/workers.ts";
import { stopWithParent } from "./process/parent.ts";
import { systemError } from "./system-errors.ts";
import { VERSION } from "./version.ts";

/** In the order of --help, what people want first. Every command registers itself; what it imports heavily it imports inside its action. */
const commands = [
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

function createProgram(): Command {
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

interface KnownError extends Error {
  readonly code: string;
  readonly hint?: string;
  readonly exitCode?: number;
}

function isKnown(error: unknown): error is KnownError {
  return error instanceof Error && "code" in error && typeof error.code === "string" && "hint" in error;
}

function exitCodeOf(thrown: unknown): number {
  const error = isKnown(thrown) ? thrown : (systemError(thrown) ?? thrown);
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (isKnown(error)) {
    process.stderr.write(`slbench: ${error.message}\n`);
    if (error.hint !== undefined) process.stderr.write(`  Next: ${error.hint}\n`);
    return error.exitCode ?? 1;
  }
  process.stderr.write(
    `slbench: unexpected error\n${error instanceof Error ? error.stack : String(error)}\n`,
  );
  return 1;
}

stopWithParent();
// Standard output on a full disk; a reader that has gone (EPIPE, as of `| head`) has what it wanted.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  process.exit(exitCodeOf(systemError(error, "cannot write to standard output") ?? error));
});
try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
