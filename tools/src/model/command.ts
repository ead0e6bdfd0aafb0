import { writeFile } from "node:fs/promises";
import {
  answerQuestions,
  type ModelAnswer,
  renderJmva,
  renderModelText,
  renderPredictionsCsv,
} from "@slbench/analyzer";
import type { ModelOptions } from "../commands/model.ts";
import { ToolError } from "../errors.ts";
import { readModelCells } from "./cells.ts";

/** `slbench model`: reads cells, fits, answers, writes what was asked for. */
export async function runModel(results: readonly string[], options: ModelOptions): Promise<void> {
  if (options.export !== undefined && !["jmt", "csv", "json"].includes(options.export)) {
    throw new ToolError("USAGE_EXPORT", `--export is "${options.export}"`, {
      hint: "give jmt, csv or json",
      exitCode: 2,
    });
  }
  const cells = await readModelCells(results, options.cell, (line) => process.stderr.write(line));
  const answer = answerQuestions(cells, options);
  if (options.plot !== undefined) {
    const { writeModelPlot } = await import("./plot.ts");
    await writeModelPlot(answer, options.plot);
  }
  if (options.export !== undefined) return writeExport(answer, options);
  const text = options.json === true ? `${JSON.stringify(answer, null, 2)}\n` : renderModelText(answer);
  process.stdout.write(text);
}

async function writeExport(answer: ModelAnswer, options: ModelOptions): Promise<void> {
  const text = renderExport(answer, options.export ?? "json");
  if (options.export === "jmt" && answer.parameters.discipline !== undefined) {
    process.stderr.write(
      "model: JMVA solves product form: constant think times before a host that serves first come, first served, wait less than it says\n",
    );
  }
  if (options.out === undefined) return void process.stdout.write(text);
  await writeFile(options.out, text).catch((cause: unknown) => {
    throw new ToolError("FILE_NOT_WRITABLE", `cannot write ${options.out}`, {
      hint: "name another --out",
      cause,
    });
  });
  process.stderr.write(`Wrote ${options.out}\n`);
}

function renderExport(answer: ModelAnswer, format: string): string {
  if (format === "csv") return renderPredictionsCsv(answer.predictions);
  if (format === "json") return `${JSON.stringify(answer, null, 2)}\n`;
  // JMVA holds one population: the heaviest predicted condition; JMT's what-if sweeps from there.
  const heaviest = answer.predictions.reduce((a, b) => (b.users > a.users ? b : a));
  return renderJmva(answer.parameters, heaviest.users, heaviest.thinkTimeSeconds);
}
