/**
 * What a virtual user costs its machine: processor time and memory of clients, worker and controller, and the volume
 * of the results. Processor time is counted by the system, so that other load on the machine disturbs it little.
 *
 *   npm run bench -- --only scale [--users 1,10,50,100] [--workers 1,2,4] [--think 1] [--requests 20] [--bytes 300]
 *     [--record]
 *
 * A run of `slbench run` with a cell of its own for each number of users, with the first number of workers, and for each
 * number of workers, with the last number of users, against a server that responds at once.
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
import { drawGrowth } from "../lib/draw-growth.ts";
import { describeMachine, markdownTable, publish } from "../lib/record.ts";

const { values } = parseArgs({
  options: {
    users: { type: "string", default: "1,10,50,100" },
    workers: { type: "string", default: "1,2,4" },
    think: { type: "string", default: "1" },
    requests: { type: "string", default: "20" },
    bytes: { type: "string", default: "300" },
    record: { type: "boolean", default: false },
  },
  strict: false,
});
const [think, requests, bytes] = ["think", "requests", "bytes"].map((name) =>
  Number(values[name as keyof typeof values]),
) as [number, number, number];
const numbers = (text: unknown) => String(text).split(",").map(Number);
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

async function measure(users: number, workers: number, url: string): Promise<Cost> {
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
    return costOf({ users, workers }, seen, folderBytes(join(cells, cell)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Cost {
  readonly users: number;
  readonly workers: number;
  /** Processor seconds of everything, and of its parts. */
  readonly clientSeconds: number;
  readonly workerSeconds: number;
  readonly controllerSeconds: number;
  readonly clientMB: number;
  readonly workerMB: number;
  readonly controllerMB: number;
  readonly bytesPerRequest: number;
}

function costOf(
  load: Pick<Cost, "users" | "workers">,
  { java, clients, clientsMB }: Seen,
  cellBytes: number,
): Cost {
  const sum = (list: readonly Usage[], of: (usage: Usage) => number) =>
    list.reduce((total, usage) => total + of(usage), 0);
  const most = (list: readonly Usage[]) => Math.max(0, ...list.map(({ peakMB }) => peakMB));
  const all = [...java.values()];
  const [workerList, controllers] = [all.filter((one) => one.isWorker), all.filter((one) => !one.isWorker)];
  return {
    ...load,
    clientSeconds: sum(workerList, ({ children }) => children),
    workerSeconds: sum(workerList, ({ own }) => own),
    controllerSeconds: sum(controllers, ({ own }) => own),
    clientMB: clientsMB / Math.max(1, clients),
    workerMB: most(workerList),
    controllerMB: most(controllers),
    bytesPerRequest: cellBytes / (load.users * requests),
  };
}

const secondsOf = ({ clientSeconds, workerSeconds, controllerSeconds }: Cost) =>
  clientSeconds + workerSeconds + controllerSeconds;

const rowOf = (cost: Cost): readonly string[] => [
  ...[String(cost.users), String(cost.workers), secondsOf(cost).toFixed(1)],
  ((1000 * cost.clientSeconds) / cost.users).toFixed(1),
  ((1000 * cost.clientSeconds) / (cost.users * requests)).toFixed(2),
  `${cost.workerSeconds.toFixed(1)} s, ${cost.workerMB.toFixed(0)} MB`,
  `${cost.controllerSeconds.toFixed(1)} s, ${cost.controllerMB.toFixed(0)} MB`,
  ...[cost.clientMB.toFixed(1), cost.bytesPerRequest.toFixed(0)],
];

const server = createServer((request, response) => {
  request.resume().on("end", () => response.end("{}"));
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
const users = numbers(values.users);
const [fewest = 1, ...moreWorkers] = numbers(values.workers);
const most = Math.max(...users);
const overUsers: Cost[] = [];
for (const count of users) overUsers.push(await measure(count, fewest, url));
const overWorkers = overUsers.filter((cost) => cost.users === most);
for (const count of moreWorkers) overWorkers.push(await measure(most, count, url));
server.close();
server.closeAllConnections();

const isRecorded = values.record === true;
const table = markdownTable([
  [
    ...["users", "workers", "CPU, all (s)", "client, CPU per user (ms)", "per request (ms)"],
    ...["worker, each at most", "controller", "client's memory (MB)", "bytes per request"],
  ],
  ...[...overUsers, ...overWorkers.slice(1)].map(rowOf),
]);
const figure = "performance-growth-run.svg";
if (isRecorded)
  drawGrowth(
    {
      title: "Processor time of a run",
      x: "users or workers",
      series: [
        {
          name: `users, with ${fewest} worker`,
          points: overUsers.map((cost) => ({ size: cost.users, seconds: secondsOf(cost) })),
        },
        {
          name: `workers, with ${most} users`,
          points: overWorkers.map((cost) => ({ size: cost.workers, seconds: secondsOf(cost) })),
        },
      ],
    },
    fileURLToPath(new URL(`../../docs/${figure}`, import.meta.url)),
  );
publish(
  "scale",
  `${describeMachine(new Date())}; ${requests} requests per user with a think time of ${think} s, bodies of ${bytes} bytes, a server that responds at once; one run each.\n\n${table}\n\n![Processor seconds of a run over users and over workers, both logarithmic](${figure})`,
  isRecorded,
);
