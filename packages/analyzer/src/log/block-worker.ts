// A thread that reads blocks of a log: see block-threads.ts.
import { parentPort, workerData } from "node:worker_threads";
import { BlockReader, buffersOf } from "./block-reader.ts";
import type { BlockAnswer, BlockTask } from "./block-threads.ts";
import type { CsvFormat } from "./log-format.ts";

const reader = new BlockReader(workerData as CsvFormat);
parentPort?.on("message", ({ bytes }: BlockTask) => {
  const data = reader.read(bytes);
  // The bytes go back: they may have to be read again.
  const answer: BlockAnswer = { bytes, data };
  parentPort?.postMessage(answer, [bytes.buffer, ...(data === undefined ? [] : buffersOf(data))]);
});
