import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawPicture, toJpeg } from "../testing/pictures.ts";
import { RUNTIMES, type Runtime, startClient } from "../testing/processes.ts";
import { slblurArgs } from "../testing/request-file.ts";
import { type ScenarioServer, startScenarioServer } from "../testing/scenario-server.ts";
import { parseJournal } from "./parse-journal.ts";
import { parseReport } from "./parse-report.ts";

const root = mkdtempSync(join(tmpdir(), "slbench-print-"));
const frames = mkdtempSync(join(root, "frames-"));
writeFileSync(join(frames, "1.jpg"), toJpeg(drawPicture(320, 240)));
/** Whose report does not fit into a pipe (64 KiB on Linux). */
const COUNT = 600;
let server: ScenarioServer;
beforeAll(async () => {
  server = await startScenarioServer();
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

const args = () => [...slblurArgs(`${server.origin}/ok`, frames), "--count", String(COUNT)];
const through = (script: string, word: string, { name, command }: Runtime): Runtime => ({
  name,
  command: ["sh", "-c", script, word, ...command],
});

describe.skipIf(process.platform === "win32").each(RUNTIMES)(
  "printing under $name",
  { timeout: 30_000 },
  (runtime) => {
    it("gives a slow reader of a pipe every byte", async () => {
      const { finished } = startClient(through('"$@" | (sleep 1; cat)', "sh", runtime), args());
      const { exitCode, report, stderr } = await finished;
      expect([exitCode, stderr]).toEqual([0, ""]);
      expect(report?.requests).toHaveLength(COUNT);
    });

    it("adds to a file behind what is there", async () => {
      const file = join(root, `${runtime.name}.txt`);
      writeFileSync(file, "before\n");
      await startClient(through('exec "$@" >> "$0"', file, runtime), args()).finished;
      const text = readFileSync(file, "utf8");
      expect(text).toMatch(/^before\nElapsed ML/);
      const parsed = parseReport(text);
      expect(parsed.kind === "json" && parsed.report.requests.length).toBe(COUNT);
    });

    it("leaves the reader's pipe as it was", async () => {
      // O_NONBLOCK set on a shared pipe would meet whoever writes to it next.
      const script = '("$@" --count 1; grep flags: /proc/self/fdinfo/1) | cat';
      const { stdout } = await startClient(through(script, "sh", runtime), args()).finished;
      if (process.platform === "linux") expect(stdout).toMatch(/^flags:\s+0?1$/m);
    });

    it("ends on SIGTERM even if the pipe has no reader", async () => {
      const fifo = join(root, `${runtime.name}.fifo`);
      execFileSync("mkfifo", [fifo]);
      const held = openSync(fifo, "r+"); // without a reader, opening it to write would wait
      const journal = join(root, `${runtime.name}.jsonl`);
      const client = startClient(through('exec "$@" > "$0"', fifo, runtime), [
        ...args(),
        "--journal",
        journal,
      ]);
      await expect.poll(() => hasEnded(journal)).toBe(true);
      client.child.kill("SIGTERM");
      expect((await client.finished).signal).toBe("SIGKILL");
      closeSync(held);
    });
  },
);

function hasEnded(journal: string): boolean {
  try {
    return parseJournal(readFileSync(journal, "utf8")).ended;
  } catch {
    return false; // not begun
  }
}
