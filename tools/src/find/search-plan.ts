import { join } from "node:path";
import {
  type Analysis,
  addRun,
  cellFolderName,
  expectedSeconds,
  formatDuration,
  formatLoad,
  loadOfValue,
  makeSearchReport,
  mayEndEarly,
  nextProbe,
  type Probe,
  type SearchOptions,
  type SearchReport,
  type SearchState,
  startSearch,
  usedSeconds,
  valueOfLoad,
  watchRun,
} from "@slbench/analyzer";
import { type Cell, type Experiment, experimentCells, plannedRequests } from "@slbench/jmeter-plans";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { shellWord } from "../help/shell-word.ts";
import {
  FIND_FILE,
  type FindRequest,
  type RunCell,
  type RunRecord,
  writeJson,
} from "../results/result-folder.ts";
import type { CellPlan } from "../run/run-cells.ts";
import { type MeasuredRun, readMeasuredRun } from "./measured-run.ts";
import { scaleOf, searchOptions } from "./request.ts";
import type { ReusedRun } from "./reuse.ts";

/** A cell that is never complete ends the search after this many attempts. */
const MAX_ATTEMPTS = 3;

/** A search that is running in a result folder. */
export interface Search {
  readonly plan: CellPlan;
  /** As far as it has come. */
  readonly report: () => SearchReport;
  /** Of the cells that were measured, one each. */
  readonly analyses: () => readonly Analysis[];
}

/**
 * Decides the cells of a run by a search. Everything it knows is in the record and the cells: a search that was killed
 * continues from them.
 *
 * @param say what is measured next, and why
 */
export function planSearch(
  request: FindRequest,
  experiment: Experiment,
  reused: readonly ReusedRun[],
  say: (line: string) => void,
): Search {
  const options = searchOptions(request, experiment);
  const known = new Map<string, MeasuredRun>();
  const attempts = new Map<string, number>();
  const begin = beginSearch(options, request, reused);
  let state = begin;
  let counted: readonly string[] = [];

  const readState = async (record: RunRecord, folder: string) => {
    state = begin;
    const names = reused.map(({ name }) => name);
    for (const cell of record.cells) {
      const { coolDownSeconds } = experiment.load;
      const found =
        known.get(cell.name) ?? (await readMeasuredRun(folder, cell, record, options.goal, coolDownSeconds));
      if (found === undefined) continue;
      known.set(cell.name, found);
      state = addRun(state, { load: loadOf(cell, request), ...found.run });
      names.push(cell.name);
    }
    counted = names;
  };

  const report = () => {
    const { tolerance, users } = request;
    const about = { tolerance, cells: counted, ...(users !== undefined && { users }) };
    return makeSearchReport(state, { ...scaleOf(request), ...about });
  };

  const plan: CellPlan = async (record, folder) => {
    await readState(record, folder);
    await writeJson(join(folder, FIND_FILE), report());
    const again = record.cells.find(({ name }) => !known.has(name));
    if (again !== undefined) return { cell: attempt(again, attempts, folder), cells: record.cells.length };
    const next = nextProbe(state);
    if (next.kind === "answer") return undefined;
    say(`find: ${describeProbe(next, state, request)}`);
    const cell = placeCell(next.load, record.cells, request, experiment);
    const planned = plannedRequests(experiment, cell);
    const watch =
      planned !== undefined && mayEndEarly(state, next) ? watchRun(options.goal, planned) : undefined;
    return {
      cell,
      cells: record.cells.length + (next.runsLeft ?? 1),
      ...(watch !== undefined && { watch }),
    };
  };
  return { plan, report, analyses: () => [...known.values()].flatMap(({ analysis }) => analysis ?? []) };
}

/** @throws {SlbenchError} FIND_CELL_INCOMPLETE after too many attempts */
function attempt(cell: RunCell, attempts: Map<string, number>, folder: string): RunCell {
  const before = attempts.get(cell.name) ?? 0;
  attempts.set(cell.name, before + 1);
  if (before < MAX_ATTEMPTS) return cell;
  throw new SlbenchError<ToolErrorCode>(
    "FIND_CELL_INCOMPLETE",
    `${cell.name} was not complete after ${MAX_ATTEMPTS} attempts`,
    {
      hint: `read the cell's logs in ${folder}; then slbench find --resume ${shellWord(folder)} continues`,
      exitCode: 3,
    },
  );
}

/** The search's load of a cell. */
const loadOf = ({ users, ratePerSecond, replicaCount }: RunCell, request: FindRequest): number =>
  loadOfValue(replicaCount ?? ratePerSecond ?? users, scaleOf(request));

/** The cell that a search begins with. */
export function firstCell(
  request: FindRequest,
  experiment: Experiment,
  reused: readonly ReusedRun[],
): RunCell {
  // At least one run, however small the budget.
  const { budgetSeconds: _, ...options } = searchOptions(request, experiment);
  const next = nextProbe(beginSearch(options, request, reused));
  const load = next.kind === "probe" ? next.load : (options.start ?? 1);
  return placeCell(load, [], request, experiment);
}

/** With the runs of earlier results, before any of its own. */
const beginSearch = (
  options: SearchOptions,
  request: FindRequest,
  reused: readonly ReusedRun[],
): SearchState =>
  reused.reduce(
    (before, { cell, run }) => addRun(before, { load: loadOf(cell, request), ...run, isReused: true }),
    startSearch(options),
  );

/** What a search changes from cell to cell. */
const CONDITION_FIELDS = { users: "users", rate: "ratePerSecond", replicas: "replicaCount" } as const;

function placeCell(
  load: number,
  cells: readonly RunCell[],
  request: FindRequest,
  experiment: Experiment,
): RunCell {
  const [first] = experimentCells(experiment) as [Cell];
  const { name: _, repetition: __, ...like } = first;
  const value = valueOfLoad(load, scaleOf(request));
  const condition = { ...like, [CONDITION_FIELDS[request.for]]: value };
  const repetition = 1 + cells.filter((cell) => loadOf(cell, request) === load).length;
  return { name: cellFolderName(condition, repetition), ...condition, repetition, state: "planned" };
}

/** What runs next, why, the bracket, and how long it takes: `6 users again, to show that the goal holds there (…)`. */
function describeProbe(probe: Probe, state: SearchState, request: FindRequest): string {
  const { runs, options } = state;
  const scale = scaleOf(request);
  const shown = (load: number) => formatLoad(valueOfLoad(load, scale), request);
  const { low, high } = probe.bracket;
  const left =
    probe.runsLeft === undefined || runs.length === 0
      ? ""
      : `; about ${probe.runsLeft} more ${probe.runsLeft === 1 ? "run" : "runs"}, ${formatDuration(probe.runsLeft * expectedSeconds(runs, probe.load))}`;
  const budget =
    options.budgetSeconds === undefined
      ? ""
      : `; ${formatDuration(Math.max(0, options.budgetSeconds - usedSeconds(state)))} of the budget left`;
  const where = [
    ...(low > 0 ? [`holds at ${valueOfLoad(low, scale)}`] : []),
    ...(high === undefined || valueOfLoad(high, scale) < 1 ? [] : [`fails at ${valueOfLoad(high, scale)}`]),
  ];
  const known = where.length === 0 ? "nothing is known yet" : `estimated: ${where.join(", ")}`;
  return `next ${shown(probe.load)}, ${reasonOf(probe, request)} (${known}${left}${budget})`;
}

function reasonOf({ why, role }: Probe, { for: what }: FindRequest): string {
  if (why === "raise" && what === "replicas") return "to take replicas away until the goal fails";
  if (why === "raise") return "to raise the load until the goal fails";
  if (why === "narrow") return "to narrow the bracket";
  if (why === "below-saturation") return "to try the highest load that the generators can probably sustain";
  return role === "low" ? "to show that the goal holds there" : "to show that the goal fails there";
}
