import { join } from "node:path";
import { makeInside } from "../files/output-file.ts";
import { readCellFile } from "../results/check-record.ts";
import { readRunRecord, writeJson } from "../results/result-folder.ts";
import { responsesLeft } from "../results/warnings.ts";
import { responseFolderName } from "./journal-folder.ts";
import {
  describeStillLeft,
  fetchFromEach,
  replaceWarnings,
  type StillLeft,
  workersToAsk,
} from "./left-on-workers.ts";
import type { WorkerShell } from "./worker-shell.ts";

/** The fields of cell.json that collectResponses() reads. */
interface CollectableCell {
  readonly state: string;
  readonly workers?: readonly string[];
  readonly journalFolder?: string;
  readonly responsesLeftOn?: readonly string[];
}

export interface CollectedResponses {
  readonly name: string;
  readonly files: number;
  /** Workers that still have some. */
  readonly stillLeft: readonly StillLeft[];
}

/**
 * Fetches the saved response bodies that cells of a result folder left on workers, into `cells/<cell>/responses`.
 * Updates cell.json and run.json.
 *
 * @param shells of the workers, by address
 * @throws {SlbenchError} FILE_NO_RESULT, FILE_LINK
 */
export async function collectResponses(
  folder: string,
  shells: ReadonlyMap<string, WorkerShell>,
): Promise<readonly CollectedResponses[]> {
  const record = await readRunRecord(folder);
  let { warnings } = record;
  const collected: CollectedResponses[] = [];
  for (const { name } of record.cells) {
    const cellName = join("cells", name);
    const file = join(folder, cellName, "cell.json");
    const cell = await readCellFile<CollectableCell>(file);
    if (cell?.journalFolder === undefined) continue;
    const { journalFolder, responsesLeftOn, ...rest } = cell;
    const left = workersToAsk(cell, responsesLeftOn);
    if (left.length === 0) continue;
    const makeFolder = () => makeInside(folder, join(cellName, "responses"));
    const { fetched, stillLeft } = await fetchFromEach(left, shells, (shell) =>
      shell.fetchResponses(journalFolder, makeFolder),
    );
    const files = fetched.reduce((sum, count) => sum + count, 0);
    // Of a killed run it is not known whether its cells saved any.
    if (files > 0 || responsesLeftOn !== undefined) collected.push({ name, files, stillLeft });
    if (responsesLeftOn === undefined) continue;
    const addresses = stillLeft.map(({ address }) => address);
    await writeJson(file, {
      ...{ ...rest, journalFolder },
      ...(addresses.length > 0 && { responsesLeftOn: addresses }),
    });
    const away = responseFolderName(journalFolder);
    const warning = addresses.length > 0 ? [responsesLeft(name, addresses, away, folder)] : [];
    warnings = replaceWarnings(warnings, name, /^RUN_RESPONSES_LEFT$/, warning);
  }
  if (warnings !== record.warnings) await writeJson(join(folder, "run.json"), { ...record, warnings });
  return collected;
}

/** `u002-t1-r1: 12 response bodies fetched; some still on 10.0.0.3:8001 (no route)` */
export function describeResponses({ name, files, stillLeft }: CollectedResponses): string {
  const left = describeStillLeft(stillLeft);
  const bodies = `${files} response ${files === 1 ? "body" : "bodies"}`;
  return `${name}: ${bodies} fetched${left === "" ? "" : `; some still on ${left}`}`;
}
