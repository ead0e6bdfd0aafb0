import { readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { type Analysis, analyze, type ModelCell, SUMMARY_SCHEMA, type Summary } from "@slbench/analyzer";
import { readLabelled } from "../analyze/labelled.ts";
import { isResultFolder, readResultFolder } from "../analyze/result-folder.ts";
import { ToolError } from "../errors.ts";
import { toModelCells } from "./to-model-cells.ts";

/**
 * The measured cells of result folders, summary.json files and labelled logs. A summary.json that lies in its
 * result folder stands for the folder, which knows more: every client's frames.
 * @param say where a summary without its folder is announced
 * @throws {ToolError} MODEL_NO_INPUT, FILE_NO_RESULT, FILE_BAD_SUMMARY
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
      const { cells } = await readSummary(result);
      summarized.push(...cells.map((cell) => ({ ...conditionOf(cell), clients: [], summary: cell })));
      say(`${result}: no logs beside it, so its ${cells.length} cells are taken by their means and errors\n`);
    } else {
      throw new ToolError("FILE_NO_RESULT", `${result} is no result folder`, {
        hint: "a log needs its condition: --cell users=…,think=…,path=…",
        exitCode: 2,
      });
    }
  }
  if (labels.length > 0)
    analyses.push(analyze(await Promise.all(labels.map((label) => readLabelled(label)))));
  return [...toModelCells(analyses), ...summarized];
}

const conditionOf = ({ users, thinkTimeSeconds }: ModelCell["summary"] & object) => ({
  users,
  thinkTimeSeconds,
});

async function readSummary(path: string): Promise<Summary> {
  const problem = (what: string, cause?: unknown) =>
    new ToolError("FILE_BAD_SUMMARY", `${path}: ${what}`, {
      hint: "give a summary.json as slbench run, or slbench analyze --json, writes it",
      exitCode: 2,
      cause,
    });
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw problem("cannot be read", cause);
  });
  let summary: Partial<Summary> | null;
  try {
    summary = JSON.parse(text) as Partial<Summary> | null;
  } catch (cause) {
    throw problem("is not JSON", cause);
  }
  if (summary?.schema !== SUMMARY_SCHEMA)
    throw problem(`its schema is ${JSON.stringify(summary?.schema)}, not "${SUMMARY_SCHEMA}"`);
  if (summary.cells === undefined || summary.cells.length === 0) throw problem("it holds no cells");
  return summary as Summary;
}
