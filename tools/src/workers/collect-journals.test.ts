import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { collectJournals, describeCollected } from "./collect-journals.ts";
import { checkJournalFolder, journalFolderName } from "./journal-folder.ts";
import type { WorkerShell } from "./worker-shell.ts";

const work = mkdtempSync(join(tmpdir(), "slbench-collect-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const [near, far] = ["10.0.0.2:8001", "10.0.0.3:8001"];
const journal = (user: string, requests: number, ended: boolean) =>
  [
    { schema: "slbench.journal/2", user, plannedRequests: 3, startedEpochMicros: 1, url: "http://f/" },
    ...Array.from({ length: requests }, (_, index) => ({
      ...{ sequence: index + 1, payload: "1.jpg", startEpochMicros: index + 1, startMonotonicSeconds: index },
      ...{ roundTripSeconds: 0.1, sentBytes: 1, outcome: "ok" },
    })),
    ...(ended ? [{ end: true }] : []),
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");

/** A result folder whose second worker could not be reached at the end of its only cell. */
function makeResult(name: string, cell: object = {}) {
  const folder = join(work, name);
  const cellFolder = join(folder, "cells", "u02-t1-r1");
  mkdirSync(join(cellFolder, "journals"), { recursive: true });
  writeFileSync(join(cellFolder, "journals", "w1-u1.jsonl"), journal("w1-u1", 3, true));
  const [code, other] = ["RUN_JOURNALS_LEFT", "RUN_CELL_NOT_COMPLETE"];
  const warning = (of: string) => ({ code: of, message: "from before", hint: "", cell: "u02-t1-r1" });
  const planned = { name: "u02-t1-r1", users: 2, thinkTimeSeconds: 1, repetition: 1 };
  const record = {
    ...{ schema: "slbench.run/2", experiment: "x", experimentFile: "x.yaml", requestsPerUser: 3 },
    ...{ started: "2026-11-02T10:00:00.000Z", order: "interleaved", payloads: {}, versions: {}, hosts: [] },
    cells: [{ ...planned, state: "incomplete" }],
    warnings: [warning(code), warning(other)],
  };
  writeFileSync(join(folder, "run.json"), JSON.stringify(record));
  const about = { ...planned, state: "incomplete", workers: [near, far] };
  const left = { journalFolder: "journals/x-1/u02-t1-r1-00ff00ff", journalsLeftOn: [far] };
  writeFileSync(join(cellFolder, "cell.json"), JSON.stringify({ ...about, ...left, ...cell }));
  const read = (file: string) => JSON.parse(readFileSync(file, "utf8"));
  return {
    folder,
    cell: () => read(join(cellFolder, "cell.json")),
    run: () => read(join(folder, "run.json")),
    recovered: () => readFileSync(join(cellFolder, "recovered.jsonl"), "utf8"),
  };
}

const shell = (fetch: (away: string, folder: string) => void) =>
  ({ fetchJournals: async (away: string, folder: string) => fetch(away, folder) }) as unknown as WorkerShell;

describe("collectJournals()", () => {
  test("completes a cell from journals that stayed on a worker", async () => {
    const result = makeResult("back");
    const asked: string[] = [];
    const back = shell((away, folder) => {
      asked.push(away);
      writeFileSync(join(folder, "w2-u1.jsonl"), journal("w2-u1", 2, false));
    });
    const [cell] = await collectJournals(result.folder, new Map([[far, back]]));
    expect(describeCollected(cell!)).toBe("u02-t1-r1: 5 requests recovered from journals, 2 of them new");
    expect(asked).toEqual(["journals/x-1/u02-t1-r1-00ff00ff"]);
    expect(result.cell().journalsLeftOn).toBeUndefined();
    expect(result.cell().reconciliation.lost).toMatchObject([
      { host: far, recoveredRequests: 2, lostRequests: 1 },
    ]);
    expect(result.recovered().match(/"user":"w\d-u1"/g)).toEqual(['"user":"w1-u1"', '"user":"w2-u1"']);
    const codes = result.run().warnings.map(({ code }: { code: string }) => code);
    expect(codes).toEqual(["RUN_CELL_NOT_COMPLETE", "RECONCILE_RECOVERED", "RECONCILE_LOST"]);
    expect(await collectJournals(result.folder, new Map([[far, back]]))).toEqual([]); // nothing is left
  });

  test("keeps an unreachable worker in the record", async () => {
    const result = makeResult("gone");
    const gone = shell(() => {
      throw new Error("no route to host");
    });
    const [cell] = await collectJournals(result.folder, new Map([[far, gone]]));
    expect(describeCollected(cell!)).toContain(`still on ${far} (no route to host)`);
    expect(result.cell().journalsLeftOn).toEqual([far]);
    expect(JSON.stringify(result.run().warnings)).toContain(`slbench workers collect ${result.folder}`);
  });

  test("asks all workers of a cell whose run was killed", async () => {
    const result = makeResult("killed", { state: "running", journalsLeftOn: undefined });
    const asked: string[] = [];
    const each = (address: string) => [address, shell(() => void asked.push(address))] as const;
    await collectJournals(result.folder, new Map([each(near!), each(far!)]));
    expect(asked).toEqual([near, far]);
  });
});

describe("journalFolderName()", () => {
  test("gives every attempt its own folder with a shell-safe name", () => {
    const names = [journalFolderName("a b-1", "u1.t0"), journalFolderName("a b-1", "u1.t0")];
    expect(names[0]).not.toBe(names[1]);
    for (const name of names) {
      expect(name).toMatch(/^journals\/a_b-1\/u1_t0-/);
      expect(() => checkJournalFolder(name)).not.toThrow();
    }
  });

  test.each(["journals/../..", "journals/a/b/c", "/journals/a/b", "journals/a", "journals/a/$(x)"])(
    "checkJournalFolder() rejects %s",
    (name) => {
      expect(() => checkJournalFolder(name)).toThrow(expect.objectContaining({ code: "FILE_BAD_CELL" }));
    },
  );
});
