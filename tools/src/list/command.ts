import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { alignLeft, columnWidths } from "@slbench/analyzer/logs";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { checkFiles } from "../files/output-file.ts";
import { type Fields, findFault, parseRunRecord } from "../results/check-record.ts";
import { isDone, type RunRecord } from "../results/result-folder.ts";

/** A result folder as `slbench list` shows it. */
interface ListedResult {
  readonly folder: string;
  /** ISO 8601 */
  readonly started: string;
  /** Of run.json; `data missing` if a complete result has lost files since it was measured. */
  readonly state: string;
  readonly cells: { readonly complete: number; readonly planned: number };
  readonly backend?: string;
  /** Absent if it was not analysed. */
  readonly requests?: { readonly successful: number; readonly sent: number };
}

/** Prints the result folders in a folder, newest first: one line each, or as JSON. */
export async function runList(
  folder: string,
  { json = false }: { readonly json?: boolean } = {},
): Promise<void> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    // Before the first run, the default folder does not exist.
    if (folder === "results" && cause.code === "ENOENT") return [];
    const why = cause.code === "ENOENT" ? "does not exist" : "is not a folder that can be read";
    throw new SlbenchError<ToolErrorCode>("FILE_NO_RESULT", `${folder} ${why}`, {
      hint: "name the folder that contains the result folders",
      exitCode: 2,
      cause,
    });
  });
  const found = await Promise.all(names.map((name) => describe(folder, name)));
  const results = found.flatMap((one) => one ?? []).sort((a, b) => (a.started < b.started ? 1 : -1));
  if (json) {
    process.stdout.write(`${JSON.stringify({ schema: "slbench.list/1", results }, undefined, 2)}\n`);
    return;
  }
  if (results.length === 0) {
    process.stdout.write(`No result folders in ${folder}; create one with slbench run examples/quick.yaml\n`);
    return;
  }
  const rows = [["folder", "started", "state", "cells", "backend", "requests ok"], ...results.map(columnsOf)];
  const widths = columnWidths(rows);
  for (const row of rows) process.stdout.write(`${alignLeft(row, widths)}\n`);
}

const columnsOf = ({ folder, started, state, cells, backend, requests }: ListedResult): readonly string[] => [
  folder,
  started.slice(0, 16).replace("T", " "),
  state,
  `${cells.complete}/${cells.planned}`,
  backend ?? "-",
  requests === undefined ? "not analysed" : `${requests.successful}/${requests.sent}`,
];

async function describe(folder: string, name: string): Promise<ListedResult | undefined> {
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
  const complete = cells.filter(isDone).length;
  return {
    folder: join(folder, name),
    started: run.started ?? "",
    state:
      run.state === "complete" && summary?.complete === false ? "data missing" : (run.state ?? "unknown"),
    cells: { complete, planned: cells.length },
    ...(run.backend !== undefined && { backend: run.backend }),
    ...(summary !== undefined && {
      requests: {
        successful: total((requests) => requests.successful),
        sent: total((requests) => requests.sent),
      },
    }),
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
