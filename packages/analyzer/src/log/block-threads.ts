import { Worker } from "node:worker_threads";
import { ownModule } from "@slbench/handler/own-module";
import type { BlockData } from "./block-reader.ts";
import type { CsvFormat } from "./log-format.ts";

/** What a thread is sent. */
export interface BlockTask {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What it sends back; no data: the block is odd. */
export interface BlockAnswer extends BlockTask {
  readonly data: BlockData | undefined;
}

/** Blocks that wait in a thread while it reads another one. */
const AHEAD = 1;

/** Threads that read blocks of one log. */
export class BlockThreads {
  readonly #threads: readonly {
    readonly worker: Worker;
    readonly asked: ((answer: BlockAnswer) => void)[];
  }[];
  #fail: (error: Error) => void = () => {};
  readonly #failed = new Promise<never>((_, reject) => {
    this.#fail = reject;
  });

  constructor(format: CsvFormat, count: number) {
    this.#failed.catch(() => {}); // reported by the block that waits
    this.#threads = Array.from({ length: count }, () => this.#start(format));
  }

  /** Whether a thread has room for a block. */
  get hasRoom(): boolean {
    return this.#threads.some(({ asked }) => asked.length <= AHEAD);
  }

  /** Sends a block to the thread with the fewest; it comes back with the answer. */
  read(bytes: Uint8Array<ArrayBuffer>): Promise<BlockAnswer> {
    const { worker, asked } = this.#threads.reduce((a, b) => (b.asked.length < a.asked.length ? b : a));
    const task: BlockTask = { bytes };
    worker.postMessage(task, [bytes.buffer]);
    return Promise.race([new Promise<BlockAnswer>((resolve) => asked.push(resolve)), this.#failed]);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #start(workerData: CsvFormat) {
    const worker = new Worker(ownModule(import.meta.url, "./block-worker"), { workerData });
    const asked: ((answer: BlockAnswer) => void)[] = [];
    worker.on("message", (answer: BlockAnswer) => asked.shift()?.(answer));
    worker.on("error", this.#fail);
    return { worker, asked };
  }
}
