import { join } from "node:path";
import { type ClientReport, reportOf } from "@slbench/client";
import { writeInside } from "../files/output-file.ts";
import { isClosed } from "../jmeter/controller.ts";
import { readCellData, type UserData } from "./cell-data.ts";
import { readCellFile } from "./check-record.ts";
import { reconcile } from "./reconcile.ts";
import { writeJson } from "./result-folder.ts";
import { estimateClocks } from "./worker-clocks.ts";

interface CellFile {
  readonly state?: string;
  readonly workers?: readonly string[];
}

/**
 * Whether a cell's data is whole although run.json lists it as running: the run was killed between the cell's end
 * and the update. Corrects its cell.json then.
 */
export async function salvageCell(
  folder: string,
  cell: { readonly name: string; readonly users: number },
  requestsPerUser: number | undefined,
): Promise<boolean> {
  const file = join(folder, "cell.json");
  const found = await readCellFile<CellFile>(file);
  if (found === undefined) return false;
  if (found.state === "complete") return true;
  if (found.state !== "running" || found.workers === undefined) return false;
  if (!(await isClosed(join(folder, "samples.xml")))) return false;
  const data = await readCellData(folder, found.workers);
  const { lost } = reconcile({
    ...{ cellName: cell.name, users: cell.users, workers: found.workers, data },
    ...(requestsPerUser !== undefined && { requestsPerUser }),
  });
  if (lost.length > 0) return false;
  await writeRecovered(folder, data);
  const clocks = estimateClocks(found.workers, [], [], data);
  await writeJson(file, { ...found, state: "complete", salvaged: true, clocks });
  return true;
}

/**
 * Writes `recovered.jsonl`: one report per client whose sample never reached the controller, made from its
 * journal. Returns their number.
 */
export async function writeRecovered(folder: string, data: readonly UserData[]): Promise<number> {
  const reports = data.flatMap((user): ClientReport[] => {
    const { journal } = user;
    if (user.report !== undefined || journal === undefined) return [];
    if (journal.requests.length === 0 && journal.unfinished === undefined) return [];
    return [reportOf(journal)];
  });
  if (reports.length > 0) {
    const lines = reports.map((report) => `${JSON.stringify(report)}\n`).join("");
    await writeInside(folder, "recovered.jsonl", lines);
  }
  return reports.length;
}
