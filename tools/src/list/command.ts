import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { alignLeft, columnWidths } from "@slbench/analyzer/logs";
import { checkFiles } from "../output-file.ts";
import type { RunRecord } from "../results/result-folder.ts";

/** Prints one line per result folder in a folder, newest first. */
export async function runList(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const records = await Promise.all(names.map((name) => describe(folder, name)));
  const lines = records.flatMap((record) => record ?? []).sort((a, b) => (a.started < b.started ? 1 : -1));
  if (lines.length === 0) {
    process.stdout.write(`No result folders in ${folder}; create one with slbench run examples/quick.yaml\n`);
    return;
  }
  const rows = [
    ["folder", "started", "state", "cells", "backend", "requests ok"],
    ...lines.map(({ columns }) => columns),
  ];
  const widths = columnWidths(rows);
  for (const row of rows) process.stdout.write(`${alignLeft(row, widths)}\n`);
}

async function describe(
  folder: string,
  name: string,
): Promise<{ readonly started: string; readonly columns: readonly string[] } | undefined> {
  try {
    await checkFiles(join(folder, name), ["run.json", "summary.json"]);
  } catch (error) {
    process.stderr.write(`list: skipped ${join(folder, name)}: ${(error as Error).message}\n`);
    return undefined;
  }
  const run = await readJson<RunRecord>(join(folder, name, "run.json"));
  if (run === undefined) return undefined;
  const summary = await readJson<{
    cells?: { requests: { sent: number; answered: number } }[];
    complete?: boolean;
  }>(join(folder, name, "summary.json"));
  const total = (pick: (requests: { sent: number; answered: number }) => number) =>
    (summary?.cells ?? []).reduce((sum, cell) => sum + pick(cell.requests), 0);
  const cells = run.cells ?? [];
  const complete = cells.filter((cell) => cell.state === "complete").length;
  return {
    started: run.started ?? "",
    columns: [
      join(folder, name),
      (run.started ?? "").slice(0, 16).replace("T", " "),
      // A complete result may have lost files since it was measured.
      run.state === "complete" && summary?.complete === false ? "data missing" : (run.state ?? "unknown"),
      `${complete}/${cells.length}`,
      run.backend ?? "-",
      summary === undefined
        ? "not analysed"
        : `${total((requests) => requests.answered)}/${total((requests) => requests.sent)}`,
    ],
  };
}

async function readJson<T>(file: string): Promise<Partial<T> | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Partial<T>;
  } catch {
    return undefined;
  }
}
