import { redactUrls } from "@slbench/jmeter-plans/redact";
import { CommanderError } from "commander";
import { stopWithParent } from "./process/parent.ts";
import { createProgram } from "./program.ts";
import { systemError } from "./system-errors.ts";

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
    const next = error.hint === undefined ? "" : `  Next: ${error.hint}\n`;
    process.stderr.write(redactUrls(`slbench: ${error.message}\n${next}`));
    return error.exitCode ?? 1;
  }
  const stack = error instanceof Error ? error.stack : String(error);
  process.stderr.write(redactUrls(`slbench: unexpected error\n${stack}\n`));
  return 1;
}

// Errors thrown outside every await, for example by a process that cannot be started. The guard ends what a run
// has started.
process.on("uncaughtException", (error) => process.exit(exitCodeOf(error)));
stopWithParent();
// EPIPE is no failure: the reader, such as `head`, has what it wanted, and files are still to be written. A full disk
// is one.
for (const [stream, name] of [
  [process.stdout, "standard output"],
  [process.stderr, "standard error"],
] as const)
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE")
      process.exit(exitCodeOf(systemError(error, `cannot write to ${name}`) ?? error));
  });
try {
  const program = await createProgram(process.argv.slice(2));
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
