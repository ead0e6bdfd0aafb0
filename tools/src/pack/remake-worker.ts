import { parentPort, workerData } from "node:worker_threads";
import { rulesOf } from "../analyze/analysis-record.ts";
import { analyzeResultFolder } from "../analyze/write-result.ts";
import { systemError } from "../system-errors.ts";
import type { RemakeAnswer, RemakeTask } from "./remake.ts";

/** Runs in a worker thread, so that remake.ts can stop it. */
const { folder, into, rules } = workerData as RemakeTask;

async function remake(): Promise<RemakeAnswer> {
  try {
    await analyzeResultFolder(folder, rulesOf(rules), into);
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
