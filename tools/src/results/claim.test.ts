import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it, test } from "vitest";
import { CLAIM_FILE, claimFolder } from "./claim.ts";

const work = mkdtempSync(join(tmpdir(), "slbench-claim-"));
const file = join(work, CLAIM_FILE);
beforeEach(() => rmSync(file, { force: true }));
afterAll(() => rmSync(work, { recursive: true }));

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
await claimFolder(${JSON.stringify(work)}).catch(({ code }) => { console.log(code); process.exit(2); });
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
    await expect(claimFolder(work)).rejects.toMatchObject({
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
    await claimFolder(work);
    await claimFolder(work);
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
    await claimFolder(work);
    writeFileSync(file, `${JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), ...change })}\n`);
    expect(claimElsewhere()).toBe(outcome);
  });

  test.each(["", "{", "null", '{"pid":"x"}'])("takes a claim that was cut off for void: %j", async (text) => {
    writeFileSync(file, text);
    await claimFolder(work);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ pid: process.pid });
  });
});
