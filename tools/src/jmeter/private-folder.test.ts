import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { createPrivateFolder, sweepPrivateFolders } from "./private-folder.ts";

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

describe("createPrivateFolder()", () => {
  test("creates a folder for the owner only, in memory if possible", async () => {
    const folder = await createPrivateFolder();
    made.push(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const isMemory = (path: string) => existsSync(path) && statfsSync(path).type === 0x01021994;
    if (isMemory("/dev/shm")) expect(isMemory(folder)).toBe(true);
  });

  test.skipIf(process.platform !== "linux")(
    "removes folders of killed runs and keeps those of running ones",
    async () => {
      const module = fileURLToPath(new URL("./private-folder.ts", import.meta.url));
      const code = `import { createPrivateFolder } from ${JSON.stringify(module)};
        process.stdout.write(await createPrivateFolder(), () => process.kill(process.pid, "SIGKILL"));`;
      const { stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", code], {
        encoding: "utf8",
      });
      writeFileSync(join(stdout, "slbench-rmi.p12"), "a private key");
      const own = await createPrivateFolder();
      made.push(own);
      expect(existsSync(stdout)).toBe(false);
      await sweepPrivateFolders();
      expect(existsSync(own)).toBe(true);
    },
  );

  test.skipIf(process.platform !== "linux")(
    "removes folders of an earlier boot, but no links and no folders of other containers",
    async () => {
      const own = await createPrivateFolder();
      const root = dirname(own);
      const target = mkdtempSync(join(tmpdir(), "slbench-target-"));
      made.push(own, target);
      const [name = ""] = own
        .slice(root.length + 1)
        .split("-")
        .slice(2, 3);
      const [boot, , pid, start] = name.split("_");
      const path = (owner: string) => join(root, `slbench-private-${owner}-test`);
      const old = path(`ffffffff_1_${pid}_${start}`);
      const link = path(`fffffffe_1_${pid}_${start}`);
      const elsewhere = path(`${boot}_1_999999999_1`);
      const strange = path("strange");
      made.push(old, link, elsewhere, strange);
      for (const folder of [old, elsewhere, strange]) mkdirSync(folder);
      symlinkSync(target, link);
      const removed = await sweepPrivateFolders();
      expect(removed).toContain(old);
      expect([old, link, elsewhere, strange, target].map((one) => existsSync(one))).toEqual([
        ...[false, true, true, true, true],
      ]);
    },
  );
});
