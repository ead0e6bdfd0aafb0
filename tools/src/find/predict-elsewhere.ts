import { parseSearchGoal, predictReplicas, type SearchReport, toModelCells } from "@slbench/analyzer";
import { FIND_SCHEMA } from "@slbench/analyzer/logs";
import { type Experiment, experimentCells } from "@slbench/jmeter-plans";
import { readResultFolder } from "../analyze/read-result.ts";
import { shellWord } from "../help/shell-word.ts";
import { readJob } from "../results/job.ts";
import { type FindRequest, readRunRecord } from "../results/result-folder.ts";
import { badFind, type FindFlags, makeRequest } from "./request.ts";

/** No more replicas of a function elsewhere are tried, unless --max says so. */
const MOST_REPLICAS = 100;

/**
 * How many replicas a function needs that slbench does not start, as the queueing model predicts it from earlier results
 * of it. Nothing is measured.
 *
 * @returns undefined if slbench starts the function, and can therefore measure
 * @throws {SlbenchError} USAGE_FIND without an earlier result, or if the model does not describe it; MODEL_…
 */
export async function predictElsewhere(
  experimentFile: string | undefined,
  flags: FindFlags,
): Promise<SearchReport | undefined> {
  const { experiment } = await readJob(experimentFile === undefined ? {} : { experimentFile });
  if (experiment.function.url === "local") return undefined;
  const request = makeRequest({ ...flags, max: flags.max ?? MOST_REPLICAS }, experiment);
  const { with: folders = [], users = 1, max: most = MOST_REPLICAS } = request;
  if (folders.length === 0)
    throw badFind(
      "slbench cannot change the replicas of a function that it does not start; it can predict them from an earlier result",
      "measure one replica with slbench run or slbench find, then add --with RESULT",
    );
  for (const folder of folders) await demandSameFunction(folder, experiment);
  const [condition] = experimentCells(experiment);
  const needed = predictReplicas(
    toModelCells(await Promise.all(folders.map((one) => readResultFolder(one)))),
    {
      ...{ goal: request.goal, users, most },
      thinkTimeSeconds: condition?.thinkTimeSeconds ?? 0,
      limitSeconds: experiment.function.timeoutSeconds,
    },
  );
  if (needed === undefined)
    throw badFind(
      "the model does not describe these results well enough to predict from them",
      `slbench model ${folders.map(shellWord).join(" ")} shows why; measure more numbers of users`,
    );
  return reportOf(request, users, needed);
}

const reportOf = (
  { goal, confidence, tolerance }: FindRequest,
  users: number,
  needed: NonNullable<ReturnType<typeof predictReplicas>>,
): SearchReport => ({
  ...{ schema: FIND_SCHEMA, goal, for: "replicas", users, confidence, tolerance },
  criteria: parseSearchGoal(goal).criteria,
  ...{ probes: [], curve: [], prediction: { needed } },
});

async function demandSameFunction(folder: string, { function: target }: Experiment): Promise<void> {
  const { url } = (await readRunRecord(folder)).function;
  if (url === target.url) return;
  throw badFind(`${folder}: the function is ${url} there, and ${target.url} here`, "leave it out of --with");
}
