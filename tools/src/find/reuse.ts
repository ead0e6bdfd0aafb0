import { basename } from "node:path";
import type { SearchGoal, SearchRun } from "@slbench/analyzer";
import { type Experiment, experimentCells } from "@slbench/jmeter-plans";
import { hostInfo } from "../environment/machine.ts";
import { type FindRequest, type RunCell, type RunRecord, readRunRecord } from "../results/result-folder.ts";
import { readMeasuredRun } from "./measured-run.ts";
import { badFind } from "./request.ts";

/** A run of an earlier result. */
export interface ReusedRun {
  /** Folder and cell. */
  readonly name: string;
  readonly cell: RunCell;
  readonly run: Omit<SearchRun, "load">;
  /** Why it is left out; absent: it is used. */
  readonly leftOut?: string;
}

/**
 * The runs of earlier results that a search may begin with: of the same function address, machine, requests per user and
 * start. Runs during which the host changed are left out.
 *
 * @throws {SlbenchError} USAGE_FIND if a result is of something else, FILE_NO_RESULT
 */
export async function readReused(
  request: FindRequest,
  goal: SearchGoal,
  experiment: Experiment,
): Promise<readonly ReusedRun[]> {
  const found: ReusedRun[] = [];
  for (const folder of request.with ?? []) {
    const record = await readRunRecord(folder);
    demandSame(folder, record, experiment);
    const like = record.cells.filter((cell) => isAlike(cell, request, experiment));
    for (const cell of like) found.push(...(await readOne(folder, cell, record, goal)));
    if (like.length === 0)
      throw badFind(`${folder} has no cell like those of this search`, "leave it out of --with");
  }
  return found;
}

async function readOne(
  folder: string,
  cell: RunCell,
  record: RunRecord,
  goal: SearchGoal,
): Promise<readonly ReusedRun[]> {
  const measured = await readMeasuredRun(folder, cell, record, goal, 0);
  if (measured === undefined) return [];
  const { run } = measured;
  const name = `${basename(folder)}/${cell.name}`;
  return [{ name, cell, run, ...(run.hasChanged === true && { leftOut: "the host changed during it" }) }];
}

/** Another function, host or number of requests has other response times. */
function demandSame(folder: string, record: RunRecord, { function: target, load }: Experiment): void {
  const { cores, processor, name } = hostInfo();
  const [host] = record.hosts;
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ["the function", record.function.local ? "local" : record.function.url, target.url],
    [
      "the machine",
      `${host?.name}, ${host?.processor}, ${host?.cores} cores`,
      `${name}, ${processor}, ${cores} cores`,
    ],
    ["requestsPerUser", record.requestsPerUser, load.requestsPerUser],
    ["durationSeconds", record.durationSeconds, load.durationSeconds],
    ["load.start", record.start, load.start],
  ];
  const differs = pairs.find(([, was, is]) => was !== is);
  if (differs === undefined) return;
  const [what, was, is] = differs;
  throw badFind(
    `${folder}: ${what} is ${was ?? "not given"} there, and ${is ?? "not given"} here`,
    "leave it out of --with",
  );
}

/** A cell of the same condition, but for what the search changes. */
function isAlike(cell: RunCell, { for: what, users, max = 0 }: FindRequest, experiment: Experiment): boolean {
  const [first] = experimentCells(experiment);
  const { replicaCount } = cell;
  const isServedAlike =
    what === "replicas"
      ? cell.users === users && replicaCount !== undefined && replicaCount <= max
      : replicaCount === undefined;
  return (
    isServedAlike &&
    cell.thinkTimeSeconds === first?.thinkTimeSeconds &&
    cell.thinkTime === first.thinkTime &&
    cell.process === first.process
  );
}
