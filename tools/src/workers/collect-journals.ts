import { join } from "node:path";
import { isClosed } from "../jmeter/controller.ts";
import { readCellData } from "../results/cell-data.ts";
import { readCellFile } from "../results/check-record.ts";
import { describeLoss, reconcile } from "../results/reconcile.ts";
import { type RunRecord, readRunRecord, writeJson } from "../results/result-folder.ts";
import { writeRecovered } from "../results/salvage.ts";
import { journalsLeft } from "../results/warnings.ts";
import {
  describeStillLeft,
  fetchFromEach,
  replaceWarnings,
  type StillLeft,
  workersToAsk,
} from "./left-on-workers.ts";
import type { WorkerShell } from "./worker-shell.ts";

/** The fields of cell.json that collectJournals() reads. */
interface CollectableCell {
  readonly name: string;
  readonly users: number;
  readonly state: string;
  readonly problem?: string;
  readonly workers?: readonly string[];
  readonly lostWorkers?: readonly unknown[];
  /** Folder on the workers, relative to their bundles. */
  readonly journalFolder?: string;
  readonly journalsLeftOn?: readonly string[];
}

export interface CollectedCell {
  readonly name: string;
  readonly recoveredRequestsBefore: number;
  readonly recoveredRequests: number;
  /** Workers that still cannot be reached. */
  readonly stillLeft: readonly StillLeft[];
}

/**
 * Fetches the journals that cells of a result folder left on workers. Updates recovered.jsonl, cell.json and run.json.
 * Deletes journals on a worker only after they were fetched completely.
 *
 * @param shells of the workers, by address
 * @throws {SlbenchError} FILE_NO_RESULT
 */
export async function collectJournals(
  folder: string,
  shells: ReadonlyMap<string, WorkerShell>,
): Promise<readonly CollectedCell[]> {
  let record = await readRunRecord(folder);
  const collected: CollectedCell[] = [];
  for (const { name, state } of record.cells) {
    if (state === "complete") continue;
    const cellFolder = join(folder, "cells", name);
    const file = join(cellFolder, "cell.json");
    const cell = await readCellFile<CollectableCell>(file);
    if (cell?.journalFolder === undefined || cell.workers === undefined) continue;
    const { journalFolder } = cell;
    const left = workersToAsk(cell, cell.journalsLeftOn);
    if (left.length === 0) continue;
    const before = await readCellData(cellFolder, cell.workers);
    const asked = await fetchFromEach(left, shells, (shell) =>
      shell.fetchJournals(journalFolder, join(cellFolder, "journals")),
    );
    const data = await readCellData(cellFolder, cell.workers);
    const recoveredClients = await writeRecovered(cellFolder, data);
    const { requestsPerUser } = record;
    const { warnings, ...reconciliation } = reconcile({
      ...{ cellName: name, users: cell.users, workers: cell.workers, data },
      ...(requestsPerUser !== undefined && { requestsPerUser }),
    });
    // Journals may have been copied here by hand.
    const stillLeft = asked.stillLeft.filter(({ address }) =>
      reconciliation.lost.some(({ host }) => host === address),
    );
    collected.push({
      ...{ name, stillLeft },
      recoveredRequestsBefore: recoveredRequests(before),
      recoveredRequests: recoveredRequests(data),
    });
    const addresses = stillLeft.map(({ address }) => address);
    const whole =
      cell.state === "incomplete" &&
      reconciliation.lost.length === 0 &&
      (cell.lostWorkers ?? []).length === 0 &&
      (await isClosed(join(cellFolder, "samples.xml")));
    const { journalsLeftOn: _, problem: earlierProblem, ...rest } = cell;
    // A cell that is still "running" was interrupted: salvageCell() decides its state.
    const problem = whole ? "" : (earlierProblem ?? reconciliation.lost.map(describeLoss).join("; "));
    await writeJson(file, {
      ...rest,
      ...(whole && { state: "complete" }),
      ...(problem !== "" && { problem }),
      ...{ reconciliation, recoveredClients, warnings },
      ...(addresses.length > 0 && { journalsLeftOn: addresses }),
    });
    if (whole) record = markComplete(record, name);
    const now = [
      ...(addresses.length > 0 ? [journalsLeft(name, addresses, journalFolder, folder)] : []),
      ...warnings,
    ];
    record = { ...record, warnings: replaceWarnings(record.warnings, name, COUNTED, now) };
  }
  if (collected.length > 0) await writeJson(join(folder, "run.json"), record);
  return collected;
}

/** `u002-t1-r1: 25 requests recovered from journals, 13 of them new; still on 10.0.0.3:8001 (no route)` */
export function describeCollected({
  name,
  recoveredRequests,
  recoveredRequestsBefore,
  stillLeft,
}: CollectedCell): string {
  const left = describeStillLeft(stillLeft);
  return (
    `${name}: ${recoveredRequests} requests recovered from journals, ${recoveredRequests - recoveredRequestsBefore} of them new` +
    (left === "" ? "" : `; still on ${left}`)
  );
}

const recoveredRequests = (data: Awaited<ReturnType<typeof readCellData>>) =>
  data.reduce((sum, user) => sum + (user.report === undefined ? (user.journal?.requests.length ?? 0) : 0), 0);

function markComplete(record: RunRecord, name: string): RunRecord {
  const cells = record.cells.map((cell) =>
    cell.name === name ? { ...cell, state: "complete" as const } : cell,
  );
  const warnings = replaceWarnings(record.warnings, name, /^RUN_CELL_NOT_COMPLETE$/, []);
  const done = cells.every(({ state }) => state === "complete");
  return { ...record, cells, warnings, ...(done && { state: "complete" as const }) };
}

/** Warnings that come from counting; those about how the cell ended stay. */
const COUNTED = /^(RECONCILE_|CLIENT_|RUN_JOURNALS_LEFT)/;
