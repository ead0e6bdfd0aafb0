import { resolve } from "node:path";
import { parseSearchGoal, type SearchOptions, type Tolerance } from "@slbench/analyzer";
import { type Experiment, experimentCells } from "@slbench/jmeter-plans";
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
  /** Folders of earlier results. */
  readonly with?: readonly string[];
}

const DEFAULT_TOLERANCE = "5%";
const DEFAULT_CONFIDENCE = 0.95;
const DEFAULT_BUDGET_SECONDS = 3600;
/** Steps between 0 and the first rate, if the tolerance is a share. */
const STEPS_TO_START = 20;

/**
 * What to look for, from the options and the experiment.
 * @throws {SlbenchError} USAGE_FIND, EXPRESSION_…
 */
export function makeRequest(flags: FindFlags, { load }: Experiment): FindRequest {
  const { goal, tolerance = DEFAULT_TOLERANCE } = flags;
  if (goal === undefined) throw badFind("no goal given", "add one: --goal 'success>=0.99 and p95<2s'");
  parseSearchGoal(goal); // refuses a wrong one before the run
  const isOpen = load.arrivals !== undefined;
  const what = flags.for ?? (isOpen ? "rate" : "users");
  if (what === "rate" && !isOpen)
    throw badFind("--for rate needs an open loop, but the experiment has users", "give it load.arrivals");
  if (what === "users" && isOpen)
    throw badFind("--for users needs a closed loop, but the experiment has arrivals", "give it load.users");
  const { process = "poisson" } = load.arrivals ?? {};
  if (process !== "poisson" && process !== "constant")
    throw badFind(
      `the experiment's arrivals are ${process}: with another rate, bursts would be another share of them`,
      "use process: poisson or constant",
    );
  if (load.thinkTimeSeconds.length > 1) {
    throw badFind(
      `the experiment has ${load.thinkTimeSeconds.length} think times, and each has its own answer`,
      "keep one in load.thinkTimeSeconds, and search once for each",
    );
  }
  const start = Math.min(...(load.arrivals?.ratePerSecond ?? load.users));
  const { max } = flags;
  if (max !== undefined && max < start)
    throw badFind(`--max ${max} is below the experiment's smallest load, ${start}`, "raise --max");
  return {
    ...{ goal, for: what, tolerance, start },
    confidence: flags.confidence ?? DEFAULT_CONFIDENCE,
    budgetSeconds: flags.budgetSeconds ?? DEFAULT_BUDGET_SECONDS,
    ...(max !== undefined && { max }),
    step: stepOf(tolerance, what, start),
    ...(flags.with !== undefined && { with: flags.with.map((folder) => resolve(folder)) }),
  };
}

/** Rates are searched in steps: of the tolerance itself, or small ones if it is a share. */
function stepOf(tolerance: string, what: FindRequest["for"], start: number): number {
  const parsed = parseTolerance(tolerance, what);
  if (what === "users") return 1;
  return "steps" in parsed ? Number(tolerance) : start / STEPS_TO_START;
}

function parseTolerance(text: string, what: FindRequest["for"]): Tolerance {
  const isShare = text.endsWith("%");
  const value = Number(text.replace(/%$/, ""));
  const fits = /^\d+(\.\d+)?%?$/.test(text) && (isShare ? value > 0 && value < 100 : true);
  if (fits && isShare) return { ratio: value / 100 };
  if (fits && what === "users" && Number.isInteger(value)) return { steps: value };
  if (fits && what === "rate" && value > 0) return { steps: 1 };
  const example = what === "users" ? "users (1, or 0 for the exact number)" : "requests per second (0.5)";
  throw badFind(`--tolerance is "${text}"`, `give ${example}, or a share: 5%`);
}

/** The search's options: its loads are numbers of users, or of steps of the rate. */
export function searchOptions(request: FindRequest, experiment: Experiment): SearchOptions {
  const { goal, confidence, budgetSeconds, tolerance, start, max, step } = request;
  const [condition] = experimentCells(experiment);
  return {
    ...{ goal: parseSearchGoal(goal), confidence, budgetSeconds },
    tolerance: parseTolerance(tolerance, request.for),
    start: Math.max(1, Math.round(start / step)),
    ...(max !== undefined && { most: Math.max(1, Math.floor(max / step)) }),
    ...(request.for === "users" && { thinkTimeSeconds: condition?.thinkTimeSeconds ?? 0 }),
  };
}

/** The experiment with the search's first load alone: further cells are added as they are decided. */
export function firstLoadOnly({ load, ...experiment }: Experiment, { start }: FindRequest): Experiment {
  const { arrivals } = load;
  return {
    ...experiment,
    load: {
      ...load,
      repetitions: 1,
      ...(arrivals === undefined
        ? { users: [start] }
        : { arrivals: { ...arrivals, ratePerSecond: [start] } }),
    },
  };
}

export const badFind = (message: string, hint: string) =>
  new SlbenchError<ToolErrorCode>("USAGE_FIND", message, { hint, exitCode: 2 });
