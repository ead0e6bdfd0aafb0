import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extract } from "tar";
import { readResultFolder } from "../analyze/result-folder.ts";
import { ToolError } from "../errors.ts";
import { filesBelow, hashFile, RESULT_FOLDER, SUMS_FILE } from "./pack.ts";

export interface Verification {
  readonly files: number;
  /** Files that are missing, changed or not listed, in words. */
  readonly faults: readonly string[];
  /** Figures of summary.json that do not come out again: where, and both values. */
  readonly differences: readonly string[];
}

/**
 * Checks an artefact: every file's hash, and whether the raw logs give summary.json again.
 * @throws {ToolError} FILE_NO_ARTEFACT
 */
export async function verifyArchive(archive: string): Promise<Verification> {
  const work = await mkdtemp(join(tmpdir(), "slbench-verify-"));
  try {
    // The library refuses paths that lead out of the folder.
    await extract({ file: archive, cwd: work, strict: true }).catch((cause: unknown) => {
      throw noArtefact(archive, "cannot be unpacked", cause);
    });
    const [root, ...more] = await readdir(work);
    if (root === undefined || more.length > 0) throw noArtefact(archive, "does not hold one folder");
    const folder = join(work, root);
    const sums = await readFile(join(folder, SUMS_FILE), "utf8").catch((cause: unknown) => {
      throw noArtefact(archive, `holds no ${SUMS_FILE}`, cause);
    });
    const { files, faults } = await checkSums(folder, sums);
    const told = JSON.parse(
      await readFile(join(folder, RESULT_FOLDER, "summary.json"), "utf8").catch(() => "{}"),
    );
    const { summary } = await readResultFolder(join(folder, RESULT_FOLDER));
    // As it is written: absent and undefined are one.
    const differences = differ(told, JSON.parse(JSON.stringify(summary)), "summary.json");
    return { files, faults, differences };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function checkSums(
  folder: string,
  sums: string,
): Promise<{ readonly files: number; readonly faults: readonly string[] }> {
  const listed = new Map(
    sums
      .trim()
      .split("\n")
      .map((line) => [line.slice(66), line.slice(0, 64)] as const),
  );
  const there = (await filesBelow(folder)).filter((path) => path !== SUMS_FILE);
  const faults = there
    .filter((path) => !listed.has(path))
    .map((path) => `${path} is not listed in ${SUMS_FILE}`);
  for (const [path, hash] of listed) {
    if (!there.includes(path)) faults.push(`${path} is missing`);
    else if ((await hashFile(join(folder, path))) !== hash) faults.push(`${path} was changed`);
  }
  return { files: listed.size, faults };
}

/** Where two JSON values differ, with both values. */
function differ(told: unknown, found: unknown, place: string): readonly string[] {
  if (typeof told === "object" && typeof found === "object" && told !== null && found !== null) {
    const keys = new Set([...Object.keys(told), ...Object.keys(found)]);
    return [...keys].flatMap((key) =>
      differ(
        (told as Record<string, unknown>)[key],
        (found as Record<string, unknown>)[key],
        `${place}.${key}`,
      ),
    );
  }
  return told === found ? [] : [`${place}: told ${JSON.stringify(told)}, found ${JSON.stringify(found)}`];
}

function noArtefact(archive: string, why: string, cause?: unknown): ToolError {
  return new ToolError("FILE_NO_ARTEFACT", `${archive} ${why}`, {
    hint: "name an archive that slbench pack wrote",
    exitCode: 2,
    cause,
  });
}
