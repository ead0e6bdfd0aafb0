/**
 * Measures what a virtual user costs, side by side with a static Go client and a Python client of the older
 * kind, as ratios within one run. Exits with 1 if a limit is exceeded. Linux only.
 *
 *   npm run bench -- --only client [--rounds 32] [--sections start,requests,memory,hundred,python] [--record]
 *     [--python PATH]   an interpreter with requirements.txt installed; by default one in the user's cache folder
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parseReport } from "../../packages/client/src/report/index.ts";
import { REQUEST_SCHEMA } from "../../packages/client/src/spec/index.ts";
import { describeMachine, markdownTable, publish, ratioVerdict, verdict } from "../lib/record.ts";
import { formatRatio, type MedianInterval, median, ratios } from "../lib/statistics.ts";
import { type Command, measurePeakMemory, measureShare, outputOf, start, timeRuns } from "./processes.ts";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "32" },
    sections: { type: "string" },
    python: { type: "string" },
    record: { type: "boolean", default: false },
  },
});
const rounds = Number(options.rounds);
const video = join(root, "tools/examples/clip/sample.mp4");
const work = mkdtempSync(join(tmpdir(), "slbench-bench-"));
const requests = join(work, "requests");
const client = join(work, "slbench-client");

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Of a ratio of pairs. */
  readonly interval?: MedianInterval;
  readonly limit?: number;
  /** Absent: at most. */
  readonly atLeast?: boolean;
}

function run(command: string, args: readonly string[], env: Record<string, string> = {}, cwd = root): void {
  const done = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", 2],
  });
  if (done.status !== 0)
    throw new Error(`${command} ${args.join(" ")} failed (${done.error?.message ?? done.status})`);
}

/** The Go client, or undefined if Go is not installed. */
function buildGo(): string | undefined {
  if (spawnSync("go", ["version"], { stdio: "ignore" }).status !== 0) {
    console.log("NOT COMPARED with Go: no go on the path (Debian: apt-get install golang-go)");
    return undefined;
  }
  const target = join(work, "go-client");
  run(
    "go",
    ["build", "-trimpath", "-ldflags=-s -w", "-o", target, "."],
    { CGO_ENABLED: "0" },
    join(here, "go"),
  );
  return target;
}

function findPython(): string {
  if (options.python !== undefined) return options.python;
  const cache =
    process.env.SLBENCH_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "slbench");
  const folder = join(cache, "python-client-benchmark");
  if (!existsSync(join(folder, "complete"))) {
    run("python3", ["-m", "venv", "--clear", folder]);
    const pip = [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--only-binary",
      ":all:",
      "-r",
      join(here, "requirements.txt"),
    ];
    run(join(folder, "bin/python"), pip);
    run("touch", [join(folder, "complete")]);
  }
  return join(folder, "bin/python");
}

interface Server {
  readonly url: string;
  /** Median of its own times since the last call, seconds. */
  own(): Promise<number>;
  stop(): Promise<void>;
}

async function startServer(delayMs: number): Promise<Server> {
  const args = ["--disable-warning=ExperimentalWarning", join(here, "server.ts"), String(delayMs)];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const [port] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const url = `http://127.0.0.1:${port}/`;
  return {
    url,
    async own() {
      const { medianSeconds } = (await (await fetch(url)).json()) as { medianSeconds: number };
      return medianSeconds;
    },
    async stop() {
      child.stdin.end();
      await once(child, "exit");
    },
  };
}

const ours = (url: string, count: number, think: number): Command => {
  const specification = join(work, `request-${url.replaceAll(/\W/g, "")}.json`);
  const response = { form: "slblur-json", valid: {} };
  writeFileSync(
    specification,
    JSON.stringify({ schema: REQUEST_SCHEMA, url, payloads: "files", encode: "base64", response }),
  );
  return [
    client,
    ...["--request", specification, "--payloads", requests, "--count", String(count)],
    ...["--think-time", String(think), "--journal", "/dev/null"],
  ];
};
const theirs = (go: string, url: string, count: number, think: number): Command => [
  go,
  ...["--url", url, "--frames", requests, "--count", String(count), "--think-time", String(think)],
  ...["--journal", "/dev/null"],
];

/** Runs both alternately: medians of each, and the ratio of the pairs. */
function compare(one: Command, other: Command | undefined, times: number, what: "wallMs" | "cpuMs") {
  const mine: number[] = [];
  const others: number[] = [];
  for (let round = -1; round < rounds; round++) {
    const a = timeRuns(one, times)[what];
    const b = other === undefined ? Number.NaN : timeRuns(other, times)[what];
    if (round < 0) continue;
    mine.push(a);
    others.push(b);
  }
  return { mine: median(mine), other: median(others), ratio: ratios(mine, others) };
}

function hello(go: string | undefined): Figure[] {
  const { mine, other } = compare(
    [client, "--version"],
    go === undefined ? undefined : [go, "--version"],
    40,
    "wallMs",
  );
  return [
    { name: "start and end (--version)", value: mine, unit: "ms", limit: 5 },
    ...(go === undefined ? [] : [{ name: "start and end, Go", value: other, unit: "ms" }]),
  ];
}

async function sending(go: string | undefined): Promise<Figure[]> {
  const server = await startServer(0);
  const other = go === undefined ? undefined : theirs(go, server.url, 37, 0);
  const figures = (["wallMs", "cpuMs"] as const).flatMap((what): Figure[] => {
    const found = compare(ours(server.url, 37, 0), other, 5, what);
    const name = `37 requests, ${what === "wallMs" ? "wall" : "CPU"}`;
    const own = { name, value: found.mine, unit: "ms" };
    if (other === undefined) return [own];
    return [
      own,
      { name: `${name}, Go`, value: found.other, unit: "ms" },
      {
        ...{ name: `${name}, client ÷ Go`, value: found.ratio.median, interval: found.ratio, unit: "×" },
        limit: what === "wallMs" ? 1.1 : 1.2,
      },
    ];
  });
  await server.stop();
  return figures;
}

async function memory(go: string | undefined): Promise<Figure[]> {
  const server = await startServer(0);
  const peaks: number[] = [];
  for (let i = 0; i < 5; i++) peaks.push(await measurePeakMemory(ours(server.url, 37, 0.02)));
  const figures: Figure[] = [
    { name: "peak resident memory, 37 requests", value: median(peaks), unit: "MiB", limit: 35 },
  ];
  const shareOf = async (command: Command) => {
    const children = Array.from({ length: 20 }, () => start(command));
    for (const child of children) child.stdout?.resume();
    await sleep(4000);
    const share = measureShare(children);
    for (const child of children) child.kill("SIGKILL");
    return share;
  };
  figures.push({
    name: "share of memory (PSS) at 20 clients",
    value: await shareOf(ours(server.url, 37, 0.2)),
    unit: "MiB",
    limit: 7,
  });
  if (go !== undefined) {
    const value = await shareOf(theirs(go, server.url, 37, 0.2));
    figures.push({ name: "share of memory at 20 clients, Go", value, unit: "MiB" });
  }
  await server.stop();
  return figures;
}

/** Median round trip ÷ the server's own median, minus one: the load generator's share. */
async function distortion(
  server: Server,
  clients: number,
  command: Command,
  read: (output: string) => readonly number[],
): Promise<number> {
  await server.own();
  const children: ChildProcess[] = [];
  const outputs: Promise<string>[] = [];
  for (let i = 0; i < clients; i++) {
    const child = start(command);
    children.push(child);
    outputs.push(outputOf(child));
    // Spread over one round, like arriving users.
    await sleep(1100 / clients);
  }
  const roundTrips = (await Promise.all(outputs)).flatMap(read);
  return median(roundTrips) / (await server.own()) - 1;
}

const readOurs = (output: string) => {
  const parsed = parseReport(output);
  if (parsed.kind !== "json") throw new Error(`a client printed no report: ${output.slice(0, 200)}`);
  const bad = parsed.report.requests.find((request) => request.outcome !== "ok");
  if (bad !== undefined) throw new Error(`a request failed: ${bad.outcome}`);
  return parsed.report.requests.map((request) => request.roundTripSeconds);
};

async function hundred(): Promise<Figure[]> {
  const server = await startServer(100);
  const found: number[] = [];
  for (let i = 0; i < 3; i++) found.push(await distortion(server, 100, ours(server.url, 15, 1), readOurs));
  await server.stop();
  return [
    { name: "100 clients, round trip above the server's", value: 100 * median(found), unit: "%", limit: 2 },
  ];
}

/**
 * Most clients whose median round trip stays within 5% of the server's own, on one machine with the server.
 * Grows by a quarter per step, so the figure is accurate to within a quarter.
 */
async function held(
  first: number,
  command: (url: string) => Command,
  read: (output: string) => readonly number[],
) {
  const server = await startServer(100);
  const name = command("")
    .find((part) => /client/.test(part))
    ?.split("/")
    .at(-1);
  let most = 0;
  for (let clients = first; ; clients = Math.ceil(clients * 1.25)) {
    const added = await distortion(server, clients, command(server.url), read);
    console.log(`         ${name}: ${clients} clients add ${(100 * added).toFixed(1)}%`);
    if (!(added <= 0.05)) break;
    most = clients;
  }
  await server.stop();
  return most;
}

async function python(): Promise<Figure[]> {
  const interpreter = findPython();
  const old = await held(
    16,
    (url) => [interpreter, join(here, "python_client.py"), url, video, "15", "1"],
    (output) => JSON.parse(output) as readonly number[],
  );
  const most = await held(160, (url) => ours(url, 15, 1), readOurs);
  return [
    { name: "Python clients before 5 % distortion", value: old, unit: "" },
    { name: "our clients before 5 % distortion", value: most, unit: "" },
    { name: "ours ÷ Python's", value: most / Math.max(1, old), unit: "×", limit: 1, atLeast: true },
  ];
}

const sections: Record<string, (go: string | undefined) => Figure[] | Promise<Figure[]>> = {
  start: hello,
  requests: sending,
  memory,
  hundred,
  python,
};
/** A row of the table; counts a limit that is exceeded. */
function rowOf({ name, value, unit, interval, limit, atLeast = false }: Figure): readonly string[] {
  const isMet = limit === undefined || (atLeast ? value >= limit : value <= limit);
  if (!isMet) exceeded++;
  const shown = interval === undefined ? `${value.toFixed(2)} ${unit}`.trim() : formatRatio(interval);
  if (limit === undefined) return [name, shown, ""];
  const found = interval === undefined ? verdict(isMet) : ratioVerdict(interval, { atMost: limit });
  return [name, shown, `at ${atLeast ? "least" : "most"} ${limit} ${unit}: ${found}`];
}

const wanted = options.sections?.split(",") ?? Object.keys(sections);
const rows: (readonly string[])[] = [];
let exceeded = 0;
try {
  const slbench = [
    "--conditions=@slbench/source",
    "--disable-warning=ExperimentalWarning",
    "tools/src/main.ts",
  ];
  run(process.execPath, [...slbench, "build-client", "--out", client]);
  run(process.execPath, [...slbench, "frames", video, "--out", requests]);
  const go = buildGo();
  for (const name of wanted) {
    const section = sections[name];
    if (section === undefined)
      throw new Error(`no section ${name}; there are ${Object.keys(sections).join(", ")}`);
    for (const figure of await section(go)) rows.push(rowOf(figure));
  }
  const table = markdownTable([["client", "", "goal"], ...rows]);
  publish(
    "client",
    `${describeMachine(new Date())}; ratios over ${rounds} pairs in turn, with their 95% intervals.\n\n${table}`,
    options.record,
  );
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.exitCode = exceeded > 0 ? 1 : 0;
