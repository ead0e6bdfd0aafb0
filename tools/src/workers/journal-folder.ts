import { randomBytes } from "node:crypto";
import { ToolError } from "../errors.ts";
import { bundlePaths } from "./bundle.ts";

/**
 * A journal folder of its own for each try of each cell of each run, relative to a worker's bundle:
 * `journals/quick-20260101-120000/u004-t1-r1-k3v9x2`. No two tries share one, so none overwrites or deletes
 * journals of another that were never fetched.
 */
export function journalFolderName(run: string, cell: string): string {
  const plain = (text: string) => text.replace(/[^\w-]/g, "_").slice(-100);
  return `${bundlePaths.journals}/${plain(run)}/${plain(cell)}-${randomBytes(4).toString("hex")}`;
}

/**
 * The name goes into commands on a worker and may come from a foreign result folder.
 * @throws {ToolError} FILE_BAD_CELL
 */
export function checkJournalFolder(name: string): void {
  if (/^journals\/[\w-]+\/[\w-]+$/.test(name)) return;
  throw new ToolError("FILE_BAD_CELL", `cell.json names the journal folder "${name.slice(0, 80)}"`, {
    hint: "use a result folder that slbench run made",
  });
}
