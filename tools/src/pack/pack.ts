import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { mkdtemp, open, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, relative, resolve } from "node:path";
import { create } from "tar";
import { stringify } from "yaml";
import { ANALYSIS_FILE, readAnalysisRecord, rulesOf } from "../analyze/analysis-record.ts";
import { readRun, requireResultFolder } from "../analyze/read-result.ts";
import { analyzeResultFolder } from "../analyze/write-result.ts";
import { writeOut } from "../files/make-folder.ts";
import { checkContents, UNFINISHED_NAME, writeNamed } from "../files/output-file.ts";
import { CLAIM_FILE } from "../results/claim.ts";
import type { RunRecord } from "../results/result-folder.ts";

/** Name of the result folder inside an archive. */
export const RESULT_FOLDER = "result";
const FIGURE_FILES = ["summary.json", "summary.md", "report.html", "requests.csv"];
export const SUMS_FILE = "SHA256SUMS";

/**
 * Packs a result folder unchanged into an archive, with the SHA-256 of each file, a CITATION.cff and a README.
 * Analyses the folder first only if its report is incomplete or older than the logs.
 * @returns the archive's path
 * @throws {SlbenchError} FILE_NO_RESULT; FILE_LINK, FILE_SPECIAL if the folder holds links, pipes or devices
 */
export async function packResult(folder: string, out?: string): Promise<string> {
  await requireResultFolder(folder, "name a folder that slbench run wrote; slbench list shows them");
  await checkContents(folder, "none");
  if (!(await isAnalysed(folder))) {
    process.stderr.write(
      `${folder}: analysing again, because the report is incomplete or older than the logs\n`,
    );
    const record = await readAnalysisRecord(folder);
    await analyzeResultFolder(folder, rulesOf(record ?? { thresholds: [] }));
  }
  const name = basename(resolve(folder));
  const run = await readRun(folder);
  const work = await mkdtemp(join(tmpdir(), "slbench-pack-"));
  const file = resolve(out ?? `${name}.tar.gz`);
  try {
    await symlink(resolve(folder), join(work, RESULT_FOLDER));
    await writeFile(join(work, "README.md"), readme(name));
    await writeFile(join(work, "CITATION.cff"), citation(name, run));
    const paths = [
      "README.md",
      "CITATION.cff",
      ...(await filesBelow(folder)).map((path) => `${RESULT_FOLDER}/${path}`),
    ];
    const sums: string[] = [];
    for (const path of paths) sums.push(`${await hashFile(join(work, path))}  ${path}\n`);
    await writeFile(join(work, SUMS_FILE), sums.join(""));
    // A file that was replaced by a link meanwhile is packed as a link, which verify rejects.
    const packed = create({ gzip: true, cwd: work, follow: false, portable: true, prefix: name }, [
      SUMS_FILE,
      ...paths,
    ]);
    // If the archive cannot be written, the folder goes while tar still reads; the error is the one of writing.
    packed.on("error", () => {});
    return await writeOut(file, () => writeNamed(file, packed as AsyncIterable<Uint8Array>));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function isAnalysed(folder: string): Promise<boolean> {
  const madeMs = await changedMs(join(folder, ANALYSIS_FILE)); // written last
  const all = await Promise.all(FIGURE_FILES.map((name) => changedMs(join(folder, name))));
  if (madeMs === undefined || all.includes(undefined)) return false;
  const cells = await filesBelow(join(folder, "cells")).catch(() => []);
  const logs = await Promise.all(cells.map((name) => changedMs(join(folder, "cells", name))));
  // JMeter's dashboards lie there too, but are no input of the figures.
  return logs.every((ms, index) => cells[index]?.includes("dashboard/") || (ms ?? 0) <= madeMs);
}

async function changedMs(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}

/** Paths of all files below a folder, sorted, with slashes. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !UNFINISHED_NAME.test(entry.name) && entry.name !== CLAIM_FILE)
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
}

/** Hexadecimal SHA-256 of a file; rejects links. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  for await (const chunk of file.createReadStream()) hash.update(chunk as Buffer); // closes the file
  return hash.digest("hex");
}

function readme(name: string): string {
  return `# ${name}

Measured with slbench. \`${RESULT_FOLDER}/\` is the unchanged result folder: experiment, JMeter plans (\`cells/*/plan.jmx\`), raw logs (\`samples.xml\`, \`samples.csv\`), the clients' journals, \`run.json\` (versions, hosts), \`summary.json\` and \`report.html\`.

To check it:

- \`sha256sum -c ${SUMS_FILE}\` in this folder: no file has changed since it was packed;
- \`slbench verify ${name}.tar.gz\`: the same, and the raw logs reproduce \`summary.json\`, \`requests.csv\`, \`summary.md\` and \`report.html\`.

This cannot show that the logs, and the hosts and versions in \`run.json\`, are genuine: only the authors can vouch for them.
`;
}

function citation(name: string, run: Partial<RunRecord>): string {
  return stringify({
    "cff-version": "1.2.0",
    message: "Cite this measurement as below; fill in its authors.",
    type: "dataset",
    title: `${run.experiment ?? name}: load test of a serverless function (${name})`,
    authors: [{ name: "the authors of this measurement" }],
    ...(run.started !== undefined && { "date-released": run.started.slice(0, 10) }),
    keywords: ["load testing", "serverless", "queueing model", "slbench"],
    ...(run.versions?.slbench !== undefined && { version: `slbench ${run.versions.slbench}` }),
  });
}
