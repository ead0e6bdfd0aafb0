import type { BeyondOptions, ModelCell, SearchPrediction } from "@slbench/analyzer";
import { ownModule } from "@slbench/handler/own-module";
import { runInThread } from "../process/run-in-thread.ts";

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
export async function predictInThread(task: PredictTask): Promise<SearchPrediction | undefined> {
  const module = ownModule(import.meta.url, "./predict-worker");
  const { prediction } = await runInThread<PredictTask, PredictAnswer>(module, task);
  return prediction;
}
