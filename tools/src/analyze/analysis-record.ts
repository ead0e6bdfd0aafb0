import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseThreshold, type Threshold } from "@slbench/analyzer/logs";

export const ANALYSIS_FILE = "analysis.json";

/** Thresholds besides the experiment's, and the confidence with which all of them are judged; default 0.95. */
export interface Rules {
  readonly thresholds?: readonly Threshold[];
  readonly confidence?: number;
}

/** analysis.json: how the folder's outputs were made, so that verify can reproduce them. */
export interface AnalysisRecord {
  readonly schema: "slbench.analysis/2";
  readonly slbench: string;
  /** Thresholds of the command line; the others are in the experiment. */
  readonly thresholds: readonly string[];
  /** With which they were judged; absent: 0.95. */
  readonly confidence?: number;
}

/** The rules of a recorded analysis, as analyzeResultFolder() takes them. */
export const rulesOf = ({
  thresholds,
  confidence,
}: Pick<AnalysisRecord, "thresholds" | "confidence">): Rules => ({
  thresholds: thresholds.map(parseThreshold),
  ...(confidence !== undefined && { confidence }),
});

/** The record of a folder's last analysis; undefined if missing or unreadable. */
export async function readAnalysisRecord(folder: string): Promise<AnalysisRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(join(folder, ANALYSIS_FILE), "utf8")) as AnalysisRecord;
    rulesOf(record);
    const { confidence = 0.95 } = record;
    if (!(confidence > 0.5 && confidence < 1)) return undefined;
    return record;
  } catch {
    return undefined;
  }
}
