import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, test } from "vitest";
import { readLabelled } from "./labelled.ts";

const LOG = '<testResults><sample t="5" ts="1" s="true" lb="x" rc="0" tn="Users 1-1"/></testResults>';

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slbench-"));
  await writeFile(join(folder, "a,b.xml"), LOG);
});
afterAll(() => rm(folder, { recursive: true }));

it("reads the condition and the path, which may contain commas", async () => {
  const path = join(folder, "a,b.xml");
  expect(await readLabelled(`users=8,think=0.5,path=${path}`)).toMatchObject({
    users: 8,
    thinkTimeSeconds: 0.5,
    repetition: 1,
    source: path,
    log: { samples: 1, threads: 1, hasReports: false, skipped: [], clients: [{ sample: { label: "x" } }] },
  });
});

test.each([
  ["users=8,think=0", "USAGE_CELL"],
  ["think=0,path=x", "USAGE_CELL"],
  ["users=0,think=0,path=x", "USAGE_CELL"],
  ["users=1,think=,path=x", "USAGE_CELL"],
  ["user=1,think=0,path=x", "USAGE_CELL"],
  ["users=1,think=0,path=/does/not/exist", "FILE_UNREADABLE"],
])("readLabelled(%j) throws %s", async (label, code) => {
  await expect(readLabelled(label)).rejects.toMatchObject({ code, exitCode: 2 });
});
