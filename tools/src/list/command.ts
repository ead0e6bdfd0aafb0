import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { alignLeft, columnWidths } from "@slbench/analyzer/logs";
import { checkFiles } from "../output-file.ts";
import { type Fields, findFault, parseRunRecord } from "../results/check-record.ts";
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
  const file = join(folder, name, "run.json");
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  let run: Partial<RunRecord>;
  try {
    run = parseRunRecord<RunRecord>(text, file, "");
  } catch (error) {
    process.stderr.write(`list: skipped ${(error as Error).message}\n`);
    return undefined;
  }
  const summary = await readSummary(join(folder, name, "summary.json"));
  const total = (pick: (requests: { sent: number; successful: number }) => number) =>
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
        : `${total((requests) => requests.successful)}/${total((requests) => requests.sent)}`,
    ],
  };
}

interface ListedSummary {
  readonly cells?: readonly { readonly requests: { readonly sent: number; readonly successful: number } }[];
  readonly complete?: boolean;
}

const SUMMARY_FIELDS: Fields = {
  complete: "flag",
  cells: "list",
  "cells[]": "object",
  "cells[].requests": "object",
  "cells[].requests.sent": "number",
  "cells[].requests.successful": "number",
};

/** Undefined if there is none that can be read: the folder then counts as not analysed. */
async function readSummary(file: string): Promise<ListedSummary | undefined> {
  try {
    const summary: unknown = JSON.parse(await readFile(file, "utf8"));
    const fault = findFault(summary, SUMMARY_FIELDS, [
      "cells[].requests",
      "cells[].requests.sent",
      "cells[].requests.successful",
    ]);
    return fault === undefined ? (summary as ListedSummary) : undefined;
  } catch {
    return undefined;
  }
}
