import { join, resolve } from "node:path";
import {
  formatCount,
  parseSearchGoal,
  renderSearchAnswer,
  type SearchReport,
  toModelCells,
} from "@slbench/analyzer";
import { reportResult } from "../analyze/report-result.ts";
import { analyzeResultFolder } from "../analyze/write-result.ts";
import { shellWord } from "../help/shell-word.ts";
import { type Job, readJob } from "../results/job.ts";
import { FIND_FILE, type FindRequest, writeJson } from "../results/result-folder.ts";
import type { Progress } from "../run/progress.ts";
import { rejectedError } from "../run/rejected.ts";
import { measureJob, takeUp } from "../run/run-experiment.ts";
import { predictElsewhere } from "./predict-elsewhere.ts";
import { predictInThread } from "./predict-thread.ts";
import { badFind, type FindFlags, firstLoadOnly, makeRequest } from "./request.ts";
import { type ReusedRun, readReused } from "./reuse.ts";
import { firstCell, planSearch, type Search } from "./search-plan.ts";

export interface FindOptions extends FindFlags {
  readonly out?: string;
  readonly resume?: string;
  readonly requestsPerUser?: number;
  readonly json?: boolean;
}

/**
 * `slbench find`: runs the cells that the search decides, then prints the answer and writes the report.
 * @returns the report's file; undefined if nothing was measured, because replicas of a function elsewhere are predicted
 */
export async function runFind(
  experimentFile: string | undefined,
  options: FindOptions,
  progress: Progress,
): Promise<string | undefined> {
  if (options.for === "replicas" && options.resume === undefined) {
    const predicted = await predictElsewhere(experimentFile, options);
    if (predicted !== undefined) return print(predicted, options);
  }
  const { job, request, reused } = await readFindJob(experimentFile, options);
  const used = reused.filter(({ leftOut }) => leftOut === undefined);
  for (const line of describeReused(reused)) progress.say(line);
  const search = planSearch(request, job.experiment, used, (what) => progress.reason(what));
  const result = await measureJob(job, options.out, search.plan, progress);
  if (result.rejected !== undefined) throw rejectedError(result.rejected, result.folder);
  const report = await withPrediction(search, request, job);
  await writeJson(join(result.folder, FIND_FILE), report);
  const isJson = options.json === true;
  const { reportFile } = await (isJson ? analyzeResultFolder : reportResult)(result.folder);
  process.stdout.write(isJson ? `${JSON.stringify(report, null, 2)}\n` : `\n${renderSearchAnswer(report)}`);
  if (!isAnswered(report)) process.exitCode = 5;
  return reportFile;
}

function print(report: SearchReport, { json }: FindOptions): undefined {
  process.stdout.write(json === true ? `${JSON.stringify(report, null, 2)}\n` : renderSearchAnswer(report));
  if (report.prediction?.needed?.replicas === undefined) process.exitCode = 5;
}

interface FindJob {
  readonly job: Job;
  readonly request: FindRequest;
  readonly reused: readonly ReusedRun[];
}

/** The job of a new search, or of one that is continued: the budget alone may change. */
async function readFindJob(experimentFile: string | undefined, options: FindOptions): Promise<FindJob> {
  const { resume, requestsPerUser } = options;
  if (resume !== undefined) return resumeFind(resolve(resume), experimentFile, options);
  const read = await readJob({
    ...(experimentFile !== undefined && { experimentFile }),
    ...(requestsPerUser !== undefined && { requestsPerUser }),
  });
  const request = makeRequest(options, read.experiment);
  const experiment = firstLoadOnly(read.experiment, request);
  const reused = await readReused(request, parseSearchGoal(request.goal), experiment);
  const used = reused.filter(({ leftOut }) => leftOut === undefined);
  const cells = [firstCell(request, experiment, used)];
  return { job: { ...read, experiment, find: request, cells }, request, reused };
}

async function resumeFind(
  folder: string,
  experimentFile: string | undefined,
  options: FindOptions,
): Promise<FindJob> {
  const fixed = [
    "goal",
    "for",
    "users",
    "tolerance",
    "confidence",
    "max",
    "requestsPerUser",
    "out",
    "with",
  ] as const;
  const given = fixed.find((name) => options[name] !== undefined);
  if (experimentFile !== undefined || given !== undefined) {
    throw badFind(
      "--resume continues the search as it began and takes no experiment and no option but --budget and --json",
      `slbench find --resume ${shellWord(options.resume ?? "")}`,
    );
  }
  await takeUp(folder);
  const read = await readJob({ resume: folder });
  const find = read.resumed?.record.find;
  if (find === undefined)
    throw badFind(
      `${folder} is not a search result`,
      `continue it as it began: slbench run --resume ${shellWord(options.resume ?? "")}`,
    );
  const { budgetSeconds = find.budgetSeconds } = options;
  const request = { ...find, budgetSeconds };
  const experiment = firstLoadOnly(read.experiment, request);
  const reused = await readReused(request, parseSearchGoal(request.goal), experiment);
  return { job: { ...read, experiment, find: request }, request, reused };
}

/** What a search begins with, and what of it is left out. */
function describeReused(reused: readonly ReusedRun[]): readonly string[] {
  if (reused.length === 0) return [];
  const used = reused.filter(({ leftOut }) => leftOut === undefined).length;
  return [
    `find: begins with ${used} of ${formatCount(reused.length, "earlier run")}: they guide the search but do not count as evidence`,
    ...reused.flatMap(({ name, leftOut }) =>
      leftOut === undefined ? [] : [`find: leaves out ${name}: ${leftOut}`],
    ),
  ];
}

/** Adds what the queueing model says beyond the answer, for users of closed loops. */
async function withPrediction(
  search: Search,
  { goal, for: what }: FindRequest,
  { experiment }: Job,
): Promise<SearchReport> {
  const report = search.report();
  if (what !== "users" || report.answer === undefined) return report;
  const cells = toModelCells(search.analyses());
  const thinkTimeSeconds = cells[0]?.thinkTimeSeconds ?? 0;
  const { timeoutSeconds: limitSeconds } = experiment.function;
  const options = { goal, thinkTimeSeconds, users: report.answer.load, limitSeconds };
  const prediction = await predictInThread({ cells, options });
  return prediction === undefined ? report : { ...report, prediction };
}

/** Whether the number is known within the tolerance, or shown up to the greatest one that may be tried. */
function isAnswered({ answer }: SearchReport): boolean {
  if (answer === undefined) return false;
  return answer.verdict === "decided" || (answer.verdict === "at-least" && answer.limitedBy === "most");
}
