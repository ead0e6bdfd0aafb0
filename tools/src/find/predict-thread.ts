import { Worker } from "node:worker_threads";
import type { BeyondOptions, ModelCell, SearchPrediction } from "@slbench/analyzer";

/** Input of predict-worker.ts, which survives structured cloning. */
export interface PredictTask {
  readonly cells: readonly ModelCell[];
  readonly options: BeyondOptions;
}

/** Reply of predict-worker.ts. */
export interface PredictAnswer {
  readonly prediction: SearchPrediction | undefined;
}

/**
 * predictBeyond() in a thread of its own: it simulates for half a second and more, in which the live page, the metrics
 * and Ctrl-C would get no response.
 */
export async function predictInThread(workerData: PredictTask): Promise<SearchPrediction | undefined> {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const worker = new Worker(new URL(`./predict-worker.${extension}`, import.meta.url), { workerData });
  try {
    const { prediction } = await new Promise<PredictAnswer>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
      worker.once("exit", () => reject(new Error("the prediction ended without a result")));
    });
    return prediction;
  } finally {
    await worker.terminate();
  }
}
