import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  can,
  canMakeNamespaces,
  controllerAddress,
  ended,
  makeNetwork,
  namespaceNames,
  removeNetwork,
  said,
  sh,
  spawnIn,
  workerAddress,
} from "../testing/network.ts";

/** Three machines in one: a controller and two workers, each in a network namespace of its own. */
const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const tag = process.pid.toString(36);
const { controller, workers } = namespaceNames(tag);
const network = { controller, workers, prefix: "10.77.31" };
const address = (index: number) => workerAddress(network, index);
const port = 18_123;

const namespaces = canMakeNamespaces(tag);
const filter = can("command -v nft");
if (!namespaces)
  process.stderr.write("skipped: network namespaces cannot be made here (needs root and ip)\n");
else if (!filter) process.stderr.write("namespaces without a packet filter: nft is not installed\n");

describe.skipIf(!namespaces)("slbench run over three machines", () => {
  const work = namespaces ? mkdtempSync(join(tmpdir(), "slbench-netns-")) : "";
  const running: ChildProcess[] = [];
  const inside = (namespace: string, ...command: readonly string[]) => {
    const child = spawnIn(namespace, command, { cwd: work });
    running.push(child);
    return child;
  };

  beforeAll(async () => {
    makeFilteredNetwork();
    // Without the header Date, from which slbench may or may not learn the clocks: that depends on chance.
    const server = `require("node:http").createServer((q, r) => q.resume().on("end", () => {
      r.sendDate = false;
      r.setHeader("Content-Type", "application/json");
      r.end(JSON.stringify({ image: "/9j/AAAA", format: "jpeg", width: 1, height: 1, faces: [], mlSeconds: 0.01, totalSeconds: 0.02, backend: "none" }));
    })).listen(${port}, "${controllerAddress(network)}", () => console.log("ready"))`;
    await said(inside(controller, process.execPath, "-e", server), "ready");
    writeFileSync(
      join(work, "three.yaml"),
      `name: netns-${tag}
function: {url: "http://${controllerAddress(network)}:${port}/function/slblur"}
response: {preset: slblur}
load: {repetitions: 1, requestsPerUser: 12, users: [2, 3], thinkTimeSeconds: [0.5], start: 4/s, order: as-written}
jmeter: {remoteHosts: [${address(0)}, "${address(1)}:8001"]}
`,
    );
    const three = readFileSync(join(work, "three.yaml"), "utf8");
    writeFileSync(join(work, "one.yaml"), three.replace("users: [2, 3]", "users: [2]"));
    const packed = slbench("bundle", "three.yaml", "--out", "bundle.tgz");
    expect((await ended(packed)).code).toBe(0);
    for (const worker of workers) {
      sh(`mkdir ${work}/${worker} && tar -C ${work}/${worker} -xf ${work}/bundle.tgz`);
    }
  }, 120_000);

  afterAll(() => {
    for (const child of running) child.kill("SIGKILL");
    removeNetwork(network);
    rmSync(work, { recursive: true, force: true });
    const cache = process.env.SLBENCH_CACHE ?? join(process.env.HOME ?? "", ".cache", "slbench");
    rmSync(join(cache, "keys", `netns-${tag}`), { recursive: true, force: true });
  });

  function makeFilteredNetwork(): void {
    makeNetwork(network);
    for (const name of workers) {
      if (filter) allowOnly(name, `ip saddr ${controllerAddress(network)} tcp dport 8001 accept`);
    }
    if (filter) allowOnly(controller, `tcp dport { 8002, 8003, ${port} } accept`);
  }

  /** Answers come back, everything else that is not named is dropped. */
  function allowOnly(namespace: string, rule: string): void {
    sh(`ip netns exec ${namespace} nft -f - <<'EOF'
table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    iif lo accept
    ct state established,related accept
    meta l4proto { icmp, ipv6-icmp } accept
    ${rule}
  }
}
EOF`);
  }

  const slbench = (...args: readonly string[]) =>
    inside(controller, process.execPath, "--conditions=@slbench/source", main, ...args);

  const startWorker = async (index: number) => {
    const script = join(work, workers[index]!, "slbench-worker", "start-worker.sh");
    const child = inside(workers[index]!, "sh", script, "--host", address(index));
    await said(child, "Created remote object");
    return child;
  };

  const folder = () => join(work, "results", readdirSync(join(work, "results"))[0]!);
  const cell = (name: string) => JSON.parse(readFileSync(join(folder(), "cells", name, "cell.json"), "utf8"));
  /** The clients of a worker are at work, after the smoke test with its two requests: it is in the second half of a cell's first seconds. */
  const clientsWork = (index: number) =>
    expect
      .poll(
        () => {
          const journals = join(work, workers[index]!, "slbench-worker", "journals");
          return readdirSync(journals, { recursive: true, encoding: "utf8" }).some(
            (name) =>
              name.endsWith(".jsonl") && readFileSync(join(journals, name), "utf8").includes('"sequence":3'),
          );
        },
        { timeout: 60_000, interval: 100 },
      )
      .toBe(true);
  const forgetJournals = () =>
    sh(workers.map((name) => `rm -rf ${work}/${name}/slbench-worker/journals/*`).join("; "));

  test.runIf(filter)(
    "survives refused probes and a reset of a connection that carries samples",
    async () => {
      const started = [await startWorker(0), await startWorker(1)];
      const run = slbench("run", "one.yaml", "--out", "reset");
      const runEnded = ended(run);
      await clientsWork(1);
      const inWorker = `ip netns exec ${workers[1]} nft`;
      // The next packet that the worker sends to the controller's sample ports resets its connection.
      sh(
        `${inWorker} 'add table inet cut; add chain inet cut output { type filter hook output priority 0; }; add rule inet cut output tcp dport { 8002, 8003 } limit rate 1/hour burst 1 packets counter reject with tcp reset'`,
      );
      // What the controller starts towards the worker in the next 1.5 s is refused: one or two probes.
      sh(`${inWorker} 'add table inet once; add chain inet once input { type filter hook input priority -10; }; add rule inet once input tcp flags syn tcp dport 8001 counter reject with tcp reset'
        sleep 1.5; ${inWorker} list table inet once | grep -q "packets [1-9]"; ${inWorker} delete table inet once`);
      const result = await runEnded;
      sh(`${inWorker} list table inet cut | grep -q "packets 1 "; ${inWorker} delete table inet cut`);
      for (const child of started) child.kill("SIGKILL");
      const out = join(work, "reset", readdirSync(join(work, "reset"))[0]!);
      const found = () => JSON.parse(readFileSync(join(out, "cells/u02-t0_5-r1/cell.json"), "utf8"));
      expect(found().lostWorkers).toEqual([]);
      expect(result.output).not.toContain("was lost");
      // JMeter does not send a sample again; without ssh the journals are copied by hand.
      if (found().state !== "complete") {
        const journals = join(work, workers[1]!, "slbench-worker", found().journalFolder);
        sh(`cp ${journals}/*.jsonl ${out}/cells/u02-t0_5-r1/journals/`);
        await ended(slbench("workers", "collect", out));
      }
      expect(found()).toMatchObject({ state: "complete", reconciliation: { lost: [] } });
      expect((await ended(slbench("analyze", out))).output).toContain("24/24");
      forgetJournals();
    },
    200_000,
  );

  test("survives a killed worker and a cut link, and is complete after two resumes", async () => {
    const first = await startWorker(0);
    await startWorker(1);

    const run = slbench("run", "three.yaml");
    const runEnded = ended(run);
    await clientsWork(0);
    const killed = performance.now();
    first.kill("SIGKILL");
    const afterKill = await runEnded;
    expect(afterKill.output).toMatch(/10\.77\.31\.2:8001: 1 of 1 user, \d+ requests? lost/);
    expect(afterKill.code).toBe(3);
    expect(performance.now() - killed).toBeLessThan(30_000);
    expect(cell("u02-t0_5-r1").lostWorkers).toMatchObject([{ address: "10.77.31.2:8001" }]);

    forgetJournals();
    await startWorker(0);
    const resumed = slbench("run", "--resume", folder());
    const resumedEnded = ended(resumed);
    await clientsWork(1);
    const cut = performance.now();
    sh(`ip -n ${workers[1]} link set eth0 down`);
    const afterCut = await resumedEnded;
    expect(afterCut.code).toBe(3);
    expect(performance.now() - cut).toBeLessThan(45_000); // the next cell asked for the worker in vain
    expect(cell("u02-t0_5-r1")).toMatchObject({ state: "incomplete" });
    const [lost] = cell("u02-t0_5-r1").lostWorkers;
    expect(lost.address).toBe("10.77.31.3:8001");
    expect(Number(/for (\S+) s/.exec(lost.why)?.[1])).toBeLessThan(10);
    expect(cell("u02-t0_5-r1").endedAfterAlarmSeconds).toBeLessThan(25);

    sh(`ip -n ${workers[1]} link set eth0 up`);
    const last = await ended(slbench("run", "--resume", folder()));
    expect(last.output).toContain("24 of 24 requests successful");
    expect(last.output).toContain("36 of 36 requests successful");
    // All data are here, but neither ssh nor this function reports the workers' clocks.
    expect(last.output).toContain("CLOCKS_UNKNOWN");
    expect(last.output).not.toContain("Lost:");
    expect(last.code).toBe(3);
    const csv = readFileSync(join(folder(), "cells/u03-t0_5-r1/samples.csv"), "utf8");
    expect(csv.match(/,10\.77\.31\.2:8001-/g)).toHaveLength(2);
    expect(csv.match(/,10\.77\.31\.3:8001-/g)).toHaveLength(1);
  }, 240_000);

  test.runIf(filter)("stands behind a packet filter that lets these ports through and no others", () => {
    const connects = (namespace: string, host: string, port: number) =>
      can(`ip netns exec ${namespace} timeout 1 bash -c 'exec 3<>/dev/tcp/${host}/${port}'`);
    expect(connects(workers[0], controllerAddress(network), port)).toBe(true);
    expect(connects(controller, address(0), 8001)).toBe(true);
    expect(connects(workers[1], address(0), 8001)).toBe(false); // only the controller may
    inside(
      controller,
      process.execPath,
      "-e",
      `require("node:net").createServer().listen(8005, "${controllerAddress(network)}")`,
    );
    expect(
      can(
        `ip netns exec ${controller} timeout 5 bash -c 'until exec 3<>/dev/tcp/${controllerAddress(network)}/8005; do sleep 0.1; done' 2>/dev/null`,
      ),
    ).toBe(true);
    expect(connects(workers[0], controllerAddress(network), 8005)).toBe(false);
  });
});
