import { Worker } from "node:worker_threads";
import type { AnalysisRecord } from "../analyze/analysis-record.ts";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import type { SystemErrorCode } from "../system-error-code.ts";

/** Input of remake-worker.ts. */
export interface RemakeTask {
  readonly folder: string;
  /** Folder to write the results into. */
  readonly into: string;
  /** Of the recorded analysis. */
  readonly rules: Pick<AnalysisRecord, "thresholds" | "confidence">;
}

/** Reply of remake-worker.ts; empty on success. */
export interface RemakeAnswer {
  /** Why the logs cannot be analysed. */
  readonly problem?: string;
  readonly system?: { readonly code: SystemErrorCode; readonly message: string; readonly hint: string };
}

/**
 * Analyses an untrusted result folder in a thread with a time and memory limit.
 * @returns why the logs cannot be analysed; undefined on success
 * @throws {SlbenchError} FILE_OVER_LIMIT, SYSTEM_…
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
          ? resolve({ problem: "they need more memory than is available" })
          : reject(error),
      );
      worker.once("exit", () => reject(new Error("the analysis ended without a result")));
      timer = setTimeout(() => reject(timeIsUp()), Math.min(1000 * Math.max(0, maxSeconds), 2 ** 31 - 1));
    });
    if (system === undefined) return problem;
    throw new SlbenchError<ToolErrorCode>(system.code, system.message, { hint: system.hint, exitCode: 3 });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

function timeIsUp(): SlbenchError {
  return new SlbenchError<ToolErrorCode>(
    "FILE_OVER_LIMIT",
    "the analysis of the archive's logs exceeded the time limit (--max-time)",
    {
      hint: "if you trust the archive, raise --max-time",
    },
  );
}
