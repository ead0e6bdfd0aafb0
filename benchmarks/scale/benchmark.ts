/**
 * What a virtual user costs its machine: processor time and memory of clients, worker and controller, and the volume
 * of the results. Processor time is counted by the system, so that other load on the machine disturbs it little.
 *
 *   npm run bench -- --only scale [--users 50,100,200] [--think 1] [--requests 20] [--workers 1] [--bytes 300]
 *
 * One line per number of users: a run of `slbench run` with a cell of its own against a server that responds at once.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    users: { type: "string", default: "50,100,200" },
    think: { type: "string", default: "1" },
    requests: { type: "string", default: "20" },
    workers: { type: "string", default: "1" },
    bytes: { type: "string", default: "300" },
  },
  strict: false,
});
const [think, requests, workers, bytes] = ["think", "requests", "workers", "bytes"].map((name) =>
  Number(values[name]),
) as [number, number, number, number];
const main = fileURLToPath(new URL("../../tools/src/main.ts", import.meta.url));
const TICKS_PER_SECOND = 100;

/** Counted by the system from a process's start; the last look before it ended counts. */
interface Usage {
  /** Own processor time, and that of ended children, in seconds. */
  readonly own: number;
  readonly children: number;
  readonly peakMB: number;
}

interface Seen {
  readonly java: Map<number, Usage & { readonly isWorker: boolean }>;
  /** Most clients at once, and their proportional set size then. */
  clients: number;
  clientsMB: number;
}

function look(folder: string, seen: Seen): void {
  let [clients, kilobytes] = [0, 0];
  const workerPids = new Set([...seen.java].flatMap(([pid, { isWorker }]) => (isWorker ? [pid] : [])));
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8");
      const fields = readFileSync(`/proc/${name}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      if (command.includes("TlsJMeter") && command.includes(folder)) {
        const [own, children] = [11, 13].map(
          (at) => (Number(fields[at]) + Number(fields[at + 1])) / TICKS_PER_SECOND,
        ) as [number, number];
        const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${name}/status`, "utf8"))?.[1];
        const isWorker = command.includes("\0-s\0");
        seen.java.set(Number(name), { own, children, peakMB: Number(peak) / 1024, isWorker });
      } else if (workerPids.has(Number(fields[1])) && command.includes("slbench-client")) {
        const rollup = readFileSync(`/proc/${name}/smaps_rollup`, "utf8");
        kilobytes += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
        clients++;
      }
    } catch {
      // it has ended
    }
  }
  if (clients >= seen.clients) Object.assign(seen, { clients, clientsMB: kilobytes / 1024 });
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
}

async function measure(users: number, url: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "slbench-scale-"));
  try {
    writeFileSync(join(folder, "body.txt"), `${"x".repeat(bytes)}\n`);
    writeFileSync(
      join(folder, "scale.yaml"),
      `name: scale
function: {url: "${url}"}
request: {lines: body.txt}
response: {valid: {status: 200}}
load: {users: ${users}, thinkTimeSeconds: ${think}, requestsPerUser: ${requests}, start: together, repetitions: 1}
jmeter: {localWorkers: ${workers}}
`,
    );
    const seen: Seen = { java: new Map(), clients: 0, clientsMB: 0 };
    const child = spawn(process.execPath, ["--conditions=@slbench/source", main, "run", "scale.yaml"], {
      ...{ cwd: folder, stdio: ["ignore", "ignore", "pipe"] },
    });
    let output = "";
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
    const looking = setInterval(() => look(folder, seen), 250);
    await once(child, "close");
    clearInterval(looking);
    const [name = ""] = readdirSync(join(folder, "results"));
    const cells = join(folder, "results", name, "cells");
    const [cell = ""] = readdirSync(cells);
    const record = JSON.parse(readFileSync(join(cells, cell, "cell.json"), "utf8"));
    if (record.state !== "complete") throw new Error(`${users} users: ${output.slice(-600)}`);
    return describe(users, seen, folderBytes(join(cells, cell)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function describe(users: number, { java, clients, clientsMB }: Seen, cellBytes: number): string {
  const sum = (list: readonly Usage[], of: (usage: Usage) => number) =>
    list.reduce((total, usage) => total + of(usage), 0);
  const all = [...java.values()];
  const [workerList, controllers] = [all.filter((one) => one.isWorker), all.filter((one) => !one.isWorker)];
  const count = users * requests;
  const clientSeconds = sum(workerList, ({ children }) => children);
  return [
    `${users} users`,
    `clients ${((clientSeconds * 1000) / users).toFixed(1)} ms per user`,
    `${((clientSeconds * 1000) / count).toFixed(2)} ms per request`,
    `${(clientsMB / Math.max(1, clients)).toFixed(1)} MiB each (${clients} seen)`,
    `worker ${sum(workerList, ({ own }) => own).toFixed(1)} s, ${Math.max(...workerList.map(({ peakMB }) => peakMB)).toFixed(0)} MiB`,
    `controller ${sum(controllers, ({ own }) => own).toFixed(1)} s, ${Math.max(...controllers.map(({ peakMB }) => peakMB)).toFixed(0)} MiB`,
    `${(cellBytes / count).toFixed(0)} bytes per request`,
  ].join("; ");
}

const server = createServer((request, response) => {
  request.resume().on("end", () => response.end("{}"));
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
console.log(
  `think time ${think} s, ${requests} requests per user, ${bytes} bytes each, ${workers} worker(s)`,
);
for (const users of String(values.users).split(",")) console.log(await measure(Number(users), url));
server.close();
server.closeAllConnections();
