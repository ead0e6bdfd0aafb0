import { parentPort, workerData } from "node:worker_threads";
import { predictBeyond } from "@slbench/analyzer";
import type { PredictAnswer, PredictTask } from "./predict-thread.ts";

const { cells, options } = workerData as PredictTask;
const answer: PredictAnswer = { prediction: predictBeyond(cells, options) };
parentPort?.postMessage(answer);
