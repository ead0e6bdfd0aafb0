import type { ClientRun } from "../clients/client-run.ts";
import { markParts, steadyParts } from "../clients/steady-part.ts";
import { type Condition, compareConditions, conditionKey, isClosedLoop } from "../core/condition.ts";
import type { Span } from "../core/time-span.ts";
import { backendsDiffer, backendWasm, noSteadyPart, timesNotKnown } from "../core/warning-catalogue.ts";
import type { Warning } from "../core/warnings.ts";
import { filterTimes } from "../rows/filter.ts";
import { selectRequests } from "../rows/select.ts";
import type { Selection } from "../rows/selection.ts";
import { meanActiveUsers } from "../summary/active-users.ts";
import type { CellContext } from "../summary/check-cell.ts";
import type { FunctionCpuTime } from "../summary/function-cpu.ts";
import type { Pass } from "./pass.ts";
import type { MeasuredRun } from "./read-inputs.ts";

/** All runs of one condition. */
export interface MeasuredCell extends CellContext {
  readonly condition: Condition;
  readonly clients: readonly ClientRun[];
  /** The steady part of each repetition, if figures are of it. */
  readonly steady?: ReadonlyMap<number, Span>;
  /** Of each run; undefined if it is not known, or does not fit to the requests that are kept. */
  readonly functionCpu: readonly (FunctionCpuTime | undefined)[];
  /** meanActiveUsers() of the part that figures are of, before a filter. */
  readonly activeUsers?: number;
}

/** Cells by think time, then by users. */
export interface Grouped {
  readonly cells: readonly MeasuredCell[];
  /** Requests of them that the selection leaves out. */
  readonly requestsLeftOut: number;
  /** What detected the faces, as the responses report it. */
  readonly backends: readonly string[];
}

/** Second pass: runs of the same condition become one cell, without the requests that the selection leaves out. */
export function groupByCondition(runs: readonly MeasuredRun[], selection: Selection): Pass<Grouped> {
  const groups = new Map<string, MeasuredRun[]>();
  for (const run of runs) {
    const key = conditionKey(run.input);
    const own = groups.get(key);
    if (own === undefined) groups.set(key, [run]);
    else own.push(run);
  }
  const selected = [...groups.values()].map((own) => select(toCell(own), selection));
  const cells = selected.flatMap(({ cell }) => cell ?? []);
  const backends = backendsOf(cells.flatMap(({ clients }) => clients));
  return {
    value: {
      cells: cells.sort((a, b) => compareConditions(a.condition, b.condition)),
      requestsLeftOut: selected.reduce((sum, one) => sum + one.requestsLeftOut, 0),
      backends,
    },
    warnings: [
      ...unknownTimes(runs, selection),
      ...selected.flatMap(({ warnings }) => warnings),
      ...backendWarnings(backends),
    ],
    skipped: [],
  };
}

/** A filter may name any time; one that no request has is likely misspelt. */
function unknownTimes(runs: readonly MeasuredRun[], { filter }: Selection): readonly Warning[] {
  if (filter === undefined || runs.length === 0) return [];
  const known = new Set(
    runs.flatMap(({ clients }) => clients.flatMap(({ requests }) => requests?.timeNames ?? [])),
  );
  const unknown = filterTimes(filter).filter((name) => !known.has(name));
  return unknown.length === 0 ? [] : [timesNotKnown(unknown, [...known].sort())];
}

function toCell(runs: readonly MeasuredRun[]): MeasuredCell {
  const [{ input: condition }] = runs as [MeasuredRun];
  return {
    condition,
    clients: runs.flatMap(({ clients }) => clients),
    loads: runs.flatMap(({ input }) => input.load ?? []),
    functionCpu: runs.map(({ input }) => input.functionCpu),
    isConditionInferred: runs.some(({ input }) => input.isConditionInferred === true),
  };
}

/** A cell's requests that are kept, with its steady part marked; no cell if none of them remains. */
function select(
  cell: MeasuredCell,
  { filter, part }: Selection,
): {
  readonly cell?: MeasuredCell;
  readonly requestsLeftOut: number;
  readonly warnings: readonly Warning[];
} {
  const steady = part === "whole" || !isClosedLoop(cell.condition) ? undefined : steadyParts(cell.clients);
  const activeUsers = meanActiveUsers(cell.clients, steady);
  const { clients, requestsLeftOut } =
    filter === undefined
      ? { clients: cell.clients, requestsLeftOut: 0 }
      : selectRequests(cell.condition, cell.clients, filter);
  const own: MeasuredCell = {
    ...cell,
    // If some of a client's requests are left out, its pauses are longer than think times.
    isConditionInferred: cell.isConditionInferred || filter !== undefined,
    functionCpu: filter === undefined ? cell.functionCpu : [],
    ...(activeUsers !== undefined && { activeUsers }),
    ...(steady !== undefined && { steady }),
    clients: steady === undefined ? clients : markParts(clients, steady),
  };
  return {
    ...(clients.length > 0 && { cell: own }),
    requestsLeftOut,
    warnings: part === "steady" && steady === undefined ? [noSteadyPart(cell.condition)] : [],
  };
}

function backendsOf(clients: readonly ClientRun[]): readonly string[] {
  const names = new Set<string>();
  for (const { requests } of clients) {
    for (let index = 0; index < (requests?.length ?? 0); index++) {
      const backend = requests?.backend(index);
      if (backend !== undefined) names.add(backend);
    }
  }
  return [...names].sort();
}

/** Warns of a fallback, and of figures that mix the speeds of several backends. */
const backendWarnings = (backends: readonly string[]): readonly Warning[] => [
  ...(backends.length > 1 ? [backendsDiffer(backends)] : []),
  ...(backends.includes("wasm") ? [backendWasm()] : []),
];
