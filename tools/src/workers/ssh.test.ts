import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import { homedir, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePorts } from "../jmeter/ports.ts";

/** Runs workers through ssh, against a real sshd on loopback with its own home folder. */
const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const sshd = ["/usr/sbin/sshd", "/usr/local/sbin/sshd"].find(existsSync);
const possible = sshd !== undefined && process.getuid?.() === 0;
if (!possible) process.stderr.write("skipped: workers over ssh need sshd (openssh-server) and root\n");

describe.skipIf(!possible)("slbench workers", () => {
  const work = possible ? mkdtempSync(join(tmpdir(), "slbench-ssh-")) : "";
  const home = join(work, "home");
  const name = `ssh-${process.pid}`;
  let server: Server;
  let daemon: ChildProcess;
  const running = new Set<ChildProcess>();
  let environment: NodeJS.ProcessEnv;
  let addresses: readonly string[];

  beforeAll(async () => {
    const [sshPort, a, b, base] = await freePorts(4);
    addresses = [`127.0.0.1:${a}`, `127.0.0.1:${b}`];
    environment = { ...process.env, SLBENCH_RMI_PORT: String(base) };
    mkdirSync(home);
    for (const key of ["host", "user"]) {
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(work, key)]);
    }
    writeFileSync(
      join(work, "sshd_config"),
      `Port ${sshPort}\nListenAddress 127.0.0.1\nHostKey ${work}/host\nAuthorizedKeysFile ${work}/user.pub
PidFile none\nUsePAM no\nStrictModes no\nPermitRootLogin yes\nPasswordAuthentication no\nSetEnv HOME=${home}\n`,
    );
    writeFileSync(
      join(work, "config"),
      `Host *\nPort ${sshPort}\nIdentityFile ${work}/user\nIdentitiesOnly yes
StrictHostKeyChecking no\nUserKnownHostsFile ${work}/known\nLogLevel ERROR\n`,
    );
    mkdirSync("/run/sshd", { recursive: true });
    await startDaemon();
    server = createServer((request, response) => {
      request.resume().on("end", () => {
        const answer = { image: "/9j/AAAA", format: "jpeg", width: 1, height: 1, faces: [], backend: "none" };
        response.setHeader("Content-Type", "application/json");
        response.end(JSON.stringify({ ...answer, mlSeconds: 0.01, totalSeconds: 0.02 }));
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    writeFileSync(
      join(work, "remote.yaml"),
      `name: ${name}
function: {url: "http://127.0.0.1:${(server.address() as { port: number }).port}/function/slblur"}
response: {preset: slblur, save: 1}
load: {repetitions: 1, requestsPerUser: 20, users: [2], thinkTimeSeconds: [0.4], start: 4/s}
jmeter: {remoteHosts: [${addresses.map((address) => `"${address}"`).join(", ")}]}
`,
    );
  }, 60_000);

  afterAll(async () => {
    // A failed test leaves a run that would start its workers again, perhaps without an sshd to stop them through.
    for (const child of running) child.kill("SIGKILL");
    await slbench("workers", "stop", "remote.yaml", "--ssh-config", join(work, "config"));
    for (const address of addresses) killWorker(address);
    daemon.kill();
    server.close();
    server.closeAllConnections();
    rmSync(work, { recursive: true, force: true });
    const cache = process.env.SLBENCH_CACHE ?? join(homedir(), ".cache", "slbench");
    rmSync(join(cache, "keys", name), { recursive: true, force: true });
  }, 60_000);

  async function startDaemon(): Promise<void> {
    daemon = spawn(sshd!, ["-D", "-e", "-f", join(work, "sshd_config")], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    await new Promise<void>((done) => {
      daemon.stderr!.on("data", (text) => String(text).includes("listening") && done());
    });
  }
  /** Journals on a worker, of any run and cell, that contain a fourth request. */
  const atWork = (bundle: string) =>
    readdirSync(join(bundle, "journals"), { recursive: true, encoding: "utf8" })
      .filter((entry) => entry.endsWith(".jsonl"))
      .filter((entry) => readFileSync(join(bundle, "journals", entry), "utf8").includes('"sequence":4'));

  /** Names of the response bodies of one cell, by user. */
  const bodies = (folder: string) => {
    const root = join(folder, "cells/u02-t0_4-r1/responses");
    return Object.fromEntries(["w1-u1", "w2-u1"].map((user) => [user, readdirSync(join(root, user)).sort()]));
  };
  /** Folders with bodies on the workers. */
  const bodiesAway = () =>
    addresses.flatMap((address) =>
      readdirSync(join(folderOf(address), "journals"), { recursive: true, encoding: "utf8" }).filter(
        (entry) => entry.endsWith("-responses"),
      ),
    );

  function slbench(
    ...args: readonly string[]
  ): Promise<{ readonly code: number | null; readonly output: string }> {
    const child = spawn(process.execPath, ["--conditions=@slbench/source", main, ...args], {
      cwd: work,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    child.once("close", () => running.delete(child));
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    return new Promise((done) => child.once("close", (code) => done({ code, output })));
  }
  const workers = (action: string) =>
    slbench("workers", action, "remote.yaml", "--ssh-config", join(work, "config"));
  const folderOf = (address: string) => join(home, ".cache/slbench-worker", name, address.replace(":", "_"));

  /** Shells on the workers' machines that look at its load; other tests may run some too. */
  const watchingLoops = () =>
    readdirSync("/proc")
      .filter((entry) => /^\d+$/.test(entry))
      .filter((pid) => {
        try {
          const line = readFileSync(join("/proc", pid, "cmdline"), "utf8");
          return line.includes(`/${name}/`) && line.includes("procs_running") && !line.startsWith("ssh\0");
        } catch {
          return false; // it has just ended
        }
      });

  function killWorker(address: string): void {
    const file = join(folderOf(address), "worker.pid");
    if (!existsSync(file)) return;
    try {
      process.kill(Number(readFileSync(file, "utf8")), "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }

  test("installs the bundle, starts, passes doctor, recovers the requests of a lost worker, stops", async () => {
    expect(await workers("start")).toMatchObject({
      code: 0,
      output: expect.stringContaining(`${addresses[1]} (ssh 127.0.0.1): running`),
    });
    expect((await workers("status")).output).toMatch(/running, process \d+/);
    expect(readFileSync(join(folderOf(addresses[0]!), "hosts"), "utf8")).toBe(`${addresses.join("\n")}\n`);

    const doctor = await slbench("doctor", "remote.yaml");
    expect(doctor.output).toContain(`ok       ${addresses[0]} ports`);
    expect(doctor.output).toContain(`ok       ${addresses[1]} payloads`);
    expect(doctor.output).not.toContain("FAILED");
    expect(doctor.code).toBe(0);

    const payloads = join(folderOf(addresses[1]!), "payloads");
    const first = join(payloads, readdirSync(payloads).filter((entry) => !entry.endsWith(".json"))[0]!);
    const whole = readFileSync(first);
    writeFileSync(first, whole.with(whole.length - 1, 0));
    const damaged = await slbench("doctor", "remote.yaml");
    expect(damaged.output).toMatch(new RegExp(`FAILED +${addresses[1]} payloads`));
    expect(damaged.code).toBe(1);
    writeFileSync(first, whole);

    const run = slbench("run", "remote.yaml");
    const second = folderOf(addresses[1]!);
    await expect.poll(() => atWork(second), { timeout: 180_000, interval: 100 }).toHaveLength(1);
    process.kill(Number(readFileSync(join(second, "worker.pid"), "utf8")), "SIGKILL");
    const { code, output } = await run;
    expect(code).toBe(3);
    const loss = /1 of 1 user, (\d+) requests? lost \((\d+) recovered from its clients' journals\)/.exec(
      output,
    );
    expect(Number(loss?.[1]) + Number(loss?.[2])).toBe(20);
    expect(Number(loss?.[2])).toBeGreaterThanOrEqual(4);

    // --resume restarts the dead worker through ssh.
    const folder = join("results", readdirSync(join(work, "results"))[0]!);
    const resumed = await slbench("run", "--resume", folder);
    expect(resumed.output).toContain("40 of 40 requests successful");
    expect(resumed.code).toBe(0);
    expect(resumed.output).not.toContain("GENERATOR_NOT_MEASURED");
    const measured = JSON.parse(readFileSync(join(work, folder, "cells/u02-t0_4-r1/cell.json"), "utf8"));
    const number = expect.any(Number);
    expect(measured.workerLoads).toMatchObject(
      addresses.map((worker) => ({
        ...{ worker, cpuBusyRatio: number, aboveLimitRatio: number, runQueuePerCore: number },
        ...{ memoryAvailableBytesMin: number, seconds: number },
      })),
    );
    expect(measured.load.workers).toEqual([]);
    expect(measured.startLateness.workers).toMatchObject(addresses.map((worker) => ({ worker, users: 1 })));
    expect(watchingLoops()).toEqual([]);
    const names = Array.from({ length: 20 }, (_, index) => `frame-${String(index + 1).padStart(5, "0")}.jpg`);
    expect(bodies(join(work, folder))).toEqual({ "w1-u1": names, "w2-u1": names });
    const [first64] = readFileSync(join(work, folder, "cells/u02-t0_4-r1/responses/w2-u1", names[0]!));
    expect(first64).toBe(0xff); // the picture, decoded
    const attempt = basename(measured.journalFolder);
    expect(bodiesAway().filter((entry) => entry.includes(attempt))).toEqual([]);

    expect((await workers("stop")).output).toContain("stopped");
    const after = await workers("status");
    expect(after.output).toContain("not running");
    expect(after.code).toBe(1);
  }, 400_000);

  test("a killed slbench leaves no process on a worker's machine that watches its load", async () => {
    expect((await workers("start")).code).toBe(0);
    const second = folderOf(addresses[1]!);
    const before = atWork(second);
    const run = slbench("run", "remote.yaml", "--out", "killed");
    const controller = [...running].at(-1)!;
    const left = () => atWork(second).filter((entry) => !before.includes(entry));
    await expect.poll(left, { timeout: 180_000, interval: 100 }).toHaveLength(1);
    expect(watchingLoops()).not.toEqual([]);
    controller.kill("SIGKILL");
    await run;
    await expect.poll(watchingLoops, { timeout: 20_000 }).toEqual([]);
    await workers("stop");
  }, 400_000);

  test("fetches the journals of a lost worker once its host is reachable again", async () => {
    expect((await workers("start")).code).toBe(0);
    const second = folderOf(addresses[1]!);
    const before = atWork(second);
    const run = slbench("run", "remote.yaml", "--out", "cut");
    const left = () => atWork(second).filter((entry) => !before.includes(entry));
    await expect.poll(left, { timeout: 180_000, interval: 100 }).toHaveLength(1);
    daemon.kill();
    process.kill(Number(readFileSync(join(second, "worker.pid"), "utf8")), "SIGKILL");
    const { code, output } = await run;
    expect(code).toBe(3);
    const folder = join(work, "cut", readdirSync(join(work, "cut"))[0]!);
    expect(output).toContain(`slbench workers collect ${folder}`);
    const cell = () => JSON.parse(readFileSync(join(folder, "cells/u02-t0_4-r1/cell.json"), "utf8"));
    expect(cell().journalsLeftOn).toContain(addresses[1]);
    expect(cell().responsesLeftOn).toEqual(addresses);
    expect(output).toContain("the saved response bodies stayed on");
    expect(cell().reconciliation.lost.at(-1)).toMatchObject({ host: addresses[1], recoveredRequests: 0 });

    expect(await slbench("workers", "collect", folder)).toMatchObject({
      code: 3,
      // Also on the first worker, unless its samples arrived before the end of the cell.
      output: expect.stringMatching(new RegExp(`still on .*${addresses[1]} \\(`)),
    });
    expect(left()).toHaveLength(1); // nothing is deleted before it is fetched

    await startDaemon();
    const collected = await slbench("workers", "collect", folder);
    expect(collected).toMatchObject({ code: 0, output: expect.stringMatching(/\d+ requests recovered/) });
    expect(cell().journalsLeftOn).toBeUndefined();
    expect(cell().responsesLeftOn).toBeUndefined();
    expect(collected.output).toMatch(/\d+ response bodies fetched\n/);
    const saved = bodies(folder);
    expect(saved["w2-u1"]?.length).toBeGreaterThanOrEqual(4);
    expect(bodiesAway().filter((entry) => entry.includes(basename(cell().journalFolder)))).toEqual([]);
    expect(cell().reconciliation.journals).toBeGreaterThanOrEqual(1);
    expect(readFileSync(join(folder, "cells/u02-t0_4-r1/recovered.jsonl"), "utf8")).toContain(
      '"user":"w2-u1"',
    );
    const { warnings } = JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
    expect(JSON.stringify(warnings)).not.toMatch(/RUN_JOURNALS_LEFT|RUN_RESPONSES_LEFT/);
    await workers("stop");
  }, 400_000);
});
