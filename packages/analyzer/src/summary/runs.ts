import type { ClientRun } from "../client-run.ts";
import type { FrameRow } from "../frame-row.ts";
import { fullLoad, isWithin } from "../frames/ramp.ts";
import { clientRows } from "../frames/rows.ts";
import type { Condition } from "./cell.ts";

/** One repetition's clients, each with its rows. */
export type Run = readonly (readonly FrameRow[])[];

/** The clients' rows of each repetition, by its number. */
export function byRepetition(clients: readonly (readonly FrameRow[])[]): readonly Run[] {
  const runs = new Map<number, (readonly FrameRow[])[]>();
  for (const rows of clients) {
    if (rows[0] === undefined) continue;
    const run = runs.get(rows[0].repetition);
    if (run === undefined) runs.set(rows[0].repetition, [rows]);
    else run.push(rows);
  }
  return [...runs].sort(([a], [b]) => a - b).map(([, run]) => run);
}

/** The round trips of each repetition of a condition in order of start, as batch means take them. */
export function roundTripRuns(
  condition: Condition,
  clients: readonly ClientRun[],
): readonly (readonly number[])[] {
  return byRepetition(clients.map((client) => clientRows(condition, client))).map(inOrderOfStart);
}

/** Round trips by start; without times frame by frame through the clients, as if they had started together. */
export function inOrderOfStart(run: Run): readonly number[] {
  return run
    .flat()
    .sort((a, b) => (a.startEpochMicros ?? 0) - (b.startEpochMicros ?? 0) || a.sequence - b.sequence)
    .map((row) => row.roundTripSeconds);
}

/** Ramp-up and ramp-down are no trend; where all users were never active together, everything is taken. */
export function atFullLoad(run: Run): readonly number[] {
  const time = fullLoad(run);
  return inOrderOfStart(time ? run.map((rows) => rows.filter((row) => isWithin(time, row))) : run);
}
