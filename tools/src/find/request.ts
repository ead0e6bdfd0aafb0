import { resolve } from "node:path";
import {
  type LoadScale,
  loadOfValue,
  parseSearchGoal,
  type SearchOptions,
  type Tolerance,
} from "@slbench/analyzer";
import { type Experiment, experimentCells } from "@slbench/jmeter-plans";
import { hostInfo } from "../environment/machine.ts";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import type { FindRequest } from "../results/result-folder.ts";

/** The options of `slbench find` that say what to look for. */
export interface FindFlags {
  readonly goal?: string;
  readonly for?: FindRequest["for"];
  readonly tolerance?: string;
  readonly confidence?: number;
  readonly budgetSeconds?: number;
  readonly max?: number;
  /** Of every run, in a search for replicas. */
  readonly users?: number;
  /** Folders of earlier results. */
  readonly with?: readonly string[];
}

const DEFAULT_TOLERANCE = { users: "5%", rate: "5%", replicas: "0" } as const;
const DEFAULT_CONFIDENCE = 0.95;
const DEFAULT_BUDGET_SECONDS = 3600;
/** Steps between 0 and the first rate, if the tolerance is a share. */
const STEPS_TO_START = 20;

/**
 * What to look for, from the options and the experiment.
 * @throws {SlbenchError} USAGE_FIND, EXPRESSION_…
 */
export function makeRequest(flags: FindFlags, experiment: Experiment): FindRequest {
  const { load } = experiment;
  const { goal } = flags;
  if (goal === undefined) throw badFind("no goal given", "add one: --goal 'success>=0.99 and p95<2s'");
  parseSearchGoal(goal); // refuses a wrong one before the run
  const what = flags.for ?? (load.arrivals === undefined ? "users" : "rate");
  demandLoop(what, experiment);
  const { tolerance = DEFAULT_TOLERANCE[what] } = flags;
  const range = what === "replicas" ? replicaRange(flags, experiment) : loadRange(flags, experiment);
  if (range.max !== undefined && range.max < range.start)
    throw badFind(
      `--max ${range.max} is below the experiment's smallest load, ${range.start}`,
      "raise --max",
    );
  if (load.thinkTimeSeconds.length > 1) {
    throw badFind(
      `the experiment has ${load.thinkTimeSeconds.length} think times, and each has its own answer`,
      "keep one in load.thinkTimeSeconds, and search once for each",
    );
  }
  return {
    ...{ goal, for: what, tolerance },
    confidence: flags.confidence ?? DEFAULT_CONFIDENCE,
    budgetSeconds: flags.budgetSeconds ?? DEFAULT_BUDGET_SECONDS,
    ...range,
    step: stepOf(tolerance, what, range.start),
    ...(flags.with !== undefined && { with: flags.with.map((folder) => resolve(folder)) }),
  };
}

function demandLoop(what: FindRequest["for"], { load }: Experiment): void {
  const isOpen = load.arrivals !== undefined;
  if (what === "rate" && !isOpen)
    throw badFind("--for rate needs an open loop, but the experiment has users", "give it load.arrivals");
  if (what !== "rate" && isOpen)
    throw badFind(`--for ${what} needs a closed loop, but the experiment has arrivals`, "give it load.users");
  const { process = "poisson" } = load.arrivals ?? {};
  if (process !== "poisson" && process !== "constant")
    throw badFind(
      `the experiment's arrivals are ${process}: with another rate, bursts would be another share of them`,
      "use process: poisson or constant",
    );
}

type Range = Pick<FindRequest, "start" | "max" | "users">;

function loadRange({ max, users }: FindFlags, { load }: Experiment): Range {
  if (users !== undefined)
    throw badFind("--users is the load of a search for replicas", "add --for replicas, or leave it out");
  const start = Math.min(...(load.arrivals?.ratePerSecond ?? load.users));
  return { start, ...(max !== undefined && { max }) };
}

/** More replicas than this many per processor only wait for each other. */
const REPLICAS_PER_CORE = 2;

function replicaRange(
  { max = REPLICAS_PER_CORE * hostInfo().cores, users = 0 }: FindFlags,
  experiment: Experiment,
): Range {
  if (experiment.function.autoscale !== undefined)
    throw badFind(
      "function.autoscale changes the replicas during each run",
      "leave it out of the experiment",
    );
  if (!(users > 0)) throw badFind("--for replicas needs a number of users", "add it: --users 20");
  if (!Number.isInteger(max))
    throw badFind(`--max ${max} is not a whole number of replicas`, "give a whole number");
  return { start: Math.min(max, experiment.function.replicas), max, users };
}

/** Rates are searched in steps: of the tolerance itself, or small ones if it is a share. */
function stepOf(tolerance: string, what: FindRequest["for"], start: number): number {
  const parsed = parseTolerance(tolerance, what);
  if (what !== "rate") return 1;
  return "steps" in parsed ? Number(tolerance) : start / STEPS_TO_START;
}

function parseTolerance(text: string, what: FindRequest["for"]): Tolerance {
  const isShare = text.endsWith("%");
  const value = Number(text.replace(/%$/, ""));
  const fits = /^\d+(\.\d+)?%?$/.test(text) && (isShare ? value > 0 && value < 100 : true);
  if (fits && isShare && what !== "replicas") return { ratio: value / 100 };
  if (fits && !isShare && what !== "rate" && Number.isInteger(value)) return { steps: value };
  if (fits && !isShare && what === "rate" && value > 0) return { steps: 1 };
  throw badFind(`--tolerance is "${text}"`, TOLERANCE_HINTS[what]);
}

const TOLERANCE_HINTS = {
  users: "give users (1, or 0 for the exact number), or a share: 5%",
  rate: "give requests per second (0.5), or a share: 5%",
  replicas: "give replicas: 1, or 0 for the exact number",
} as const;

/** What the search's loads stand for. */
export const scaleOf = ({ for: what, step, max }: FindRequest): LoadScale => ({
  ...{ for: what, step },
  ...(what === "replicas" && max !== undefined && { mostReplicas: max }),
});

/** The search's options, in its own loads. */
export function searchOptions(request: FindRequest, experiment: Experiment): SearchOptions {
  const { goal, confidence, budgetSeconds, tolerance, start, max, step } = request;
  const [condition] = experimentCells(experiment);
  const scale = scaleOf(request);
  return {
    ...{ goal: parseSearchGoal(goal), confidence, budgetSeconds },
    tolerance: parseTolerance(tolerance, request.for),
    start: Math.max(1, loadOfValue(start, scale)),
    ...(max !== undefined && { most: Math.max(1, Math.floor(max / step)) }),
    ...(scale.mostReplicas !== undefined && { mostReplicas: scale.mostReplicas }),
    ...(request.for === "users" && { thinkTimeSeconds: condition?.thinkTimeSeconds ?? 0 }),
  };
}

/** The experiment with the search's first load alone: further cells are added as they are decided. */
export function firstLoadOnly(
  { load, ...experiment }: Experiment,
  { start, users, for: what }: FindRequest,
): Experiment {
  const { arrivals } = load;
  return {
    ...experiment,
    ...(what === "replicas" && { function: { ...experiment.function, replicas: start } }),
    load: {
      ...load,
      repetitions: 1,
      ...(arrivals === undefined
        ? { users: [users ?? start] }
        : { arrivals: { ...arrivals, ratePerSecond: [start] } }),
    },
  };
}

export const badFind = (message: string, hint: string) =>
  new SlbenchError<ToolErrorCode>("USAGE_FIND", message, { hint, exitCode: 2 });
