import { basename, dirname } from "node:path";
import { type Analysis, analyze, type ModelCell, toModelCells } from "@slbench/analyzer";
import { readLabelled } from "../analyze/labelled.ts";
import { isResultFolder, readResultFolder } from "../analyze/result-folder.ts";
import { ToolError } from "../errors.ts";
import { requestCell } from "./request-cells.ts";
import { readSummaryCells } from "./summary-cells.ts";

/**
 * The measured cells of result folders, summary.json files and labelled logs. A summary.json that lies in its
 * result folder stands for the folder, which knows more: every client's requests.
 * @param say where a summary without its folder is announced
 * @throws {ToolError} MODEL_NO_INPUT, MODEL_NO_REPORTS, FILE_NO_RESULT, FILE_BAD_SUMMARY
 */
export async function readModelCells(
  results: readonly string[],
  labels: readonly string[],
  say: (line: string) => void,
): Promise<readonly ModelCell[]> {
  if (results.length === 0 && labels.length === 0) {
    throw new ToolError("MODEL_NO_INPUT", "no measurement to fit", {
      hint: "name a result folder, or logs with --cell users=…,think=…,path=…",
      exitCode: 2,
    });
  }
  const analyses: Analysis[] = [];
  const summarized: ModelCell[] = [];
  for (const result of results) {
    const folder = basename(result) === "summary.json" ? dirname(result) : result;
    if (await isResultFolder(folder)) analyses.push(await readResultFolder(folder));
    else if (result.endsWith(".json")) {
      const cells = await readSummaryCells(result);
      summarized.push(
        ...cells.map((summary) => {
          const { users, thinkTimeSeconds, meanActiveUsers } = summary;
          return {
            ...{ users, thinkTimeSeconds, clients: [], summary },
            ...(meanActiveUsers !== undefined && { meanActiveUsers }),
          };
        }),
      );
      say(`${result}: no logs beside it, so its ${cells.length} cells are taken by their means and errors\n`);
    } else {
      throw new ToolError("FILE_NO_RESULT", `${result} is no result folder`, {
        hint: "a log needs its condition: --cell users=…,think=…,path=…",
        exitCode: 2,
      });
    }
  }
  const inputs = await Promise.all(labels.map((label) => readLabelled(label, { keepSamples: true })));
  const reported = inputs.filter(({ log }) => log?.hasReports === true);
  if (reported.length > 0) analyses.push(analyze(reported));
  const requests = inputs.filter((input) => !reported.includes(input)).map(requestCell);
  if (requests.length > 0)
    say(`${requests.length} logs hold no clients' reports: each sample is taken as a request\n`);
  return [...toModelCells(analyses), ...requests, ...summarized];
}
