import { basename, dirname } from "node:path";
import { type Analysis, analyze, type ModelCell } from "@slbench/analyzer";
import { readLabelled } from "../analyze/labelled.ts";
import { isResultFolder, readResultFolder } from "../analyze/result-folder.ts";
import { ToolError } from "../errors.ts";
import { toModelCells } from "./to-model-cells.ts";

/**
 * The measured cells of result folders (or the summary.json in one) and labelled logs.
 * @throws {ToolError} MODEL_NO_INPUT, FILE_NO_RESULT
 */
export async function readModelCells(
  results: readonly string[],
  labels: readonly string[],
): Promise<readonly ModelCell[]> {
  if (results.length === 0 && labels.length === 0) {
    throw new ToolError("MODEL_NO_INPUT", "no measurement to fit", {
      hint: "name a result folder, or logs with --cell users=…,think=…,path=…",
      exitCode: 2,
    });
  }
  const analyses: Analysis[] = [];
  for (const result of results) {
    const folder = basename(result) === "summary.json" ? dirname(result) : result;
    if (!(await isResultFolder(folder))) {
      throw new ToolError("FILE_NO_RESULT", `${result} is no result folder`, {
        hint: "a log needs its condition: --cell users=…,think=…,path=…",
        exitCode: 2,
      });
    }
    analyses.push(await readResultFolder(folder));
  }
  if (labels.length > 0)
    analyses.push(analyze(await Promise.all(labels.map((label) => readLabelled(label)))));
  return toModelCells(analyses);
}
