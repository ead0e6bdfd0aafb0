import { type Analysis, analyze, type LogInput, renderTable } from "@slbench/analyzer";
import { ToolError } from "../errors.ts";
import { readLabelled, readLog } from "./labelled.ts";
import { analyzeResultFolder, isResultFolder, printDoubts, reportResult } from "./result-folder.ts";

/** `slbench analyze`: result folders each by itself, files together. */
export async function runAnalyze(
  paths: readonly string[],
  options: { readonly json?: boolean; readonly cell: readonly string[] },
): Promise<void> {
  if (paths.length === 0 && options.cell.length === 0) {
    throw new ToolError("USAGE_NO_INPUT", "nothing to analyse", {
      hint: "name a result folder or JTL files; slbench analyze --help has examples",
      exitCode: 2,
    });
  }
  const files: LogInput[] = [];
  for (const path of paths) {
    if (await isResultFolder(path)) {
      if (options.json === true) show((await analyzeResultFolder(path)).analysis, true);
      else await reportResult(path);
    } else {
      const text = await readLog(path);
      files.push({ users: countThreads(text), thinkTimeSeconds: 0, repetition: 1, source: path, text });
      process.stderr.write(
        `${path}: think time unknown, shown as 0; label it with --cell users=…,think=…,path=…\n`,
      );
    }
  }
  for (const label of options.cell) files.push(await readLabelled(label));
  if (files.length > 0) show(analyze(files), options.json === true);
}

function show({ summary }: Analysis, json: boolean): void {
  if (json) return void process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
  process.stdout.write(renderTable(summary.cells));
  printDoubts(summary);
}

/** Users of a log without a label: the distinct thread names in it. */
function countThreads(text: string): number {
  const names = new Set<string>();
  for (const [, xml, csv] of text.matchAll(/\btn="([^"]*)"|,([^,\n]*\d+-\d+),text,/g))
    names.add(xml ?? csv ?? "");
  return Math.max(1, names.size);
}
