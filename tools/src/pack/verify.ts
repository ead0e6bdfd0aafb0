import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ANALYSIS_FILE, readAnalysisRecord } from "../analyze/analysis-record.ts";
import { VERSION } from "../version.ts";
import { checkSums, readSums } from "./check-sums.ts";
import { compareSummaries } from "./compare-summaries.ts";
import { hashFile, RESULT_FOLDER, SUMS_FILE } from "./pack.ts";
import { remakeResults } from "./remake.ts";
import { DEFAULT_LIMITS, type UnpackLimits } from "./unpack-limits.ts";
import { withUnpacked } from "./with-unpacked.ts";

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

/**
 * Checks an archive's file hashes, and that its raw logs reproduce its figures. For the latter it analyses the result
 * folder again, with the thresholds of the recorded analysis, and compares the outputs.
 * @throws {SlbenchError} FILE_NO_ARTEFACT, FILE_BAD_ENTRY, FILE_OVER_LIMIT, SYSTEM_…
 */
export async function verifyArchive(
  archive: string,
  limits: UnpackLimits = DEFAULT_LIMITS,
): Promise<Verification> {
  const started = performance.now();
  return withUnpacked(archive, limits, async (folder, work) => {
    const remade = join(work, "remade");
    await mkdir(remade);
    const sums = await readSums(archive, join(folder, SUMS_FILE));
    const checked = await checkSums(folder, sums);
    const secondsLeft = limits.maxSeconds - (performance.now() - started) / 1000;
    return { ...checked, ...(await checkFigures(join(folder, RESULT_FOLDER), remade, secondsLeft)) };
  });
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
  const rules = record ?? { thresholds: [] };
  const problem = await remakeResults({ folder, into, rules }, maxSeconds);
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
        ...compareSummaries(
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
