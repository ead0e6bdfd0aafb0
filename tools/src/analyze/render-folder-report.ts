import { renderReport } from "@slbench/analyzer";
import { analyze } from "@slbench/analyzer/logs";
import { readCells } from "./read-result.ts";
import { readThresholds } from "./write-result.ts";

/**
 * The report of what a result folder has so far, without writing anything.
 * @throws {SlbenchError} FILE_NO_RESULT if it is not a result folder or has no finished cell
 */
export async function renderFolderReport(folder: string): Promise<string> {
  const thresholds = await readThresholds(folder);
  const { run, inputs, skipped } = await readCells(folder);
  return renderReport(analyze(inputs, {}, skipped), { run, inputs, thresholds });
}
