import { CommanderError } from "commander";
import { stopWithParent } from "./process/parent.ts";
import { createProgram } from "./program.ts";

interface KnownError extends Error {
  readonly code: string;
  readonly hint?: string;
  readonly exitCode?: number;
}

function isKnown(error: unknown): error is KnownError {
  return error instanceof Error && "code" in error && typeof error.code === "string" && "hint" in error;
}

function exitCodeOf(error: unknown): number {
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
try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
