import { statfs } from "node:fs/promises";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { shellWord } from "../help/shell-word.ts";
import { systemError } from "../system-errors.ts";

/** A cell needs at least this much: a journal line and a sample per request, and JMeter's logs. */
const MIN_FREE_BYTES = 1e6;

/** The system's errors (a full disk, say) with a hint how to continue; other errors unchanged. */
export function resumableError(error: unknown, folder: string): unknown {
  const said = error instanceof SlbenchError && error.code.startsWith("SYSTEM_") ? error : systemError(error);
  if (said === undefined || (error instanceof SlbenchError && said !== error)) return error;
  const { code, message, exitCode } = said;
  return new SlbenchError<ToolErrorCode>(code, message, {
    hint: resumeHint(said.hint, folder),
    exitCode,
    cause: error,
  });
}

/** Fix the cause first, then resume instead of repeating. */
function resumeHint(hint: string, folder: string): string {
  return `${hint.replace(/, then repeat the command$/, "")}, then slbench run --resume ${shellWord(folder)}; what was measured so far is kept`;
}

/**
 * Checks after a cell that lost data whether the disk is full: JMeter and the clients report that only in their logs.
 * @throws {SlbenchError} RUN_DISK_FULL
 */
export async function demandSpace(folder: string): Promise<void> {
  const disk = await statfs(folder);
  const freeBytes = disk.bavail * disk.bsize;
  if (freeBytes >= MIN_FREE_BYTES) return;
  throw new SlbenchError<ToolErrorCode>("RUN_DISK_FULL", `the disk of ${folder} is full`, {
    hint: resumeHint("free some space on this disk", folder),
    exitCode: 3,
  });
}
