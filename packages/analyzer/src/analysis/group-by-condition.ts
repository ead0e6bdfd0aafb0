import type { ClientRun } from "../clients/client-run.ts";
import { type Condition, conditionKey, describeCondition } from "../core/condition.ts";
import type { Warning } from "../core/warnings.ts";
import { selectFrames } from "../rows/select.ts";
import type { Selection } from "../rows/selection.ts";
import type { CellContext } from "../summary/doubts.ts";
import type { Pass } from "./pass.ts";
import type { MeasuredRun } from "./read-inputs.ts";

/** All runs of one condition. */
export interface MeasuredCell extends CellContext {
  readonly condition: Condition;
  readonly clients: readonly ClientRun[];
}

/** Cells by think time, then by users. */
export interface Grouped {
  readonly cells: readonly MeasuredCell[];
  /** Frames of them that the selection leaves out. */
  readonly framesLeftOut: number;
  /** What detected the faces, as the answers said. */
  readonly backends: readonly string[];
}

/** Second pass: runs of the same users and think time are one cell; frames that are not wanted are left out. */
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
      framesLeftOut: selected.reduce((sum, one) => sum + one.framesLeftOut, 0),
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
    guessed: runs.some(({ input }) => input.guessed === true),
  };
}

/** A cell without what is not wanted; none if nothing is left of it. */
function select(
  cell: MeasuredCell,
  selection: Selection,
): {
  readonly cell?: MeasuredCell;
  readonly framesLeftOut: number;
  readonly warnings: readonly Warning[];
} {
  const { filter, cutRamp } = selection;
  if (filter === undefined && cutRamp !== true) return { cell, framesLeftOut: 0, warnings: [] };
  const { clients, framesLeftOut, uncutRepetitions } = selectFrames(cell.condition, cell.clients, selection);
  // Without some of a client's frames its pauses are no think times.
  const guessed = cell.guessed || filter !== undefined;
  return {
    ...(clients.length > 0 && { cell: { ...cell, guessed, clients } }),
    framesLeftOut,
    warnings: uncutRepetitions.length === 0 ? [] : [rampNotCut(cell.condition, uncutRepetitions)],
  };
}

const rampNotCut = (condition: Condition, repetitions: readonly number[]): Warning => ({
  code: "RAMP_NOT_CUT",
  message: `${describeCondition(condition)}: no time is known in which all users of repetition ${repetitions.join(", ")} were active; nothing was cut`,
  hint: "reports of older clients have no times; else the first user ended before the last one began: send more frames",
});

function backendsOf(clients: readonly ClientRun[]): readonly string[] {
  const names = new Set<string>();
  for (const { frames } of clients) {
    for (let index = 0; index < (frames?.length ?? 0); index++) {
      const backend = frames?.backend(index);
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
