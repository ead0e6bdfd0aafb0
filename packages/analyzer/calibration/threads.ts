import { once } from "node:events";
import { Worker } from "node:worker_threads";

/**
 * Runs tasks on worker threads; results come in the order of the tasks.
 * @param worker a script that answers each message with one message
 * @param onDone called after each task with the number of tasks done
 */
export const onThreads =
  <Task, Result>(worker: URL, threads: number, onDone: (task: Task, done: number, of: number) => void) =>
  async (tasks: readonly Task[]): Promise<readonly Result[]> => {
    const results: Result[] = [];
    let next = 0;
    let done = 0;
    const workThrough = async () => {
      const thread = new Worker(worker);
      try {
        for (let index = next++; index < tasks.length; index = next++) {
          const task = tasks[index] as Task;
          results[index] = await ask<Result>(thread, task);
          onDone(task, ++done, tasks.length);
        }
      } finally {
        await thread.terminate();
      }
    };
    await Promise.all(Array.from({ length: Math.min(threads, tasks.length) }, workThrough));
    return results;
  };

/** Rejects if the worker fails. */
async function ask<Result>(worker: Worker, task: unknown): Promise<Result> {
  worker.postMessage(task);
  const [result] = await once(worker, "message");
  return result;
}
