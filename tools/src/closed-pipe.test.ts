import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { startSlbench } from "./testing/slbench.ts";

const work = mkdtempSync(join(tmpdir(), "slbench-closed-pipe-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

test("a reader that goes away, such as head, keeps no file from being written", async () => {
  const log = join(work, "log.csv");
  const rows = Array.from({ length: 2000 }, (_, n) => `${1e12 + n},5,label ${n},200,T 1-1,true`);
  writeFileSync(log, `timeStamp,elapsed,label,responseCode,threadName,success\n${rows.join("\n")}\n`);
  const [page, table] = [join(work, "page.html"), join(work, "requests.csv")];
  const child = startSlbench(["analyze", log, "--report", page, "--requests", "csv"], work);
  child.stdout.destroy();
  child.stderr.destroy();
  const [code] = await once(child, "exit");
  expect(code).toBe(0);
  expect(existsSync(page)).toBe(true);
  expect(readFileSync(table, "utf8").split("\n").length).toBeGreaterThan(2000);
});
