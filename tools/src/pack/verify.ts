import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AnalyzerError, parseThreshold } from "@slbench/analyzer/logs";
import { extract } from "tar";
import { ANALYSIS_FILE, analyzeResultFolder, readAnalysisRecord } from "../analyze/result-folder.ts";
import { ToolError } from "../errors.ts";
import { VERSION } from "../version.ts";
import { filesBelow, hashFile, RESULT_FOLDER, SUMS_FILE } from "./pack.ts";

export interface Verification {
  readonly files: number;
  /** Files that are missing, changed or not listed, in words. */
  readonly faults: readonly string[];
  /** What does not come out of the logs again: where, and both values. */
  readonly differences: readonly string[];
  /** Files that were made of the logs again and compared. */
  readonly remade: readonly string[];
  /** Files that could have been, and why they were not. */
  readonly notCompared: readonly string[];
}

/** What `slbench analyze` makes of the logs; the first two are the same whoever asks for what. */
const REMADE = ["summary.json", "requests.csv", "summary.md", "report.html", "junit.xml"] as const;
const FIGURES: readonly string[] = ["summary.json", "requests.csv"];

/**
 * Checks an artefact: every file's hash, and whether the raw logs give its figures again: the result folder is analysed
 * once more, with the thresholds of its own analysis, and what that writes is compared with what was there.
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
    return { ...(await checkSums(folder, sums)), ...(await checkFigures(join(folder, RESULT_FOLDER))) };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function checkFigures(folder: string): Promise<Omit<Verification, "files" | "faults">> {
  const record = await readAnalysisRecord(folder);
  const why =
    record === undefined
      ? `there is no readable ${ANALYSIS_FILE}, which says how it was made`
      : `made by slbench ${record.slbench}, this is ${VERSION}`;
  const isSame = record?.slbench === VERSION;
  const before = await hashesOf(folder);
  const compared = REMADE.filter((name) => before.has(name) || name !== "junit.xml").filter(
    (name) => isSame || FIGURES.includes(name),
  );
  const notCompared = REMADE.filter((name) => before.has(name) && !compared.includes(name)).map(
    (name) => `${name}: ${why}`,
  );
  const told = await readFile(join(folder, "summary.json"), "utf8").catch(() => undefined);
  try {
    await analyzeResultFolder(folder, (record?.thresholds ?? []).map(parseThreshold));
  } catch (error) {
    if (!(error instanceof ToolError || error instanceof AnalyzerError)) throw error;
    const said = error.message.replaceAll(folder, RESULT_FOLDER);
    return { differences: [`the logs cannot be analysed: ${said}`], remade: [], notCompared };
  }
  const after = await hashesOf(folder);
  const differences: string[] = [];
  for (const name of compared) {
    if (before.get(name) === after.get(name)) continue;
    if (name === "summary.json")
      differences.push(...differSummaries(told, await readFile(join(folder, name), "utf8")));
    else if (!before.has(name)) differences.push(`${name} is missing`);
    else
      differences.push(`${name} is not what slbench makes of these logs: changed, or made by another build`);
  }
  return { differences, remade: compared, notCompared };
}

async function hashesOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, string>();
  for (const name of REMADE) {
    const hash = await hashFile(join(folder, name)).catch(() => undefined);
    if (hash !== undefined) hashes.set(name, hash);
  }
  return hashes;
}

/** Where the figures differ; where they do not, the text does. */
function differSummaries(told: string | undefined, found: string): readonly string[] {
  if (told === undefined) return ["summary.json is missing"];
  let parsed: unknown;
  try {
    parsed = JSON.parse(told);
  } catch (error) {
    return [`summary.json is no JSON: ${(error as Error).message}`];
  }
  const differences = differ(parsed, JSON.parse(found), "summary.json");
  return differences.length > 0 ? differences : ["summary.json is written otherwise, with the same values"];
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
