// Runs an experiment with workers in other containers: finds them, starts JMeter on them through ssh, runs
// `slbench run`, stops them. The experiment's jmeter.remoteHosts is replaced by the workers that were found.
//
//   controller.mjs EXPERIMENT [options of slbench run]
//   controller.mjs --job FOLDER [options of slbench run]   waits for FOLDER/input/complete, runs
//       FOLDER/input/experiment.yaml, writes the exit code to FOLDER/ended, waits for FOLDER/fetched;
//       FOLDER/stop interrupts the run
//
// SLBENCH_WORKERS         host names of the workers, separated by commas; or
// SLBENCH_WORKER_SERVICE  a name that resolves to the addresses of all workers, and
// SLBENCH_WORKER_COUNT    how many of them to wait for
import { execFile, spawn } from "node:child_process";
import { resolve4 } from "node:dns/promises";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const { parseDocument } = createRequire("/opt/slbench/app/node_modules/slbench/package.json")("yaml");
const SSH_PORT = 2222;
const RMI_PORT = 8001;
const MAX_LOG_BYTES = 1e9;
const KEYS = "/etc/slbench/ssh";
const WAIT_MS = 300_000;
const sshConfig = "/tmp/ssh_config";

/** A Job's container: without it the results could not be copied, so it stays until they have been. */
async function runJob([folder, ...options]) {
  await appearance(join(folder, "input", "complete"));
  void appearance(join(folder, "stop")).then(() => process.emit("SIGINT"));
  const experiment = join(folder, "input", "experiment.yaml");
  const code = await run([experiment, "--out", join(folder, "results"), ...options]).catch(report);
  await writeFile(join(folder, "ended.new"), `${code}\n`);
  await rename(join(folder, "ended.new"), join(folder, "ended"));
  console.error(`controller: ended with exit code ${code}; waiting until the results are fetched`);
  await appearance(join(folder, "fetched"));
  return code;
}

async function appearance(file) {
  while (!existsSync(file)) await sleep(200);
}

/** @returns the exit code of slbench */
async function run([experiment, ...options]) {
  if (experiment === undefined)
    throw new Error("no experiment given: controller.mjs EXPERIMENT [options of slbench run]");
  const workers = await findWorkers(process.env);
  await Promise.all(workers.map(waitForSsh));
  console.error(`controller: ${workers.length} workers: ${workers.join(", ")}`);
  await writeFile(sshConfig, sshOptions(), { mode: 0o600 });
  const { file, name } = await withWorkers(experiment, workers);
  const fleet = ["--hosts", workers.map((host) => `slbench@${host}`).join(","), "--ssh-config", sshConfig];
  const started = await slbench("workers", "start", file, ...fleet);
  if (started !== 0) return started;
  try {
    return await slbench("run", file, ...options);
  } finally {
    await Promise.all(workers.map((host, index) => fetchLogs(name, host, index, outOf(options))));
    await slbench("workers", "stop", file, ...fleet);
  }
}

const outOf = (options) => (options.includes("--out") ? options[options.indexOf("--out") + 1] : "results");

/** A worker's logs → their names in a result folder, as a run with local workers has them. */
const LOGS = { "worker.log": "log", "out.txt": "out.txt" };

/** Copies a worker's logs to the newest result folder: the containers will be removed. */
async function fetchLogs(name, host, index, out) {
  const entries = await readdir(out).catch(() => []);
  const result = entries
    .filter((entry) => entry.startsWith(`${name}-`))
    .sort()
    .at(-1);
  if (result === undefined) return;
  const logs = join(out, result, "logs");
  await mkdir(logs, { recursive: true });
  const away = `.cache/slbench-worker/${name}/${host}_${RMI_PORT}/logs`;
  for (const [from, to] of Object.entries(LOGS)) {
    try {
      const text = await output("ssh", "-F", sshConfig, `slbench@${host}`, `cat '${away}/${from}'`);
      await writeFile(join(logs, `worker-${index + 1}.${to}`), text);
    } catch (error) {
      report(error);
    }
  }
}

/** Host names or addresses of all workers, in a fixed order. */
async function findWorkers({
  SLBENCH_WORKERS: names,
  SLBENCH_WORKER_SERVICE: service,
  SLBENCH_WORKER_COUNT: count,
}) {
  if (names) return names.split(",").map((name) => name.trim());
  if (!service || !(Number(count) > 0))
    throw new Error(
      "no workers known: set SLBENCH_WORKERS, or SLBENCH_WORKER_SERVICE and SLBENCH_WORKER_COUNT",
    );
  let found = [];
  for (const end = Date.now() + WAIT_MS; Date.now() < end; await sleep(500)) {
    found = await resolve4(service).catch(() => []);
    if (found.length >= Number(count)) return found.sort();
  }
  throw new Error(
    `${service} has ${found.length} of ${count} workers after ${WAIT_MS / 1000} s: check that they are running`,
  );
}

/** @param host a worker, which may still be starting */
async function waitForSsh(host) {
  let problem = "";
  for (const end = Date.now() + WAIT_MS; Date.now() < end; await sleep(500)) {
    problem = await knock(host);
    if (problem === "") return;
  }
  throw new Error(`worker ${host}: no ssh on port ${SSH_PORT} after ${WAIT_MS / 1000} s (${problem})`);
}

/** @returns what went wrong; empty if the port accepts connections */
const knock = (host) =>
  new Promise((done) => {
    const socket = connect({ host, port: SSH_PORT, timeout: 2000 }, () => done(""));
    socket.on("error", (error) => done(error.code ?? error.message));
    socket.on("timeout", () => done("time-out"));
    socket.on("connect", () => socket.destroy()).on("timeout", () => socket.destroy());
  });

/** All workers share one host key, which is known beforehand: a stranger at their address is noticed. */
const sshOptions = () => `Host *
  Port ${SSH_PORT}
  IdentityFile ${KEYS}/user
  IdentitiesOnly yes
  StrictHostKeyChecking yes
  UserKnownHostsFile ${KEYS}/known_hosts
  HostKeyAlias slbench-worker
  LogLevel ERROR
`;

/** Writes the experiment with these workers to a folder that links to everything beside the original. */
async function withWorkers(experiment, workers) {
  const document = parseDocument(await readFile(experiment, "utf8"));
  document.deleteIn(["jmeter", "localWorkers"]);
  document.setIn(["jmeter", "remoteHosts"], workers);
  const from = resolve(dirname(experiment));
  const folder = await mkdtemp(join(tmpdir(), "experiment-"));
  const file = join(folder, basename(experiment));
  for (const name of await readdir(from))
    if (name !== basename(experiment)) await symlink(join(from, name), join(folder, name));
  await writeFile(file, document.toString());
  return { file, name: String(document.get("name")) };
}

/** @returns a command's standard output */
const output = (command, ...args) =>
  promisify(execFile)(command, args, { maxBuffer: MAX_LOG_BYTES }).then(({ stdout }) => stdout);

/** @returns the exit code */
function slbench(...args) {
  const child = spawn("slbench", args, { stdio: ["ignore", "inherit", "inherit"] });
  const stop = (signal) => child.kill(signal);
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, stop);
  return new Promise((done) => {
    child.on("error", (error) => {
      console.error(`controller: cannot run slbench: ${error.message}`);
      done(1);
    });
    child.on("exit", (code, signal) => {
      for (const name of ["SIGTERM", "SIGINT"]) process.removeListener(name, stop);
      done(code ?? (signal === "SIGINT" ? 130 : 143));
    });
  });
}

function report(error) {
  console.error(`controller: ${error.message}`);
  return 1;
}

const [first, ...rest] = process.argv.slice(2);
// Something may still be awaited, such as a job's stop file.
process.exit(await (first === "--job" ? runJob(rest) : run([first, ...rest].filter(Boolean))).catch(report));
