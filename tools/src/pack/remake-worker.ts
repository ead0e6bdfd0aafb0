import { parentPort, workerData } from "node:worker_threads";
import { parseThreshold } from "@slbench/analyzer/logs";
import { analyzeResultFolder } from "../analyze/write-result.ts";
import { systemError } from "../system-errors.ts";
import type { RemakeAnswer, RemakeTask } from "./remake.ts";

/** Runs in a worker thread, so that remake.ts can stop it. */
const { folder, into, thresholds } = workerData as RemakeTask;

async function remake(): Promise<RemakeAnswer> {
  try {
    await analyzeResultFolder(folder, thresholds.map(parseThreshold), into);
    return {};
  } catch (error) {
    const system = systemError(error);
    if (system !== undefined)
      return { system: { code: system.code, message: system.message, hint: system.hint } };
    // Forged logs may cause any error: report it as a finding about the archive.
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.postMessage(await remake());
