import type { ClientRun } from "../clients/client-run.ts";
import { type Condition, conditionKey } from "../core/condition.ts";
import type { Warning } from "../core/warnings.ts";
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
  /** What detected the faces, as the answers said. */
  readonly backends: readonly string[];
}

/** Second pass: runs of the same users and think time are one cell; requests that are not wanted are left out. */
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
    warnings: [...selected.flatMap(({ warnings }) => warnings), ...backendWarnings(backends)],
    skipped: [],
  };
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

/** A cell without what is not wanted; none if nothing is left of it. */
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
  // Without some of a client's requests its pauses are no think times.
  const isConditionInferred = cell.isConditionInferred || filter !== undefined;
  const activeUsers = meanActiveUsers(cell.clients, cutRamp);
  return {
    ...(clients.length > 0 && { cell: { ...cell, isConditionInferred, activeUsers, clients } }),
    requestsLeftOut,
    warnings: uncutRepetitions.length === 0 ? [] : [rampNotCut(cell.condition, uncutRepetitions)],
  };
}

const rampNotCut = (condition: Condition, repetitions: readonly number[]): Warning => ({
  code: "RAMP_NOT_CUT",
  cell: { users: condition.users, thinkTimeSeconds: condition.thinkTimeSeconds },
  message: `no time is known in which all users of repetition ${repetitions.join(", ")} were active; nothing was cut`,
  hint: "reports of older clients have no times; else the first user ended before the last one began: send more requests",
});

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

/** A fallback shows in the result, and so do figures that mix two machines' worth of speed. */
function backendWarnings(backends: readonly string[]): readonly Warning[] {
  const warnings: Warning[] = [];
  if (backends.length > 1) {
    warnings.push({
      code: "BACKENDS_DIFFER",
      message: `the function answered from several backends: ${backends.join(", ")}`,
      hint: "compare only cells of one backend",
    });
  }
  if (backends.includes("wasm")) {
    warnings.push({
      code: "BACKEND_WASM",
      message: "the function ran on the wasm backend, several times slower than native TensorFlow",
      hint: "slbench setup says why the native one could not be built",
    });
  }
  return warnings;
}
