import { rmSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ANALYSIS_FILE, readAnalysisRecord } from "../analyze/read-result.ts";
import { VERSION } from "../version.ts";
import { filesBelow, hashFile, RESULT_FOLDER, SUMS_FILE } from "./pack.ts";
import { remakeResults } from "./remake.ts";
import { DEFAULT_LIMITS, noArtefact, type UnpackLimits, unpackArchive } from "./unpack.ts";

export interface Verification {
  readonly files: number;
  /** Descriptions of files that are missing, changed or not listed. */
  readonly faults: readonly string[];
  /** Figures that the logs do not reproduce: where, and both values. */
  readonly differences: readonly string[];
  /** Files that were reproduced from the logs and compared. */
  readonly remade: readonly string[];
  /** Files that were not compared, with the reason. */
  readonly notCompared: readonly string[];
}

/** Outputs of `slbench analyze`; the first two do not depend on its options. */
const REMADE = ["summary.json", "requests.csv", "summary.md", "report.html", "junit.xml"] as const;
const FIGURES: readonly string[] = ["summary.json", "requests.csv"];

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Larger than any list within the unpack limits. */
const MAX_SUMS_BYTES = 64e6;

/**
 * Checks an archive's file hashes, and that its raw logs reproduce its figures. For the latter it analyses the result
 * folder again, with the thresholds of the recorded analysis, and compares the outputs.
 * @throws {ToolError} FILE_NO_ARTEFACT, FILE_BAD_ENTRY, FILE_OVER_LIMIT, SYSTEM_…
 */
export async function verifyArchive(
  archive: string,
  limits: UnpackLimits = DEFAULT_LIMITS,
): Promise<Verification> {
  const started = performance.now();
  const work = await mkdtemp(join(tmpdir(), "slbench-verify-"));
  // Ctrl-C must not leave unpacked foreign files behind.
  const interrupted = () => {
    rmSync(work, { recursive: true, force: true });
    process.exit(130);
  };
  for (const signal of SIGNALS) process.once(signal, interrupted);
  try {
    const [unpacked, remade] = [join(work, "unpacked"), join(work, "remade")];
    for (const folder of [unpacked, remade]) await mkdir(folder);
    await unpackArchive(archive, unpacked, limits);
    const [root, ...more] = await readdir(unpacked);
    if (root === undefined || more.length > 0)
      throw noArtefact(archive, "does not contain exactly one folder");
    const folder = join(unpacked, root);
    const sums = await readSums(archive, join(folder, SUMS_FILE));
    const checked = await checkSums(folder, sums);
    const secondsLeft = limits.maxSeconds - (performance.now() - started) / 1000;
    return { ...checked, ...(await checkFigures(join(folder, RESULT_FOLDER), remade, secondsLeft)) };
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupted);
    await rm(work, { recursive: true, force: true });
  }
}

async function readSums(archive: string, file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true) throw noArtefact(archive, `contains no ${SUMS_FILE}`);
  if (found.size > MAX_SUMS_BYTES) throw noArtefact(archive, `has a ${SUMS_FILE} of ${found.size} bytes`);
  return readFile(file, "utf8");
}

async function checkFigures(
  folder: string,
  into: string,
  maxSeconds: number,
): Promise<Omit<Verification, "files" | "faults">> {
  const record = await readAnalysisRecord(folder);
  const why =
    record === undefined
      ? `${ANALYSIS_FILE}, which records the analysis, is missing or unreadable`
      : `made by slbench ${record.slbench}, this is ${VERSION}`;
  const isSame = record?.slbench === VERSION;
  const before = await hashesOf(folder);
  const compared = REMADE.filter((name) => before.has(name) || name !== "junit.xml").filter(
    (name) => isSame || FIGURES.includes(name),
  );
  const notCompared = REMADE.filter((name) => before.has(name) && !compared.includes(name)).map(
    (name) => `${name}: ${why}`,
  );
  const thresholds = record?.thresholds ?? [];
  const problem = await remakeResults({ folder, into, thresholds }, maxSeconds);
  if (problem !== undefined) {
    const message = problem.replaceAll(folder, RESULT_FOLDER);
    return { differences: [`the logs cannot be analysed: ${message}`], remade: [], notCompared };
  }
  const after = await hashesOf(into);
  const differences: string[] = [];
  for (const name of compared) {
    if (before.get(name) === after.get(name)) continue;
    if (!before.has(name)) differences.push(`${name} is missing`);
    else if (name === "summary.json")
      differences.push(
        ...differSummaries(
          await readFile(join(folder, name), "utf8"),
          await readFile(join(into, name), "utf8"),
        ),
      );
    else
      differences.push(
        `${name} cannot be reproduced from these logs: it was changed, or written by another build`,
      );
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

/** The figures that differ; if none does, the texts differ. */
function differSummaries(recorded: string, remade: string): readonly string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(recorded);
  } catch (error) {
    return [`summary.json is not JSON: ${(error as Error).message}`];
  }
  const differences = differ(parsed, JSON.parse(remade), "summary.json");
  return differences.length > 0 ? differences : ["summary.json has the same values in another notation"];
}

async function checkSums(
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
    else if (listed.has(path)) faults.push(`${printable(path)} is listed twice in ${SUMS_FILE}`);
    else listed.set(path, hash);
  }
  const found = new Set((await filesBelow(folder)).filter((path) => path !== SUMS_FILE));
  for (const path of found) if (!listed.has(path)) faults.push(`${path} is not listed in ${SUMS_FILE}`);
  for (const [path, hash] of listed) {
    if (!found.has(path)) faults.push(`${printable(path)} is missing`);
    else if ((await hashFile(join(folder, path))) !== hash) faults.push(`${path} was changed`);
  }
  return { files: listed.size, faults };
}

/** Unpacked names are printable already; names that are only listed may be anything. */
const printable = (text: string) => text.slice(0, 200).replaceAll(/[\p{Cc}\p{Cf}]/gu, "?");

const MAX_DEPTH = 32;

/** A value for a message; nested ones are only named. */
const valueText = (value: unknown): string =>
  value === undefined
    ? "nothing"
    : typeof value === "object" && value !== null
      ? Array.isArray(value)
        ? "a list"
        : "an object"
      : printable(JSON.stringify(value));

/** Lists where two JSON values differ, with both values. */
function differ(told: unknown, found: unknown, place: string, depth = 0): readonly string[] {
  const isDeep = depth > MAX_DEPTH; // a forged summary must not overflow the stack
  if (!isDeep && typeof told === "object" && typeof found === "object" && told !== null && found !== null) {
    const keys = new Set([...Object.keys(told), ...Object.keys(found)]);
    return [...keys].flatMap((key) =>
      differ(
        (told as Record<string, unknown>)[key],
        (found as Record<string, unknown>)[key],
        `${place}.${printable(key)}`,
        depth + 1,
      ),
    );
  }
  const [was, is] = [valueText(told), valueText(found)];
  return told === found ? [] : [`${place}: recorded ${was}, now ${is}`];
}
