import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "slbench-full-"));
const disk = join(work, "disk");
const filler = join(disk, "filler");
let server: Server;
let requests = 0;
/** The number of requests after which the disk is full; the first five only probe. */
let fullAfter = Number.POSITIVE_INFINITY;

const isMounted = (() => {
  if (process.platform !== "linux") return false;
  try {
    mkdirSync(disk);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();
if (!isMounted) process.stderr.write("skipped: a small disk cannot be mounted here (needs root and tmpfs)\n");

function fill(): void {
  for (const size of [1 << 16, 1 << 12, 1]) {
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: "a" });
    } catch {
      // full in steps of this size
    }
  }
}

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume().on("end", () => {
      if (++requests === fullAfter) fill();
      response.setHeader("Content-Type", "application/json");
      const answer = { image: "/9j/AAAA", format: "jpeg", width: 1, height: 1, faces: [], backend: "none" };
      response.end(JSON.stringify({ ...answer, mlSeconds: 0.01, totalSeconds: 0.02 }));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  if (isMounted) execFileSync("umount", [disk]);
  rmSync(work, { recursive: true, force: true });
});

describe.skipIf(!isMounted)("slbench run on a disk that fills up", () => {
  const slbench = (...args: readonly string[]) =>
    execa(process.execPath, ["--conditions=@slbench/source", main, ...args], {
      ...{ cwd: work, reject: false, all: true, stdin: "ignore" },
    });

  test("ends with a clear error and exit code 3, keeps earlier cells, and resumes", async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/function/slblur`;
    const load =
      "load: {repetitions: 1, requestsPerUser: 5, users: [1], thinkTimeSeconds: [0, 0.1], start: 4/s, order: as-written}";
    const file = join(work, "full.yaml");
    writeFileSync(file, `name: full\nfunction: {url: "${url}"}\nresponse: {preset: slblur}\n${load}\n`);
    fullAfter = 5 + 5 + 2;
    const run = await slbench("run", file, "--out", disk);
    expect(run.all).toMatch(/^slbench: .*disk.* is full/m);
    expect(run.all).toMatch(
      /^ {2}Next: free some space on this disk, then slbench run --resume \S+disk\/full-/m,
    );
    expect(run.all).not.toMatch(/unexpected error|^ {4}at /m);
    expect(run.exitCode).toBe(3);

    const folder = join(disk, readdirSync(disk).find((name) => name.startsWith("full-")) as string);
    const record = () => JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
    expect(record().cells[0].state).toBe("complete");
    const firstCell = join(folder, "cells", record().cells[0].name, "cell.json");
    const measured = readFileSync(firstCell, "utf8");
    expect(JSON.parse(measured).state).toBe("complete");

    const again = await slbench("run", "--resume", folder);
    expect(again.all).toMatch(/^slbench: disk: 0\.0 GB free for/m);
    expect(again.exitCode).toBe(1);
    expect(statSync(join(folder, "experiment.yaml")).size).toBeGreaterThan(0);

    rmSync(filler);
    const resumed = await slbench("run", "--resume", folder);
    // The second cell is measured again, or taken as it is if all of it had fitted. The first of
    // its five requests is before the steady part.
    expect(resumed.all?.match(/ 4\/4$/gm)).toHaveLength(2);
    expect(resumed.exitCode).toBe(0);
    expect(record().state).toBe("complete");
    expect(readFileSync(firstCell, "utf8")).toBe(measured);
  }, 300_000);
});
