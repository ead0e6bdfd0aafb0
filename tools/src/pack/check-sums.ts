import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { printable } from "@slbench/analyzer/logs";
import { noArtefact } from "./archive-errors.ts";
import { filesBelow, hashFile, SUMS_FILE } from "./pack.ts";

/** Larger than any list within the unpack limits. */
const MAX_SUMS_BYTES = 64e6;

/** @throws {SlbenchError} FILE_NO_ARTEFACT */
export async function readSums(archive: string, file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true) throw noArtefact(archive, `contains no ${SUMS_FILE}`);
  if (found.size > MAX_SUMS_BYTES) throw noArtefact(archive, `has a ${SUMS_FILE} of ${found.size} bytes`);
  return readFile(file, "utf8");
}

/** Compares the files of a folder with its list of hashes. */
export async function checkSums(
  folder: string,
  sums: string,
): Promise<{ readonly files: number; readonly faults: readonly string[] }> {
  const faults: string[] = [];
  const listed = new Map<string, string>();
  for (const [index, line] of sums.split(/\r?\n/).entries()) {
    if (line === "") continue;
    const [, hash, path] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
    if (hash === undefined || path === undefined)
      faults.push(`${SUMS_FILE}, line ${index + 1} is not a hash and a name`);
    else if (listed.has(path)) faults.push(`${shown(path)} is listed twice in ${SUMS_FILE}`);
    else listed.set(path, hash);
  }
  const found = new Set((await filesBelow(folder)).filter((path) => path !== SUMS_FILE));
  for (const path of found) if (!listed.has(path)) faults.push(`${path} is not listed in ${SUMS_FILE}`);
  for (const [path, hash] of listed) {
    if (!found.has(path)) faults.push(`${shown(path)} is missing`);
    else if ((await hashFile(join(folder, path))) !== hash) faults.push(`${path} was changed`);
  }
  return { files: listed.size, faults };
}

/** A text of an archive for a message: names that are only listed, and values, may be anything of any length. */
export const shown = (text: string): string => printable(text.slice(0, 200));
