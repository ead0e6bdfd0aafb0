import { basename, dirname } from "node:path";
import {
  type Analysis,
  analyze,
  formatCount,
  isClosedLoop,
  type ModelCell,
  processorNeedOf,
  toModelCells,
} from "@slbench/analyzer";
import { readLabelled } from "../analyze/labelled.ts";
import { isResultFolder, readResultFolder, requireResultFolder } from "../analyze/read-result.ts";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { requestCell } from "./request-cells.ts";
import { readSummaryCells } from "./summary-cells.ts";

/**
 * Reads the measured cells of result folders, summary.json files and labelled logs. A summary.json in its result folder
 * stands for the folder, which also has every client's requests. Skips open loops: their requests do not wait for
 * responses.
 * @param notify receives a line about each input without single requests, and about open loops
 * @throws {SlbenchError} MODEL_NO_INPUT, MODEL_NO_CELLS, MODEL_NO_REPORTS, FILE_NO_RESULT, FILE_BAD_SUMMARY
 */
export async function readModelCells(
  results: readonly string[],
  labels: readonly string[],
  notify: (line: string) => void,
): Promise<readonly ModelCell[]> {
  if (results.length === 0 && labels.length === 0) {
    throw new SlbenchError<ToolErrorCode>("MODEL_NO_INPUT", "no measurement to fit", {
      hint: "name a result folder, or logs with --cell users=…,think=…,path=…",
      exitCode: 2,
    });
  }
  const analyses: Analysis[] = [];
  const summarized: ModelCell[] = [];
  let openLoops = 0;
  for (const result of results) {
    const folder = basename(result) === "summary.json" ? dirname(result) : result;
    if (await isResultFolder(folder)) analyses.push(await readResultFolder(folder));
    else if (result.endsWith(".json")) {
      const all = await readSummaryCells(result);
      const cells = all.filter(isClosedLoop);
      openLoops += all.length - cells.length;
      summarized.push(
        ...cells.map((summary) => {
          const { users, thinkTimeSeconds, meanActiveUsers } = summary;
          const functionCpu = processorNeedOf(summary);
          return {
            ...{ users, thinkTimeSeconds, clients: [], summary },
            ...(meanActiveUsers !== undefined && { meanActiveUsers }),
            ...(functionCpu !== undefined && { functionCpu }),
          };
        }),
      );
      notify(
        `${result}: no logs found, so the model uses means and standard errors of its ${cells.length} cells\n`,
      );
    } else {
      await requireResultFolder(
        result,
        "name a result folder, or give a log its condition with --cell users=…,think=…,path=…",
      );
    }
  }
  const inputs = await Promise.all(labels.map((label) => readLabelled(label, { keepSamples: true })));
  const reported = inputs.filter(({ log }) => log?.hasReports === true);
  if (reported.length > 0) analyses.push(analyze(reported));
  const requests = inputs.filter((input) => !reported.includes(input)).map(requestCell);
  if (requests.length > 0)
    notify(
      `no clients' reports in ${formatCount(requests.length, "log")}: each sample counts as a request\n`,
    );
  const found = [...toModelCells(analyses), ...requests, ...summarized];
  openLoops += analyses.flatMap(({ summary }) => summary.cells).filter((cell) => !isClosedLoop(cell)).length;
  if (openLoops > 0) reportOpenLoops(openLoops, found.length, notify);
  return found;
}

/** @throws {SlbenchError} MODEL_NO_CELLS if there is nothing else */
function reportOpenLoops(openLoops: number, others: number, notify: (line: string) => void): void {
  if (others === 0)
    throw new SlbenchError<"MODEL_NO_CELLS">(
      "MODEL_NO_CELLS",
      `all cells (${openLoops}) are open loops: the model is fitted to users who wait for their responses`,
      { hint: "measure with load.users too; slbench model --arrivals then predicts open loops" },
    );
  notify(
    `${formatCount(openLoops, "cell")} of open loops left out: the model is fitted to users who wait for their responses; compare with --arrivals\n`,
  );
}
