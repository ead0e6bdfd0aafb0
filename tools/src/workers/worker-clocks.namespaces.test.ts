import { type ChildProcess, execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
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

/** A controller and two workers in network namespaces of their own; the clock of one worker is wrong by 90 s. */
const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const source = fileURLToPath(new URL("../../testdata/clocks/clockoff.c", import.meta.url));
const tag = `c${process.pid.toString(36)}`;
const { controller, workers } = namespaceNames(tag);
const network = { controller, workers, prefix: "10.77.32" };
const address = (index: number) => workerAddress(network, index);
const port = 18_124;
const sshPort = 2222;
const sshd = ["/usr/sbin/sshd", "/usr/local/sbin/sshd"].find(existsSync);

const possible = canMakeNamespaces(tag) && can("command -v gcc");
if (!possible) process.stderr.write("skipped: workers with wrong clocks need root, ip and gcc\n");
else if (sshd === undefined)
  process.stderr.write("skipped: wrong clocks over ssh need sshd (openssh-server)\n");

/** Writes a line per request, so that a test knows from one clock what the clients did. */
const functionServer = `
const { appendFileSync } = require("node:fs");
const sockets = new Map();
require("node:http").createServer((request, response) => {
  const arrived = performance.timeOrigin + performance.now();
  if (!sockets.has(request.socket)) sockets.set(request.socket, sockets.size);
  response.setHeader("x-start-time", String(BigInt(Math.round(arrived * 1000)) * 1000n));
  request.resume().on("end", () => setTimeout(() => {
    const answered = performance.timeOrigin + performance.now();
    if (process.argv[3] === "no-clock") { response.sendDate = false; response.removeHeader("x-start-time"); }
    else response.setHeader("x-duration-seconds", ((answered - arrived) / 1000).toFixed(6));
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ image: "/9j/AAAA", format: "jpeg", width: 1, height: 1, faces: [], mlSeconds: 0.01, totalSeconds: 0.02, backend: "none" }));
    appendFileSync(process.argv[2], JSON.stringify({ client: sockets.get(request.socket), arrived, answered }) + "\\n");
  }, 50));
}).listen(${port}, "${controllerAddress(network)}", () => console.log("ready"));`;

describe.skipIf(!possible)("slbench run with a worker whose clock is wrong", () => {
  const work = possible ? mkdtempSync(join(tmpdir(), "slbench-clocks-")) : "";
  const library = join(work, "clockoff.so");
  const names: string[] = [];
  const running: ChildProcess[] = [];

  beforeAll(async () => {
    sh(`gcc -shared -fPIC -o ${library} ${source}`);
    makeNetwork(network);
    writeFileSync(join(work, "function.cjs"), functionServer);
  }, 60_000);

  afterAll(() => {
    for (const child of running) child.kill("SIGKILL");
    removeNetwork(network);
    rmSync(work, { recursive: true, force: true });
    const cache = process.env.SLBENCH_CACHE ?? join(homedir(), ".cache", "slbench");
    for (const name of names) {
      rmSync(join(cache, "keys", name), { recursive: true, force: true });
      rmSync(join(cache, "workers", `${name}.json`), { force: true });
    }
  });

  const inside = (namespace: string, environment: NodeJS.ProcessEnv, ...command: readonly string[]) => {
    const child = spawnIn(namespace, command, { cwd: work, env: { ...process.env, ...environment } });
    running.push(child);
    return child;
  };
  const slbench = (...args: readonly string[]) =>
    ended(inside(controller, {}, process.execPath, "--conditions=@slbench/source", main, ...args));
  const wrong = (offset: number) => ({ LD_PRELOAD: library, CLOCKOFF: String(offset) });

  /** Runs two users on two workers, the clock of the first of which is `offset` seconds ahead. */
  async function measure(name: string, offset: number, { shell = false, functionClock = true } = {}) {
    const experiment = `clocks-${tag}-${name}`;
    names.push(experiment);
    const requests = join(work, `${name}.jsonl`);
    const server = inside(
      controller,
      {},
      process.execPath,
      join(work, "function.cjs"),
      requests,
      functionClock ? "clock" : "no-clock",
    );
    await said(server, "ready");
    const file = `${name}.yaml`;
    writeFileSync(
      join(work, file),
      `name: ${experiment}
function: {url: "http://${controllerAddress(network)}:${port}/function/slblur"}
response: {preset: slblur}
load: {repetitions: 1, requestsPerUser: 20, users: [2], thinkTimeSeconds: [0.5], start: 4/s, warmUpRequests: 0}
jmeter: {remoteHosts: [${address(0)}, ${address(1)}]}
`,
    );
    const started: ChildProcess[] = [server];
    if (shell) started.push(...(await startOverSsh(file, offset)));
    else started.push(...(await startByHand(name, file, offset)));
    rmSync(requests, { force: true });
    const { code, output } = await slbench("run", file, "--out", `results-${name}`);
    for (const child of started) child.kill("SIGKILL");
    for (const worker of workers) can(`ip netns pids ${worker} | xargs -r kill -9`);
    const folder = join(work, `results-${name}`, readdirSync(join(work, `results-${name}`))[0] ?? "");
    const read = (path: string) => JSON.parse(readFileSync(join(folder, path), "utf8"));
    const lines = readFileSync(requests, "utf8").trim().split("\n");
    const truth = truthOf(requestsOfUsers(lines.map((line) => JSON.parse(line))));
    const { warnings, cells } = read("summary.json");
    const codes = warnings.map((warning: { readonly code: string }) => warning.code);
    return { code, output, truth, codes, cell: cells[0], clocks: read("cells/u02-t0_5-r1/cell.json").clocks };
  }

  async function startByHand(name: string, file: string, offset: number): Promise<readonly ChildProcess[]> {
    expect(await slbench("bundle", file, "--out", `${name}.tgz`)).toMatchObject({ code: 0 });
    return Promise.all(
      workers.map(async (worker, index) => {
        const folder = join(work, name, worker);
        sh(`mkdir -p ${folder} && tar -C ${folder} -xf ${work}/${name}.tgz`);
        const script = join(folder, "slbench-worker", "start-worker.sh");
        const child = inside(
          worker,
          index === 0 ? wrong(offset) : {},
          "sh",
          script,
          "--host",
          address(index),
        );
        await said(child, "Created remote object");
        return child;
      }),
    );
  }

  async function startOverSsh(file: string, offset: number): Promise<readonly ChildProcess[]> {
    if (!existsSync(join(work, "user")))
      for (const key of ["host", "user"])
        execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(work, key)]);
    mkdirSync("/run/sshd", { recursive: true });
    mkdirSync(join(work, "home"), { recursive: true });
    writeFileSync(
      join(work, "ssh"),
      `Host *\nPort ${sshPort}\nIdentityFile ${work}/user\nIdentitiesOnly yes
StrictHostKeyChecking no\nUserKnownHostsFile ${work}/known\nLogLevel ERROR\n`,
    );
    const daemons = await Promise.all(
      workers.map(async (worker, index) => {
        const preload = index === 0 ? ` LD_PRELOAD=${library} CLOCKOFF=${offset}` : "";
        const config = join(work, `sshd-${worker}`);
        writeFileSync(
          config,
          `Port ${sshPort}\nListenAddress ${address(index)}\nHostKey ${work}/host
AuthorizedKeysFile ${work}/user.pub\nPidFile none\nUsePAM no\nStrictModes no\nPermitRootLogin yes
PasswordAuthentication no\nSetEnv HOME=${work}/home${preload}\n`,
        );
        const daemon = inside(worker, {}, sshd ?? "", "-D", "-e", "-f", config);
        await said(daemon, "listening");
        return daemon;
      }),
    );
    const start = await slbench("workers", "start", file, "--ssh-config", join(work, "ssh"));
    expect(start, start.output).toMatchObject({ code: 0 });
    return daemons;
  }

  /** Within 1% of what the function saw on its own clock, and within what the clocks are known to. */
  function expectTruth({ cell, truth, clocks }: Awaited<ReturnType<typeof measure>>): void {
    const known = clocks.reduce((sum: number, { uncertaintySeconds }: Clock) => sum + uncertaintySeconds, 0);
    const tolerance = 0.01 + known / truth.spanSeconds;
    expect(Math.abs(cell.wholeRun.throughputPerSecond / truth.throughputPerSecond - 1)).toBeLessThan(
      tolerance,
    );
    const active = cell.interactiveLaw.meanActiveClients;
    expect(Math.abs(active / truth.meanActiveClients - 1)).toBeLessThan(tolerance);
    expect(active).toBeGreaterThan(1); // together, not one after the other
  }

  interface Clock {
    readonly method: string;
    readonly offsetSeconds: number;
    readonly uncertaintySeconds: number;
  }

  test.each([
    ["ahead", 90],
    ["behind", -90],
  ])(
    "corrects a worker without ssh whose clock is 90 s %s, and warns",
    async (name, offset) => {
      const measured = await measure(`hand-${name}`, offset);
      expect(measured, measured.output).toMatchObject({ code: 0 });
      expect(measured.clocks.map(({ method }: Clock) => method)).toEqual(["function", "function"]);
      const [first, second] = measured.clocks;
      expect(Math.abs(first.offsetSeconds - second.offsetSeconds - offset)).toBeLessThan(
        first.uncertaintySeconds + second.uncertaintySeconds,
      );
      expectTruth(measured);
      expect(measured.output).toMatch(
        /Warning CLOCK_OFF: .*the clock of 10\.77\.32\.2:8001 was 90\.0 s (ahead|behind)/,
      );
    },
    300_000,
  );

  test.runIf(sshd).each([
    ["ahead", 90],
    ["behind", -90],
  ])(
    "corrects a worker with ssh whose clock is 90 s %s, and warns",
    async (name, offset) => {
      const measured = await measure(`ssh-${name}`, offset, { shell: true, functionClock: false });
      expect(measured, measured.output).toMatchObject({ code: 0 });
      expect(measured.clocks.map(({ method }: Clock) => method)).toEqual(["shell", "shell"]);
      expect(Math.abs(measured.clocks[0].offsetSeconds - offset)).toBeLessThan(
        measured.clocks[0].uncertaintySeconds,
      );
      expectTruth(measured);
      expect(measured.codes).toContain("CLOCK_OFF");
    },
    300_000,
  );

  test("omits time-based figures if neither ssh nor the function provides the clocks", async () => {
    const { code, cell, codes, clocks } = await measure("unknown", 90, { functionClock: false });
    expect(code).toBe(3);
    expect(clocks.map(({ method }: Clock) => method)).toEqual(["unknown", "unknown"]);
    expect(codes).toContain("CLOCKS_UNKNOWN");
    expect(cell.throughputPerSecond).toBeUndefined();
    expect(cell.interactiveLaw).toBeUndefined();
    expect(cell.roundTripSeconds.mean).toBeGreaterThan(0.05);
  }, 300_000);
});

interface Request {
  readonly client: number;
  readonly arrived: number;
  readonly answered: number;
}

/** Without the function's own calls, and without the two requests of each worker's smoke test on one connection. */
const requestsOfUsers = (requests: readonly Request[]) =>
  requests.filter(
    ({ client }) => client > 0 && requests.filter((other) => other.client === client).length > 2,
  );

/** The figures of the cell by the function's clock alone; each client has one connection. */
function truthOf(requests: readonly Request[]) {
  const first = Math.min(...requests.map(({ arrived }) => arrived));
  const last = Math.max(...requests.map(({ answered }) => answered));
  const spanSeconds = (last - first) / 1000;
  let active = 0;
  for (const client of new Set(requests.map((request) => request.client))) {
    const own = requests.filter((request) => request.client === client);
    active +=
      Math.max(...own.map(({ answered }) => answered)) - Math.min(...own.map(({ arrived }) => arrived));
  }
  return {
    spanSeconds,
    throughputPerSecond: requests.length / spanSeconds,
    meanActiveClients: active / (last - first),
  };
}
