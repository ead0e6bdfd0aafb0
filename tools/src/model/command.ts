import {
  answerQuestions,
  checkQuestions,
  type ModelAnswer,
  type ModelCell,
  type Questions,
  renderJmva,
  renderModelText,
  renderPredictionsCsv,
} from "@slbench/analyzer";
import { formatCount } from "@slbench/analyzer/logs";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { writeNamed } from "../files/output-file.ts";
import { pictureFile } from "../files/picture.ts";
import { progressOutput } from "../progress-output.ts";
import { readModelCells } from "./cells.ts";
import { type PlatformFlags, readPlatform } from "./platform.ts";

/** The options of `slbench model`. */
export interface ModelOptions
  extends Omit<Questions, "replications" | "timeout" | "platform" | "burst">,
    PlatformFlags {
  /** Seconds; default: the clients' own limit. */
  readonly timeout?: number;
  readonly cell: readonly string[];
  readonly export?: string;
  readonly out?: string;
  readonly plots?: string;
  readonly json?: boolean;
}

/** The limit of the published runs, for logs that do not have it. */
const PUBLISHED_LIMIT_SECONDS = 25;

/** The largest time limit of the cells' clients, seconds. */
function timeLimit(cells: readonly ModelCell[]): number {
  const limits = cells.flatMap(({ timeoutSeconds }) => timeoutSeconds ?? []);
  return limits.length === 0 ? PUBLISHED_LIMIT_SECONDS : Math.max(...limits);
}

/** `slbench model`: reads cells, fits the model, and prints or writes the predictions. */
export async function runModel(results: readonly string[], options: ModelOptions): Promise<void> {
  if (options.export !== undefined && !["jmt", "csv", "json"].includes(options.export)) {
    throw new SlbenchError<ToolErrorCode>("USAGE_EXPORT", `--export is "${options.export}"`, {
      hint: "give jmt, csv or json",
      exitCode: 2,
    });
  }
  const plot = options.plots === undefined ? undefined : pictureFile(options.plots, "model");
  const platform = readPlatform(options);
  const questions = { ...options, ...(platform !== undefined && { platform }) };
  checkQuestions(questions);
  const cells = await readModelCells(results, options.cell, (line) => process.stderr.write(line));
  // The computation takes seconds, and nothing else can run meanwhile.
  progressOutput.write(`model: fitting to ${formatCount(cells.length, "cell")} …\n`);
  const answer = answerQuestions(cells, { ...questions, timeout: options.timeout ?? timeLimit(cells) });
  if (plot !== undefined) {
    const { writeModelPlot } = await import("./plot.ts");
    await writeModelPlot(answer, plot);
    process.stderr.write(`Wrote ${plot}\n`);
  }
  if (options.export !== undefined) return writeExport(answer, options);
  const text = options.json === true ? `${JSON.stringify(answer, null, 2)}\n` : renderModelText(answer);
  process.stdout.write(text);
}

async function writeExport(answer: ModelAnswer, options: ModelOptions): Promise<void> {
  const text = renderExport(answer, options.export ?? "json");
  if (options.export === "jmt" && answer.parameters.discipline !== undefined) {
    process.stderr.write(
      "model: JMVA assumes product form; with constant think times and a first-come, first-served host, real waits are shorter\n",
    );
  }
  if (options.out === undefined) return void process.stdout.write(text);
  await writeNamed(options.out, text);
  process.stderr.write(`Wrote ${options.out}\n`);
}

function renderExport(answer: ModelAnswer, format: string): string {
  if (format === "csv") return renderPredictionsCsv(answer.predictions);
  if (format === "json") return `${JSON.stringify(answer, null, 2)}\n`;
  // A JMVA file has one population. Use the largest predicted one; JMT's what-if analysis can vary it.
  const heaviest = answer.predictions.reduce((a, b) => (b.users > a.users ? b : a));
  return renderJmva(answer.parameters, heaviest.users, heaviest.thinkTimeSeconds);
}
