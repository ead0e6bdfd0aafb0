import { Worker } from "node:worker_threads";

export interface ThreadOptions<Reply> {
  /** What a failed thread is worth; undefined: its error is thrown. */
  readonly recover?: (error: NodeJS.ErrnoException) => Reply | undefined;
  /** Rejects to end the thread before it replies. */
  readonly limit?: Promise<never>;
}

/**
 * Runs a module in a thread of its own until its first message.
 * @param task its `workerData`; survives structured cloning, as the reply does
 * @throws what the thread throws, and an error if it ends without a message
 */
export async function runInThread<Task, Reply>(
  module: URL,
  task: Task,
  { recover, limit }: ThreadOptions<Reply> = {},
): Promise<Reply> {
  const worker = new Worker(module, { workerData: task });
  const replied = new Promise<Reply>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", (error: NodeJS.ErrnoException) => {
      const instead = recover?.(error);
      if (instead === undefined) reject(error);
      else resolve(instead);
    });
    worker.once("exit", () => reject(new Error("a thread ended without a result")));
  });
  try {
    return await (limit === undefined ? replied : Promise.race([replied, limit]));
  } finally {
    await worker.terminate();
  }
}
