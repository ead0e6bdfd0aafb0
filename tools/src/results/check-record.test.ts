import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test, vi } from "vitest";
import { analyzeResultFolder } from "../analyze/write-result.ts";
import { runCompare } from "../compare/command.ts";
import { runList } from "../list/command.ts";
import { collectJournals } from "../workers/collect-journals.ts";
import { findFault } from "./check-record.ts";
import { readJob } from "./job.ts";
import { readRunRecord } from "./result-folder.ts";

const work = mkdtempSync(join(tmpdir(), "slbench-forged-"));
const folder = join(work, "results", "forged");
const cellFolder = join(folder, "cells/u01-t0-r1");
afterAll(() => rmSync(work, { recursive: true, force: true }));

const RUN = {
  schema: "slbench.run/2",
  experiment: "forged",
  experimentFile: "/tmp/x.yaml",
  state: "incomplete",
  started: "2026-01-01T00:00:00Z",
  ended: "2026-01-01T00:01:00Z",
  resumed: ["2026-01-01T00:00:30Z"],
  requestsPerUser: 1,
  seed: 1,
  order: "random",
  function: { url: "http://10.0.0.1/", local: false },
  backend: "wasm",
  start: "together",
  expectedLoad: {
    responseSeconds: 0.1,
    conditions: [{ users: 1, thinkTimeSeconds: 0, isTogether: true, meanActiveUsers: 1 }],
  },
  payloads: { folder: "/tmp/p", count: 1, sha256: "00", videoSha256: "00" },
  versions: { slbench: "0.2.0", java: "17", jmeter: "5.6.3", client: "00" },
  hosts: [{ name: "h", system: "s", processor: "p", cores: 2, memoryBytes: 1e9, node: "20", worker: "w" }],
  cells: [{ name: "u01-t0-r1", users: 1, thinkTimeSeconds: 0, repetition: 1, state: "incomplete" }],
  warnings: [{ code: "X", message: "m", hint: "h", cell: "u01-t0-r1" }],
};
const CELL = {
  name: "u01-t0-r1",
  state: "incomplete",
  users: 1,
  thinkTimeSeconds: 0,
  repetition: 1,
  workers: ["127.0.0.1:8001"],
  journalFolder: "journals/x/u01-t0-r1",
  journalsLeftOn: ["127.0.0.1:8001"],
  load: { cpuBusyRatio: 0.1, aboveLimitRatio: 0, runQueuePerCore: 0.5, workers: ["127.0.0.1:8002"] },
  workerLoads: [
    {
      ...{ worker: "127.0.0.1:8001", cpuBusyRatio: 0.1, aboveLimitRatio: 0 },
      ...{ runQueuePerCore: 0.5, memoryAvailableBytesMin: 1e9 },
    },
  ],
  startLateness: {
    ...{ lateRatio: 0, maxSeconds: 0 },
    workers: [{ worker: "127.0.0.1:8001", users: 1, lateRatio: 0, maxSeconds: 0 }],
  },
  clocks: [{ worker: "127.0.0.1:8001", method: "unknown" }],
};
const SUMMARY = { complete: true, cells: [{ requests: { sent: 1, successful: 1 } }] };
const SAMPLE = `<sample t="5" ts="1700000000000" s="true" lb="x" rc="0" tn="127.0.0.1:8001-U 1-1" by="1"><responseData class="java.lang.String">Elapsed ML time in the handler: \n[&apos;0.05&apos;]\nElapsed total time in the handler: \n[&apos;0.06&apos;]\nElapsed round trip time in the client: \n[0.07]\n</responseData></sample>`;

beforeAll(() => {
  mkdirSync(join(cellFolder, "journals"), { recursive: true });
  writeFileSync(join(cellFolder, "samples.xml"), `<testResults version="1.2">${SAMPLE}</testResults>`);
  writeFileSync(
    join(folder, "experiment.yaml"),
    "name: forged\nrequestsPerUser: 1\nload: {users: [1], thinkTimeSeconds: [0]}\n",
  );
});

/** The record with one value anywhere in it replaced, each in turn. */
function forgeries(value: unknown, replacement: unknown): readonly unknown[] {
  if (typeof value !== "object" || value === null) return [replacement];
  const deeper = Object.entries(value).flatMap(([key, child]) =>
    forgeries(child, replacement).map((forged) =>
      Array.isArray(value) ? [forged] : { ...value, [key]: forged },
    ),
  );
  return [replacement, ...deeper];
}

const READERS: Readonly<Record<string, () => Promise<unknown>>> = {
  analyze: () => analyzeResultFolder(folder, {}, work),
  compare: () => runCompare([folder, folder], {}),
  list: () => runList(join(work, "results")),
  "run --resume": () => readJob({ resume: folder }),
  "workers collect": () => collectJournals(folder, new Map()),
};

describe("a forged record is refused in words, or read, by", () => {
  const REPLACEMENTS = [null, {}, [null]];
  test.each(Object.entries(READERS))(
    "%s",
    async (_name, read) => {
      const quiet = [process.stdout, process.stderr].map((stream) =>
        vi.spyOn(stream, "write").mockReturnValue(true),
      );
      const places = [
        [join(folder, "run.json"), RUN],
        [join(cellFolder, "cell.json"), CELL],
        [join(folder, "summary.json"), SUMMARY],
      ] as const;
      const unexplained: string[] = [];
      for (const [forgedFile, record] of places)
        for (const replacement of REPLACEMENTS)
          for (const forged of forgeries(record, replacement)) {
            for (const [file, good] of places) writeFileSync(file, JSON.stringify(good));
            writeFileSync(forgedFile, JSON.stringify(forged));
            await read().catch((error: unknown) => {
              if (!(error instanceof Error && "hint" in error))
                unexplained.push(`${JSON.stringify(forged)}: ${String(error)}`);
            });
          }
      for (const spy of quiet) spy.mockRestore();
      expect(unexplained).toEqual([]);
    },
    120_000,
  );
});

test.each([
  [
    { ...RUN, hosts: [RUN.hosts[0], { ...RUN.hosts[0], cores: "many" }] },
    /hosts\[1\]\.cores is "many", not a number/,
  ],
  [{ ...RUN, cells: null }, /cells is null, not a list/],
  [
    { ...RUN, cells: [{ ...RUN.cells[0], thinkTimeSeconds: 1e15 }] },
    /cells\[0\]\.thinkTimeSeconds is 1000000000000000, not a number of seconds from 0 to 86,400/,
  ],
  [{ ...RUN, requestsPerUser: undefined }, /requestsPerUser is missing/],
  [{ ...RUN, experiment: "../../homes" }, /experiment/],
  [null, /holds null, not an object/],
])("readRunRecord() names the wrong field %#", async (record, message) => {
  writeFileSync(join(folder, "run.json"), JSON.stringify(record));
  await expect(readRunRecord(folder)).rejects.toMatchObject({
    code: "FILE_NO_RESULT",
    message: expect.stringMatching(message),
  });
});

it("findFault() does not look at inherited fields", () => {
  expect(findFault({}, { ["constructor" as string]: "text" })).toBeUndefined();
});
