import { statfs } from "node:fs/promises";
import { ToolError } from "../errors.ts";
import { systemError } from "../system-errors.ts";

/** With less than this no cell can be written: a journal line and a sample per request, and JMeter's logs. */
const MIN_FREE_BYTES = 1e6;

/** The system's errors (a full disk, say) as a sentence that says how to continue; others as they are. */
export function resumableError(error: unknown, folder: string): unknown {
  const said = error instanceof ToolError && error.code.startsWith("SYSTEM_") ? error : systemError(error);
  if (said === undefined || (error instanceof ToolError && said !== error)) return error;
  const { code, message, exitCode } = said;
  return new ToolError(code, message, { hint: resumeHint(said.hint, folder), exitCode, cause: error });
}

/** The cause is to be removed first; then the run is continued, not repeated. */
function resumeHint(hint: string, folder: string): string {
  return `${hint.replace(/, then repeat the command$/, "")}, then slbench run --resume ${folder}; what was measured so far is kept`;
}

/**
 * After a cell that lost data: whether the disk is to blame, which JMeter and the clients only tell in their logs.
 * @throws {ToolError} RUN_DISK_FULL
 */
export async function demandSpace(folder: string): Promise<void> {
  const disk = await statfs(folder);
  const freeBytes = disk.bavail * disk.bsize;
  if (freeBytes >= MIN_FREE_BYTES) return;
  throw new ToolError("RUN_DISK_FULL", `the disk of ${folder} is full`, {
    hint: resumeHint("free some space on this disk", folder),
    exitCode: 3,
  });
}
