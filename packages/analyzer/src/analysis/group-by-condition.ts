import type { ClientRun } from "../clients/client-run.ts";
import { type Condition, conditionKey } from "../core/condition.ts";
import { backendsDiffer, backendWasm, rampNotCut, timesNotKnown } from "../core/warning-catalogue.ts";
import type { Warning } from "../core/warnings.ts";
import { filterTimes } from "../rows/filter.ts";
import { selectRequests } from "../rows/select.ts";
import type { Selection } from "../rows/selection.ts";
import { meanActiveUsers } from "../summary/active-users.ts";
import type { CellContext } from "../summary/check-cell.ts";
import type { Pass } from "./pass.ts";
import type { MeasuredRun } from "./read-inputs.ts";

/** All runs of one condition. */
export interface MeasuredCell extends CellContext {
  readonly condition: Condition;
  readonly clients: readonly ClientRun[];
  /** meanActiveUsers() before requests were left out. */
  readonly activeUsers?: number | undefined;
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
      cells: cells.sort(
        (a, b) =>
          a.condition.thinkTimeSeconds - b.condition.thinkTimeSeconds ||
          a.condition.users - b.condition.users,
      ),
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
    isConditionInferred: runs.some(({ input }) => input.isConditionInferred === true),
  };
}

/** A cell without the requests that are left out; no cell if none of them remains. */
function select(
  cell: MeasuredCell,
  selection: Selection,
): {
  readonly cell?: MeasuredCell;
  readonly requestsLeftOut: number;
  readonly warnings: readonly Warning[];
} {
  const { filter, cutRamp } = selection;
  if (filter === undefined && cutRamp !== true) return { cell, requestsLeftOut: 0, warnings: [] };
  const { clients, requestsLeftOut, uncutRepetitions } = selectRequests(
    cell.condition,
    cell.clients,
    selection,
  );
  // If some of a client's requests are left out, its pauses are longer than think times.
  const isConditionInferred = cell.isConditionInferred || filter !== undefined;
  const activeUsers = meanActiveUsers(cell.clients, cutRamp);
  return {
    ...(clients.length > 0 && { cell: { ...cell, isConditionInferred, activeUsers, clients } }),
    requestsLeftOut,
    warnings: uncutRepetitions.length === 0 ? [] : [rampNotCut(cell.condition, uncutRepetitions)],
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
