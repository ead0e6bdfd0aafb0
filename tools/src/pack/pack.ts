import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { mkdtemp, open, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, relative, resolve } from "node:path";
import { parseThreshold } from "@slbench/analyzer/logs";
import { create } from "tar";
import { stringify } from "yaml";
import {
  ANALYSIS_FILE,
  analyzeResultFolder,
  isResultFolder,
  readAnalysisRecord,
  readRun,
} from "../analyze/result-folder.ts";
import { ToolError } from "../errors.ts";
import { checkContents, UNFINISHED_NAME, writeNamed } from "../output-file.ts";
import type { RunRecord } from "../results/result-folder.ts";

/** Name of the result folder inside an artefact. */
export const RESULT_FOLDER = "result";
const FIGURE_FILES = ["summary.json", "summary.md", "report.html", "requests.csv"];
export const SUMS_FILE = "SHA256SUMS";

/**
 * Packs a result folder into one archive that can be checked: everything of the folder as it is, with SHA-256 of each
 * file, a CITATION.cff and a README. It is analysed again only where what is there is not whole, or older than the
 * logs: else the report that was read is packed.
 * @returns the archive's path
 * @throws {ToolError} FILE_NO_RESULT; FILE_LINK, FILE_SPECIAL: what is no file of the folder's own is not packed
 */
export async function packResult(folder: string, out?: string): Promise<string> {
  if (!(await isResultFolder(folder))) {
    throw new ToolError("FILE_NO_RESULT", `${folder} is no result folder`, {
      hint: "name a folder that slbench run wrote; slbench list shows them",
      exitCode: 2,
    });
  }
  await checkContents(folder, "none");
  if (!(await isAnalysed(folder))) {
    process.stderr.write(`${folder}: analysed first, as its report is not whole or older than its logs\n`);
    const record = await readAnalysisRecord(folder);
    await analyzeResultFolder(folder, (record?.thresholds ?? []).map(parseThreshold));
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
    // A file that has become a link since is packed as a link, which verify refuses.
    const packed = create({ gzip: true, cwd: work, follow: false, portable: true, prefix: name }, [
      SUMS_FILE,
      ...paths,
    ]);
    return await writeNamed(file, packed as AsyncIterable<Uint8Array>);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function isAnalysed(folder: string): Promise<boolean> {
  const madeMs = await changedMs(join(folder, ANALYSIS_FILE)); // the last one that is written
  const all = await Promise.all(FIGURE_FILES.map((name) => changedMs(join(folder, name))));
  if (madeMs === undefined || all.includes(undefined)) return false;
  const cells = await filesBelow(join(folder, "cells")).catch(() => []);
  const logs = await Promise.all(cells.map((name) => changedMs(join(folder, "cells", name))));
  // JMeter's own dashboard lies there too, but says nothing that the figures are made of.
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
    .filter((entry) => entry.isFile() && !UNFINISHED_NAME.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
}

/** SHA-256 of a file, hexadecimal; a link is an error. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  for await (const chunk of file.createReadStream()) hash.update(chunk as Buffer); // closes the file
  return hash.digest("hex");
}

function readme(name: string): string {
  return `# ${name}

Measured with slbench. \`${RESULT_FOLDER}/\` is the result folder as it was: experiment, JMeter plans (\`cells/*/plan.jmx\`), raw logs (\`samples.xml\`, \`samples.csv\`), the clients' journals, \`run.json\` (versions, hosts), \`summary.json\` and \`report.html\`.

To check it:

- \`sha256sum -c ${SUMS_FILE}\` in this folder: every file is as it was packed;
- \`slbench verify ${name}.tar.gz\`: the same, and \`summary.json\`, \`requests.csv\`, \`summary.md\` and \`report.html\` come out of the raw logs again.

Nobody but its authors can say that the logs, and what \`run.json\` says of hosts and versions, are what was measured.
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
