import { parentPort } from "node:worker_threads";
import { type FindTask, runFindTask } from "./suite.ts";

parentPort?.on("message", (task: FindTask) => parentPort?.postMessage(runFindTask(task)));
