import { resolveObjectURL } from "node:buffer";
import { dirname, join } from "node:path";
import type * as Threads from "node:worker_threads";
import type * as Tf from "@tensorflow/tfjs-core";
import { requireDetector } from "./packages.ts";

/** Number of workers that the backend creates at most; it would wait forever for a ninth. */
const MAX_THREADS = 8;

/** Direct eval, so that the worker's code has `require` and `__filename` in scope. */
const BOOT = 'require("node:worker_threads").workerData.text().then((code) => eval(code));';

/**
 * Lets tfjs-backend-wasm use all cores under Node, where it limits itself to one
 * (docs/decisions/wasm-threads.md).
 * @param start selects the backend and waits until it is ready
 */
export async function withWasmThreads(
  tf: typeof Tf,
  wasm: { setThreadsCount(count: number): void },
  start: () => Promise<void>,
): Promise<void> {
  const require = requireDetector();
  const os = require("node:os") as { cpus: () => readonly unknown[]; availableParallelism: () => number };
  const threads = require("node:worker_threads") as { Worker: typeof Threads.Worker };
  const { cpus } = os;
  const { Worker } = threads;
  const glue = join(
    dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")),
    "wasm-out/tfjs-backend-wasm-threaded-simd.js",
  );
  const usable = Math.min(os.availableParallelism(), MAX_THREADS);
  if (usable < 2) return start();
  wasm.setThreadsCount(usable);
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", true);
  // The backend uses half of the cores that it sees.
  os.cpus = () => Array(usable * 2).fill({});
  // The backend identifies its workers' code by blob URLs, which Node's workers do not accept.
  threads.Worker = class extends Worker {
    constructor(address: string | URL) {
      super(BOOT, { eval: true, execArgv: [], workerData: resolveObjectURL(String(address)) });
      this.once("message", () => this.unref());
    }
    // The threads wait for work forever; they must not keep the process alive.
    override ref(): void {}
    override postMessage(message: { cmd?: string }, transfer?: readonly Threads.Transferable[]): void {
      super.postMessage(message.cmd === "load" ? { ...message, urlOrBlob: glue } : message, transfer);
    }
  } as typeof Worker;
  try {
    await start();
  } finally {
    os.cpus = cpus;
    threads.Worker = Worker;
  }
}
