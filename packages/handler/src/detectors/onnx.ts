import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { FaceDetector } from "../detector.ts";
import { ownModule } from "../own-module.ts";
import type { Face } from "../picture/image.ts";
import { createTurns } from "../turns.ts";
import { letterbox } from "./letterbox.ts";
import { INPUT_SIZE } from "./ssd-network.ts";

/** A picture for the network's thread. */
export interface NetworkTask {
  /** The network's input, channel by channel; belongs to the thread until it replies. */
  readonly square: Float32Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  readonly threshold: number;
}

export interface NetworkReply {
  readonly faces: readonly Face[];
  readonly square: Float32Array<ArrayBuffer>;
  /** Time in the network. */
  readonly seconds: number;
}

/** The network in floating point, or in 8-bit integers. */
export type OnnxBackend = "onnx" | "onnx-int8";

/** A detector whose thread can be ended. */
export interface OnnxDetector extends FaceDetector {
  readonly backend: OnnxBackend;
  stop(): Promise<void>;
}

/**
 * The network as one ONNX graph on ONNX Runtime, in a thread of its own: while one picture is in the network, others
 * are decoded and encoded (docs/decisions/native-detector.md).
 * @throws the loader's error if onnxruntime-node is not installed or has no binary for this platform; with `onnx-int8`,
 * also if this processor's sums of 8-bit products overflow
 */
export async function createOnnxDetector(backend: OnnxBackend = "onnx"): Promise<OnnxDetector> {
  const worker = new Worker(ownModule(import.meta.url, "./onnx-thread"), {
    // None of ours: they may hold a script (-e). Node warns of running TypeScript.
    execArgv: ["--disable-warning=ExperimentalWarning"],
    workerData: backend,
  });
  await once(worker, "message");
  worker.unref();
  const ended = new Promise<never>((_, reject) => {
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`the network's thread has ended (exit ${code})`)));
  });
  ended.catch(() => {});
  const inTurn = createTurns();
  const squares: Float32Array<ArrayBuffer>[] = [];

  /** Runs the network; the thread keeps the process alive only meanwhile. */
  const run = async (task: NetworkTask): Promise<NetworkReply> => {
    worker.ref();
    try {
      worker.postMessage(task, [task.square.buffer]);
      const replied = once(worker, "message") as Promise<[NetworkReply]>;
      replied.catch(() => {}); // `ended` reports the thread's errors
      const [reply] = await Promise.race([replied, ended]);
      return reply;
    } finally {
      worker.unref();
    }
  };

  return {
    backend,
    requestsAtOnce: 2,
    async detect(image, threshold, onWait) {
      const { width, height } = image;
      const square = squares.pop() ?? new Float32Array(INPUT_SIZE * INPUT_SIZE * 3);
      letterbox(image, INPUT_SIZE, "channels first", square);
      const queued = performance.now();
      const reply = await inTurn(() => run({ square, width, height, threshold }));
      // By the thread's own clock: this thread may have been busy with another picture when the reply came.
      onWait?.((performance.now() - queued) / 1000 - reply.seconds);
      squares.push(reply.square);
      return reply.faces;
    },
    async stop() {
      await worker.terminate();
    },
  };
}
