import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readProcessorTime } from "./processor-time.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "slbench-proc-"));
});
afterEach(() => rmSync(root, { recursive: true }));

interface FakeProcess {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
  /** user, system, children's user, children's system, in hundredths of a second. */
  readonly ticks: readonly [number, number, number, number];
}

function write(path: string, text: string): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
}

function writeProcess({ pid, parent, session, ticks }: FakeProcess): void {
  write(
    `proc/${pid}/stat`,
    `${pid} (a (b) c) S ${parent} 1 ${session} 0 -1 4194304 1 2 3 4 ${ticks.join(" ")} 20 0\n`,
  );
}

const readFake = (pid: number) => readProcessorTime(pid, join(root, "proc"), join(root, "cgroup"));

describe("readProcessorTime()", () => {
  it("adds up the process, its descendants, ended children and orphans of its session", () => {
    writeProcess({ pid: 10, parent: 1, session: 10, ticks: [100, 10, 40, 2] });
    writeProcess({ pid: 11, parent: 10, session: 10, ticks: [200, 0, 0, 0] });
    writeProcess({ pid: 9, parent: 11, session: 9, ticks: [300, 0, 0, 0] });
    writeProcess({ pid: 12, parent: 1, session: 10, ticks: [48, 0, 0, 0] });
    writeProcess({ pid: 13, parent: 1, session: 13, ticks: [9999, 0, 0, 0] });
    write("proc/10/status", "Name:\tnode\nCpus_allowed_list:\t0-2,5\n");
    expect(readFake(10)).toEqual({ cpuSeconds: 7, cores: 4 });
  });

  it("leaves out the session if another process leads it", () => {
    writeProcess({ pid: 10, parent: 5, session: 5, ticks: [100, 0, 0, 0] });
    writeProcess({ pid: 20, parent: 5, session: 5, ticks: [500, 0, 0, 0] });
    write("proc/10/status", "Cpus_allowed_list:\t0\n");
    expect(readFake(10)).toEqual({ cpuSeconds: 1, cores: 1 });
  });

  it("takes the tightest limit of the control groups", () => {
    writeProcess({ pid: 10, parent: 1, session: 10, ticks: [100, 0, 0, 0] });
    write("proc/10/status", "Cpus_allowed_list:\t0-7\n");
    write("proc/10/cgroup", "0::/pod/function\n");
    write("cgroup/pod/cpu.max", "150000 100000\n");
    write("cgroup/pod/function/cpu.max", "max 100000\n");
    expect(readFake(10)?.cores).toBe(1.5);
  });

  it("is undefined if there is no such process", () => {
    expect(readFake(10)).toBeUndefined();
  });

  it.skipIf(process.platform !== "linux")("sees what a child and its ended child computed", async () => {
    const busy = (ms: number) =>
      `const from = process.cpuUsage(); const spent = () => process.cpuUsage(from).user + process.cpuUsage(from).system; while (spent() < ${ms * 1000}) for (let i = 0; i < 1e6; i++);`;
    const script = `require("node:child_process").execFileSync(process.execPath, ["-e", ${JSON.stringify(busy(300))}]); ${busy(200)} console.log("done"); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      await once(child.stdout, "data");
      const { cpuSeconds = 0, cores = 0 } = readProcessorTime(child.pid ?? 0) ?? {};
      expect(cpuSeconds).toBeGreaterThan(0.48);
      expect(cpuSeconds).toBeLessThan(3);
      expect(cores).toBeGreaterThan(0);
    } finally {
      child.kill("SIGKILL");
    }
  });
});
