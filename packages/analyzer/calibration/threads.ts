import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { RunTasks } from "./suite.ts";
import type { Task, TaskResult } from "./tasks.ts";

/**
 * Runs tasks on worker threads.
 * @param onDone called after each task with the number of tasks done
 */
export const onThreads =
  (threads: number, onDone: (task: Task, done: number, of: number) => void): RunTasks =>
  async (tasks) => {
    const results: TaskResult[] = [];
    let next = 0;
    let done = 0;
    const workThrough = async () => {
      const worker = new Worker(new URL("./worker.ts", import.meta.url));
      try {
        for (let index = next++; index < tasks.length; index = next++) {
          const task = tasks[index] as Task;
          results[index] = await askWorker(worker, task);
          onDone(task, ++done, tasks.length);
        }
      } finally {
        await worker.terminate();
      }
    };
    await Promise.all(Array.from({ length: Math.min(threads, tasks.length) }, workThrough));
    return results;
  };

/** Rejects if the worker fails. */
async function askWorker(worker: Worker, task: Task): Promise<TaskResult> {
  worker.postMessage(task);
  const [result] = await once(worker, "message");
  return result;
}
