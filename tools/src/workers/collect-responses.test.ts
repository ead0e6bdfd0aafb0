import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { collectResponses, describeResponses } from "./collect-responses.ts";
import type { WorkerShell } from "./worker-shell.ts";

const work = mkdtempSync(join(tmpdir(), "slbench-bodies-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const [near, far] = ["10.0.0.2:8001", "10.0.0.3:8001"];
const CELL = "u02-t1-r1";

/** A complete cell whose second worker could not be reached for its response bodies. */
function makeResult(name: string, fields: object = { responsesLeftOn: [far] }) {
  const folder = join(work, name);
  mkdirSync(join(folder, "cells", CELL), { recursive: true });
  const planned = { name: CELL, users: 2, thinkTimeSeconds: 1, repetition: 1 };
  const warning = (code: string) => ({ code, message: "from before", hint: "", cell: CELL });
  const record = {
    ...{ schema: "slbench.run/2", experiment: "x", experimentFile: "x.yaml", requestsPerUser: 3 },
    ...{ started: "2026-11-02T10:00:00.000Z", order: "interleaved", payloads: {}, versions: {}, hosts: [] },
    cells: [{ ...planned, state: "complete" }],
    warnings: [warning("RUN_RESPONSES_LEFT"), warning("RECONCILE_RECOVERED")],
  };
  writeFileSync(join(folder, "run.json"), JSON.stringify(record));
  const cell = { ...planned, state: "complete", workers: [near, far], journalFolder: "journals/x-1/a-00ff" };
  writeFileSync(join(folder, "cells", CELL, "cell.json"), JSON.stringify({ ...cell, ...fields }));
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), "utf8"));
  return { folder, cell: () => read(`cells/${CELL}/cell.json`), run: () => read("run.json") };
}

const shell = (fetch: WorkerShell["fetchResponses"]) => ({ fetchResponses: fetch }) as unknown as WorkerShell;
const back = shell(async (_, makeFolder) => {
  writeFileSync(join(await makeFolder(), "body.json"), "{}");
  return 1;
});

describe("collectResponses()", () => {
  it("fetches what a complete cell left on a worker, once", async () => {
    const result = makeResult("back");
    const [cell] = await collectResponses(result.folder, new Map([[far, back]]));
    expect(describeResponses(cell!)).toBe(`${CELL}: 1 response body fetched`);
    expect(readdirSync(join(result.folder, "cells", CELL, "responses"))).toEqual(["body.json"]);
    expect(result.cell().responsesLeftOn).toBeUndefined();
    expect(result.run().warnings).toMatchObject([{ code: "RECONCILE_RECOVERED" }]);
    expect(await collectResponses(result.folder, new Map([[far, back]]))).toEqual([]);
  });

  it("keeps an unreachable worker in the record, with the reason and what to do", async () => {
    const result = makeResult("gone", { responsesLeftOn: [near, far] });
    const gone = shell(async () => {
      throw new Error("no route to host");
    });
    const shells = new Map([
      [near!, back],
      [far!, gone],
    ]);
    const [cell] = await collectResponses(result.folder, shells);
    expect(describeResponses(cell!)).toBe(
      `${CELL}: 1 response body fetched; some still on ${far} (no route to host)`,
    );
    expect(result.cell().responsesLeftOn).toEqual([far]);
    const [, left] = result.run().warnings;
    expect(left).toMatchObject({ code: "RUN_RESPONSES_LEFT", cell: CELL });
    expect(left.message).toContain("journals/x-1/a-00ff-responses");
    expect(left.hint).toContain(`slbench workers collect ${result.folder}`);
  });

  it("asks all workers of a cell whose run was killed, and is silent if they saved nothing", async () => {
    const result = makeResult("killed", { state: "running" });
    const asked: string[] = [];
    const each = (address: string) =>
      [address, shell(async (away) => asked.push(`${address} ${away}`) * 0)] as const;
    expect(await collectResponses(result.folder, new Map([each(near!), each(far!)]))).toEqual([]);
    expect(asked).toEqual([near, far].map((address) => `${address} journals/x-1/a-00ff`));
  });

  it("does not write into another folder through a link in the result", async () => {
    const result = makeResult("link");
    const victim = mkdtempSync(join(work, "victim-"));
    symlinkSync(victim, join(result.folder, "cells", CELL, "responses"));
    const collecting = collectResponses(result.folder, new Map([[far, back]]));
    await expect(collecting).rejects.toMatchObject({ code: "FILE_LINK" });
    expect(readdirSync(victim)).toEqual([]);
  });
});
