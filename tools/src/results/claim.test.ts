import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { CLAIM_FILE, claimFolder } from "./claim.ts";

const work = mkdtempSync(join(tmpdir(), "slbench-claim-"));
const file = join(work, CLAIM_FILE);
beforeEach(() => {
  rmSync(file, { force: true });
  // This process' claims of earlier tests are gone: it would end for having lost them.
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
});
afterAll(() => rmSync(work, { recursive: true }));

const warn = vi.fn();
afterEach(() => {
  vi.useRealTimers();
  warn.mockReset();
});

/** Makes the claim another one's, written some seconds ago. */
function changeClaim(path: string, change: object, secondsAgo = 0): void {
  writeFileSync(path, `${JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...change })}\n`);
  const then = Date.now() / 1000 - secondsAgo;
  utimesSync(path, then, then);
}

const FLAGS = [
  "--conditions=@slbench/source",
  "--disable-warning=ExperimentalWarning",
  "--input-type=module",
];
/** Claims the folder in a process of its own, which then runs `more`. */
const claiming = (more: string) => [
  ...FLAGS,
  "--eval",
  `import { claimFolder } from ${JSON.stringify(new URL("claim.ts", import.meta.url).href)};
await claimFolder(${JSON.stringify(work)}, (line) => console.error(line)).catch(({ code }) => { console.log(code); process.exit(2); });
console.log("claimed");
${more}`,
];
const claimElsewhere = (more = "") => {
  try {
    return execFileSync(process.execPath, claiming(more), { encoding: "utf8" }).trim();
  } catch (error) {
    return (error as { stdout: string }).stdout.trim();
  }
};

describe("claimFolder()", () => {
  it("refuses a folder that another process measures into, until it is killed", async () => {
    const owner = spawn(process.execPath, claiming("setInterval(() => {}, 1000);"));
    await once(owner.stdout, "data");
    await expect(claimFolder(work, warn)).rejects.toMatchObject({
      code: "RUN_FOLDER_BUSY",
      exitCode: 2,
      message: `process ${owner.pid} is measuring into ${work}`,
    });
    owner.kill("SIGKILL");
    await once(owner, "close");
    expect(existsSync(file)).toBe(true);
    expect(claimElsewhere()).toBe("claimed");
  });

  it("lasts until the process ends, and may be repeated in it", async () => {
    expect(claimElsewhere("process.exit(0);")).toBe("claimed");
    expect(existsSync(file)).toBe(false);
    await claimFolder(work, warn);
    await claimFolder(work, warn);
    expect(claimElsewhere()).toBe("RUN_FOLDER_BUSY");
  });

  it("gives a folder to one of several processes that want it at once", async () => {
    writeFileSync(file, "");
    const outputs = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const one = spawn(process.execPath, claiming("setTimeout(() => {}, 3000);"));
        const [text] = await once(one.stdout, "data");
        await once(one, "close");
        return String(text).trim();
      }),
    );
    expect(outputs.toSorted()).toEqual(["RUN_FOLDER_BUSY", "RUN_FOLDER_BUSY", "RUN_FOLDER_BUSY", "claimed"]);
  });

  test.each([
    ["a process on another machine", { host: "elsewhere.example" }, "RUN_FOLDER_BUSY"],
    ["a later process with the id of its owner", { startTicks: "1" }, "claimed"],
  ])("tells the claim of %s", async (_name, change, outcome) => {
    await claimFolder(work, warn);
    changeClaim(file, change);
    expect(claimElsewhere()).toBe(outcome);
  });

  it("takes over the claim of another machine that gave no sign of life for a minute", async () => {
    await claimFolder(work, warn);
    changeClaim(file, { host: "elsewhere.example", pid: 7 }, 49.5);
    await expect(claimFolder(work, warn)).rejects.toMatchObject({
      message: `process 7 on elsewhere.example is measuring into ${work}`,
      hint: "wait until it has ended; if it was killed, try again in 11 s",
    });
    changeClaim(file, {}, 61);
    expect(warn).not.toHaveBeenCalled();
    await claimFolder(work, warn);
    expect(warn.mock.calls).toEqual([
      [
        "run: process 7 on elsewhere.example gave no sign of life for a minute; this run continues in its place",
      ],
    ]);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ pid: process.pid });
    expect(readdirSync(work)).toEqual([CLAIM_FILE]);
  });

  it("shows a sign of life every 5 s, and ends if another process has taken over", async () => {
    const folder = join(work, "beat");
    mkdirSync(folder);
    const claim = join(folder, CLAIM_FILE);
    await claimFolder(folder, warn);
    const text = readFileSync(claim, "utf8");
    changeClaim(claim, {}, 30);
    vi.advanceTimersByTime(5_000);
    expect(Date.now() - statSync(claim).mtimeMs).toBeLessThan(10_000);
    rmSync(claim);
    vi.advanceTimersByTime(5_000);
    expect(readFileSync(claim, "utf8")).toBe(text);
    changeClaim(claim, { host: "elsewhere.example", pid: 7 });
    expect(() => vi.advanceTimersByTime(5_000)).toThrow("process 7 on elsewhere.example measures into");
    rmSync(folder, { recursive: true });
  });

  test.each(["", "{", "null", '{"pid":"x"}'])("takes a claim that was cut off for void: %j", async (text) => {
    writeFileSync(file, text);
    await claimFolder(work, warn);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ pid: process.pid });
  });
});
