import { Worker } from "node:worker_threads";
import { ToolError, type ToolErrorCode } from "../errors.ts";

/** What remake-worker.ts is given. */
export interface RemakeTask {
  readonly folder: string;
  /** Where the results go: a folder of their own. */
  readonly into: string;
  readonly thresholds: readonly string[];
}

/** What remake-worker.ts replies; empty if all went well. */
export interface RemakeAnswer {
  /** Why the logs cannot be analysed. */
  readonly problem?: string;
  readonly system?: { readonly code: ToolErrorCode; readonly message: string; readonly hint: string };
}

/**
 * Analyses a foreign result folder in a thread of its own, which ends when the time is up or its memory is.
 * @returns why the logs cannot be analysed; undefined if they were
 * @throws {ToolError} FILE_OVER_LIMIT, SYSTEM_…
 */
export async function remakeResults(task: RemakeTask, maxSeconds: number): Promise<string | undefined> {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const worker = new Worker(new URL(`./remake-worker.${extension}`, import.meta.url), { workerData: task });
  let timer: NodeJS.Timeout | undefined;
  try {
    const { problem, system } = await new Promise<RemakeAnswer>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", (error: NodeJS.ErrnoException) =>
        error.code === "ERR_WORKER_OUT_OF_MEMORY"
          ? resolve({ problem: "they need more memory than there is" })
          : reject(error),
      );
      worker.once("exit", () => reject(new Error("the analysis ended without a result")));
      timer = setTimeout(() => reject(timeIsUp()), Math.min(1000 * Math.max(0, maxSeconds), 2 ** 31 - 1));
    });
    if (system === undefined) return problem;
    throw new ToolError(system.code, system.message, { hint: system.hint, exitCode: 3 });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

function timeIsUp(): ToolError {
  return new ToolError("FILE_OVER_LIMIT", "the archive's logs are not analysed in time (limit --max-time)", {
    hint: "if you trust it, raise the limit with --max-time",
  });
}
