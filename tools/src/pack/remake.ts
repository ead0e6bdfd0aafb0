import { ownModule } from "@slbench/handler/own-module";
import type { AnalysisRecord } from "../analyze/analysis-record.ts";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { runInThread } from "../process/run-in-thread.ts";
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
  const limit = timeLimit(maxSeconds);
  try {
    const { problem, system } = await runInThread<RemakeTask, RemakeAnswer>(
      ownModule(import.meta.url, "./remake-worker"),
      task,
      {
        limit: limit.passed,
        recover: ({ code }) =>
          code === "ERR_WORKER_OUT_OF_MEMORY"
            ? { problem: "they need more memory than is available" }
            : undefined,
      },
    );
    if (system === undefined) return problem;
    throw new SlbenchError<ToolErrorCode>(system.code, system.message, { hint: system.hint, exitCode: 3 });
  } finally {
    limit.stop();
  }
}

/** Longer timers would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

function timeLimit(maxSeconds: number): { readonly passed: Promise<never>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timeIsUp()), Math.min(1000 * Math.max(0, maxSeconds), MAX_TIMER_MS));
  });
  return { passed, stop: () => clearTimeout(timer) };
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
