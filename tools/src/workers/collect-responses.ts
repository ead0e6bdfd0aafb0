import { join } from "node:path";
import { makeInside } from "../output-file.ts";
import { readCellFile } from "../results/check-record.ts";
import { readRunRecord, writeJson } from "../results/result-folder.ts";
import { responsesLeft } from "../results/warnings.ts";
import { responseFolderName } from "./journal-folder.ts";
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
  /** Workers that still have some, with the reason. */
  readonly stillLeft: readonly { readonly address: string; readonly why: string }[];
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
    // A killed run did not record what it had fetched.
    const left = responsesLeftOn ?? (cell.state === "running" ? (cell.workers ?? []) : []);
    if (left.length === 0) continue;
    const makeFolder = () => makeInside(folder, join(cellName, "responses"));
    const fetched = await Promise.all(
      left.map((address) => fetchFrom(shells.get(address), address, journalFolder, makeFolder)),
    );
    const stillLeft = fetched.flatMap(({ failed }) => failed ?? []);
    const files = fetched.reduce((sum, one) => sum + one.files, 0);
    // Of a killed run it is not known whether its cells saved any.
    if (files > 0 || responsesLeftOn !== undefined) collected.push({ name, files, stillLeft });
    if (responsesLeftOn === undefined) continue;
    const addresses = stillLeft.map(({ address }) => address);
    await writeJson(file, {
      ...{ ...rest, journalFolder },
      ...(addresses.length > 0 && { responsesLeftOn: addresses }),
    });
    warnings = [
      ...warnings.filter(({ code, cell: of }) => code !== "RUN_RESPONSES_LEFT" || of !== name),
      ...(addresses.length > 0
        ? [responsesLeft(name, addresses, responseFolderName(journalFolder), folder)]
        : []),
    ];
  }
  if (warnings !== record.warnings) await writeJson(join(folder, "run.json"), { ...record, warnings });
  return collected;
}

async function fetchFrom(
  shell: WorkerShell | undefined,
  address: string,
  away: string,
  makeFolder: () => Promise<string>,
): Promise<{ readonly files: number; readonly failed?: { readonly address: string; readonly why: string } }> {
  if (shell === undefined) return { files: 0, failed: { address, why: "no ssh target known" } };
  return shell.fetchResponses(away, makeFolder).then(
    (files) => ({ files }),
    (error: Error) => ({ files: 0, failed: { address, why: error.message } }),
  );
}

/** `u002-t1-r1: 12 response bodies fetched; some still on 10.0.0.3:8001 (no route)` */
export function describeResponses({ name, files, stillLeft }: CollectedResponses): string {
  const left = stillLeft.map(({ address, why }) => `${address} (${why})`).join(", ");
  const bodies = `${files} response ${files === 1 ? "body" : "bodies"}`;
  return `${name}: ${bodies} fetched${left === "" ? "" : `; some still on ${left}`}`;
}
