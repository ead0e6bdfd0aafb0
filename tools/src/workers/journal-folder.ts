import { randomBytes } from "node:crypto";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { bundlePaths } from "./bundle.ts";

/**
 * A new journal folder for each attempt at a cell, relative to a worker's bundle:
 * `journals/quick-20260101-120000/u004-t1-r1-k3v9x2`. Attempts never share one, so none can overwrite or delete
 * journals that were not fetched yet.
 */
export function journalFolderName(run: string, cell: string): string {
  const plain = (text: string) => text.replace(/[^\w-]/g, "_").slice(-100);
  return `${bundlePaths.journals}/${plain(run)}/${plain(cell)}-${randomBytes(4).toString("hex")}`;
}

/** Where clients save response bodies: beside the journals of the same attempt at a cell. */
export const responseFolderName = (journals: string): string => `${journals}-responses`;

/**
 * Checks a name that may come from an untrusted result folder and becomes part of a worker's shell commands.
 * @throws {SlbenchError} FILE_BAD_CELL
 */
export function checkJournalFolder(name: string): void {
  if (/^journals\/[\w-]+\/[\w-]+$/.test(name)) return;
  throw new SlbenchError<ToolErrorCode>(
    "FILE_BAD_CELL",
    `cell.json names the journal folder "${name.slice(0, 80)}"`,
    {
      hint: "use a result folder that slbench run wrote",
    },
  );
}
