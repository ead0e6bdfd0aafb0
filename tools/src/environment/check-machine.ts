import { statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { availableParallelism, freemem, loadavg } from "node:os";
import { dirname, resolve } from "node:path";
import { type Experiment, experimentCells } from "@slbench/jmeter-plans";
import { controllerPortBase } from "../jmeter/start-worker.ts";
import { checkCapacity, gigabytes, loadsHere, machineLimits, remoteCapacity } from "./capacity.ts";
import type { Finding } from "./finding.ts";
import type { FunctionUnderTest } from "./function.ts";
import { checkHostName } from "./host-name.ts";
import { checkOpenFiles } from "./open-files.ts";
import { describeProbe, isValid, type Probe, type ProbeOptions, probeError, probeFunction } from "./probe.ts";

/** A report takes about 400 bytes per request; logs and journals as much again. */
const BYTES_PER_REQUEST = 800;
/** Plan, logs and records of a cell. */
const BYTES_PER_CELL = 100_000;
/** Less free space than this is worth a warning, because the function's responses may be saved too. */
const COMFORTABLE_DISK_BYTES = 1e9;
const MEMORY_NEEDED_BYTES = 1e9;

/**
 * This machine: disk, memory, name, free cores, room for the users, ports.
 * @param output the folder that results go to; it need not exist yet
 */
export async function checkMachine(
  experiment: Experiment,
  client?: string,
  output = "results",
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const disk = await diskOf(resolve(output));
  const freeBytes = disk.bavail * disk.bsize;
  const isTight = freeBytes < COMFORTABLE_DISK_BYTES;
  findings.push({
    state: freeBytes < neededBytes(experiment) ? "failed" : isTight ? "warning" : "ok",
    what: "disk",
    found: `${gigabytes(freeBytes)} free for ${output}`,
    ...(isTight && { fix: "free some space, or name a folder on another disk with --out" }),
  });
  findings.push({
    state: freemem() < MEMORY_NEEDED_BYTES ? "warning" : "ok",
    what: "memory",
    found: `${gigabytes(freemem())} free`,
    ...(freemem() < MEMORY_NEEDED_BYTES && { fix: "ps aux --sort=-rss | head" }),
  });
  findings.push(await checkHostName());
  findings.push(...(await checkOpenFiles(experiment)));
  const cores = availableParallelism();
  const busy = loadavg()[0] ?? 0;
  const loaded = busy > cores / 2;
  findings.push({
    state: loaded ? "warning" : "ok",
    what: "free cores",
    found: `${Math.max(0, cores - busy).toFixed(1)} of ${cores} (load ${busy.toFixed(2)})`,
    ...(loaded && { fix: "ps aux --sort=-pcpu | head, then stop what is not needed" }),
  });
  const loads = loadsHere(experiment);
  if (loads.length > 0) findings.push(...checkCapacity(await machineLimits(client), loads));
  const remote = remoteCapacity(experiment);
  if (remote !== undefined) findings.push(remote);
  if (experiment.jmeter.rmi === "insecure") {
    findings.push({
      state: "warning",
      what: "RMI",
      found: "insecure: anyone who reaches a worker's port can run any command there",
      fix: "remove `rmi: insecure` from the experiment",
    });
  }
  if (experiment.jmeter.remoteHosts.length > 0) {
    const base = controllerPortBase();
    for (const port of [base + 1, base + 2]) findings.push(await checkPort(port));
  }
  return findings;
}

/** The file system of a folder, or of the nearest one above it that exists. */
async function diskOf(folder: string): Promise<{ readonly bavail: number; readonly bsize: number }> {
  for (let at = folder; ; at = dirname(at)) {
    try {
      return await statfs(at);
    } catch (error) {
      if (at === dirname(at)) throw error;
    }
  }
}

/** What the results of an experiment take at least; requests of a run by duration are not known. */
function neededBytes(experiment: Experiment): number {
  const cells = experimentCells(experiment);
  const requests = cells.reduce((sum, { users }) => sum + users * (experiment.load.requestsPerUser ?? 0), 0);
  return cells.length * BYTES_PER_CELL + requests * BYTES_PER_REQUEST;
}

/** A port that the workers call back on must be free. */
async function checkPort(port: number): Promise<Finding> {
  const problem = await new Promise<string | undefined>((done) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    server.listen(port, () => server.close(() => done(undefined)));
  });
  const what = `port ${port}`;
  if (problem === undefined) return { state: "ok", what, found: "free for the workers' samples" };
  return {
    state: "failed",
    what,
    found: `busy (${problem})`,
    fix: `ss -ltnp 'sport = :${port}', and stop it`,
  };
}

/** The function as this machine sees it: one request, and what each line of `response` found. */
export async function checkTarget(
  target: FunctionUnderTest,
  options: ProbeOptions,
): Promise<readonly Finding[]> {
  try {
    return [probeFinding("function", target.url, await probeFunction(options), options.spec.timeoutSeconds)];
  } catch (error) {
    if (!(error instanceof Error && "hint" in error)) throw error;
    return [{ state: "failed", what: "function", found: error.message, fix: String(error.hint) }];
  }
}

/** One worker's or this machine's probe of the function. */
export function probeFinding(what: string, url: string, probe: Probe, timeoutSeconds: number): Finding {
  const [first = "", ...lines] = describeProbe(probe);
  if (!isValid(probe)) {
    const { message, hint } = probeError(url, probe, timeoutSeconds);
    return { state: "failed", what, found: message, fix: String(hint) };
  }
  const state = lines.some((line) => line.includes("✗")) ? "warning" : "ok";
  return { state, what, found: [`${url}: ${first}`, ...lines].join("\n") };
}
