import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseThreshold } from "@slbench/analyzer/logs";

export const ANALYSIS_FILE = "analysis.json";

/** analysis.json: how the folder's outputs were made, so that verify can reproduce them. */
export interface AnalysisRecord {
  readonly schema: "slbench.analysis/2";
  readonly slbench: string;
  /** Thresholds of the command line; the others are in the experiment. */
  readonly thresholds: readonly string[];
}

/** The record of a folder's last analysis; undefined if missing or unreadable. */
export async function readAnalysisRecord(folder: string): Promise<AnalysisRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(join(folder, ANALYSIS_FILE), "utf8")) as AnalysisRecord;
    record.thresholds.forEach(parseThreshold);
    return record;
  } catch {
    return undefined;
  }
}
