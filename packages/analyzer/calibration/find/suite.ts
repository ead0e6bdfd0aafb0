import { mixSeed } from "../seeds.ts";
import { FIND_HOSTS, type FindHost } from "./hosts.ts";
import {
  aiperf,
  bisection,
  type Found,
  find,
  guidellm,
  meanMargin,
  type Procedure,
  sweep,
  sweepSeconds,
} from "./searchers.ts";

/** The procedures by the names that the page shows. */
export const PROCEDURES = [
  "slbench find",
  "sweep, 3 runs each",
  "sweep in steps, 3 runs each",
  "bisection, 1 run each",
  "bisection, 3 runs each",
  "AIPerf, monotonic",
  "guidellm, goodput",
  "slbench find, whole runs only",
] as const;
export type ProcedureName = (typeof PROCEDURES)[number];

/** A part of the benchmark for one thread. All fields survive structured cloning. */
export type FindTask =
  | {
      readonly kind: "searches";
      readonly host: number;
      readonly procedure: ProcedureName;
      readonly from: number;
      readonly to: number;
      readonly seed: number;
    }
  /** The goal's mean margin at the host's load, and at one step more. */
  | { readonly kind: "truth"; readonly host: number; readonly runs: number; readonly seed: number };

export type FindResult =
  | { readonly kind: "searches"; readonly found: readonly Found[] }
  | { readonly kind: "truth"; readonly margins: readonly [number, number] };

export interface FindSize {
  readonly seed: number;
  /** Searches per host and procedure. */
  readonly searches: number;
  /** Sweeps per host: they take a hundred times as long. */
  readonly sweeps: number;
  /** Runs that the true figures are averaged over. */
  readonly truthRuns: number;
  readonly procedures?: readonly ProcedureName[];
  /** Indexes of hosts.ts; absent: all. */
  readonly hosts?: readonly number[];
}

export const FULL_FIND: FindSize = { seed: 19, searches: 200, sweeps: 40, truthRuns: 1000 };

export interface HostResult {
  readonly host: FindHost;
  readonly margins: readonly [number, number];
  readonly found: ReadonlyMap<ProcedureName, readonly Found[]>;
}

const PER_TASK = 20;

/** Runs all searches; the same size gives the same result on any number of threads. */
export async function runFindSuite(
  size: FindSize,
  runTasks: (tasks: readonly FindTask[]) => Promise<readonly FindResult[]>,
): Promise<readonly HostResult[]> {
  const indexes = size.hosts ?? FIND_HOSTS.map((_, index) => index);
  const procedures = size.procedures ?? PROCEDURES;
  const { seed } = size;
  const tasks = indexes.flatMap((host): readonly FindTask[] => [
    { kind: "truth", host, runs: size.truthRuns, seed },
    ...procedures.flatMap((procedure) => {
      const count = procedure.startsWith("sweep") ? size.sweeps : size.searches;
      return Array.from({ length: Math.ceil(count / PER_TASK) }, (_, part): FindTask => {
        const from = part * PER_TASK;
        return { kind: "searches", host, procedure, from, to: Math.min(count, from + PER_TASK), seed };
      });
    }),
  ]);
  const results = await runTasks(tasks);
  return indexes.map((index) => collectHost(index, procedures, tasks, results));
}

function collectHost(
  index: number,
  procedures: readonly ProcedureName[],
  tasks: readonly FindTask[],
  results: readonly FindResult[],
): HostResult {
  const own = results.filter((_, at) => tasks[at]?.host === index);
  const truth = own.find((result) => result.kind === "truth");
  const found = new Map(
    procedures.map((procedure) => [
      procedure,
      results.flatMap((result, at) => {
        const task = tasks[at];
        const isOwn = task?.kind === "searches" && task.host === index && task.procedure === procedure;
        return isOwn && result.kind === "searches" ? result.found : [];
      }),
    ]),
  );
  return { host: FIND_HOSTS[index] as FindHost, margins: truth?.margins ?? [Number.NaN, Number.NaN], found };
}

export function runFindTask(task: FindTask): FindResult {
  const host = FIND_HOSTS[task.host] as FindHost;
  if (task.kind === "truth") {
    const margin = (load: number) => meanMargin(host, load, task.runs, mixSeed(task.seed, 1, load));
    return { kind: "truth", margins: [margin(host.trueLoad), margin(host.trueLoad + 1)] };
  }
  const procedure = procedureOf(task.procedure, host, task.seed);
  // Both kinds of search meet the same runs, as long as they ask for the same loads.
  const name = task.procedure.startsWith("slbench find") ? "slbench find" : task.procedure;
  const own = PROCEDURES.indexOf(name);
  return {
    kind: "searches",
    found: Array.from({ length: task.to - task.from }, (_, at) =>
      procedure(host, mixSeed(task.seed, 2, task.host, own, task.from + at)),
    ),
  };
}

const budgetSeconds = (host: FindHost, seed: number) =>
  host.budgetSweeps * sweepSeconds(host, mixSeed(seed, 3));

function procedureOf(name: ProcedureName, host: FindHost, seed: number): Procedure {
  switch (name) {
    case "slbench find":
      return find(budgetSeconds(host, seed), true);
    case "slbench find, whole runs only":
      return find(budgetSeconds(host, seed), false);
    case "sweep, 3 runs each":
      return sweep(() => 1);
    case "sweep in steps, 3 runs each":
      return sweep(({ tolerance }) => Math.max(1, tolerance.steps));
    case "bisection, 1 run each":
      return bisection(1);
    case "bisection, 3 runs each":
      return bisection(3);
    case "AIPerf, monotonic":
      return aiperf;
    case "guidellm, goodput":
      return guidellm;
  }
}
