import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { remoteResponses } from "./remote-responses.ts";
import { openWorkerShell } from "./worker-shell.ts";

/** A worker on this machine: a stand-in for ssh runs the command in a home folder of its own. */
const work = mkdtempSync(join(tmpdir(), "slbench-remote-"));
const home = { address: "10.0.0.2:8001", sshTarget: "worker", folder: "bundle" };
const away = "journals/run-1/u01-t0-r1-00ff";
const bundle = join(work, "bundle");
const bodies = join(bundle, `${away}-responses`, "w1-u1");
let folder = "";
afterAll(() => rmSync(work, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

beforeEach(() => {
  const bin = join(work, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "ssh"), '#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n');
  chmodSync(join(bin, "ssh"), 0o755);
  vi.stubEnv("PATH", `${bin}:${process.env.PATH}`);
  vi.stubEnv("HOME", work);
  rmSync(bundle, { recursive: true, force: true });
  mkdirSync(bodies, { recursive: true });
  mkdirSync(join(bundle, away));
  writeJournal('{"end":true}\n');
  for (const number of [1, 2]) writeFileSync(join(bodies, `response-0000${number}.json`), "x".repeat(1000));
  folder = mkdtempSync(join(work, "cell-"));
});

const writeJournal = (end: string) =>
  writeFileSync(join(bundle, away, "w1-u1.jsonl"), `{"schema":"slbench.journal/2"}\n${end}`);
const fetchBodies = (maxBytes?: number) =>
  remoteResponses(home, openWorkerShell(home).run, maxBytes).fetchResponses(away, async () => folder);

describe("fetchResponses()", () => {
  it("brings the bodies home and deletes them on the worker", async () => {
    expect(await fetchBodies()).toBe(2);
    expect(readdirSync(join(folder, "w1-u1"))).toEqual(["response-00001.json", "response-00002.json"]);
    expect(existsSync(bodies)).toBe(false);
    expect(existsSync(join(bundle, away))).toBe(true);
    expect(await fetchBodies()).toBe(0);
  });

  it("leaves them on the worker while a client has not ended", async () => {
    writeJournal("");
    expect(await fetchBodies()).toBe(2);
    expect(readdirSync(bodies)).toHaveLength(2);
  });

  it("says so if there are too many, and leaves them on the worker", async () => {
    await expect(fetchBodies(1500)).rejects.toMatchObject({ code: "RUN_RESPONSES_TOO_LARGE" });
    expect(readdirSync(join(folder, "w1-u1"))).toHaveLength(1);
    expect(readdirSync(bodies)).toHaveLength(2);
  });

  it("reports a connection that breaks off, and deletes nothing", async () => {
    const tar = join(work, "bin", "tar");
    writeFileSync(tar, "#!/bin/sh\necho broken pipe >&2\nexit 255\n");
    chmodSync(tar, 0o755);
    await expect(fetchBodies()).rejects.toMatchObject({
      code: "RUN_SSH_FAILED",
      message: expect.stringContaining("broken pipe"),
    });
    expect(readdirSync(bodies)).toHaveLength(2);
    rmSync(tar);
  });

  it("rejects the name of a folder that would change the command", async () => {
    const fetching = remoteResponses(home, openWorkerShell(home).run).fetchResponses(
      "journals/a/$(x)",
      async () => folder,
    );
    await expect(fetching).rejects.toMatchObject({ code: "FILE_BAD_CELL" });
  });
});
