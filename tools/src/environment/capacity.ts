import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { cellStartRate, type Experiment, experimentCells } from "@slbench/jmeter-plans";
import { execa } from "execa";
import type { Finding } from "./finding.ts";
import { availableMemory } from "./machine.ts";

/** What limits the clients that this machine can run at once; absent if there is no limit, or it is unknown. */
export interface MachineLimits {
  readonly memoryAvailableBytes: number;
  /** Threads and processes that this account or container may still make. */
  readonly threadsLeft?: number;
  /** Files that one process may have open. */
  readonly openFiles?: number;
  readonly cores: number;
  /** Client processes that start and end per second, measured before the run. */
  readonly startsPerSecond?: number;
}

export interface PlannedLoad {
  readonly users: number;
  /** Absent: all start together. */
  readonly startRatePerSecond?: number;
  readonly thinkTimeSeconds: number;
  /** Absent: each user sends for this time. */
  readonly requestsPerUser?: number;
  readonly durationSeconds?: number;
  readonly workers: number;
}

/**
 * A client's own memory: 5.5 MiB proportional set size, because clients share the executable's 28 MiB
 * (docs/decisions/client-executable.md). The thread of JMeter that waits for it needs about 1 MiB.
 */
const CLIENT_BYTES = 6.5 * 2 ** 20;
/** JMeter's controller and each worker, with room for the system. */
const JMETER_BYTES = 250e6;
/** Threads of a client (5), and in JMeter its user, its reaper and its reader. */
const CLIENT_THREADS = 8;
/** In JMeter, per client that runs: its output and its process. */
const CLIENT_FILES = 3;
const JMETER_FILES = 400;
/** Starts may take at most half of the machine, or no time is left for requests. */
const MAX_START_SHARE = 0.5;

/** How many users fit, and what limits them. */
export interface Capacity {
  readonly users: number;
  readonly limit: "memory" | "processes" | "open files";
}

/** The most clients that these limits let run at once. */
export function capacityOf(limits: MachineLimits, workers: number): Capacity {
  const memory = limits.memoryAvailableBytes - JMETER_BYTES * (workers + 1);
  const bounds: readonly Capacity[] = [
    { users: memory / CLIENT_BYTES, limit: "memory" },
    { users: (limits.threadsLeft ?? Number.POSITIVE_INFINITY) / CLIENT_THREADS, limit: "processes" },
    {
      users: (workers * ((limits.openFiles ?? Number.POSITIVE_INFINITY) - JMETER_FILES)) / CLIENT_FILES,
      limit: "open files",
    },
  ];
  const least = bounds.reduce((best, one) => (one.users < best.users ? one : best));
  return { ...least, users: Math.max(0, Math.floor(least.users)) };
}

/**
 * Checks planned loads against this machine: `failed` if it certainly cannot hold one, because too many users are
 * still thinking when the last one starts; `warning` if it might not.
 */
export function checkCapacity(limits: MachineLimits, loads: readonly PlannedLoad[]): readonly Finding[] {
  const findings: Finding[] = [];
  const most = loads.toSorted((a, b) => b.users - a.users)[0];
  if (most === undefined) return [];
  const { users, limit } = capacityOf(limits, most.workers);
  const certainlyAtOnce = Math.max(...loads.map(minUsersAtOnce));
  const what = "users on this machine";
  if (most.users > users) {
    findings.push({
      state: certainlyAtOnce > users ? "failed" : "warning",
      what,
      found: `${most.users} planned, it can hold about ${users} at once (limited by ${limit})`,
      fix: `plan at most ${users} users, or spread them over workers on other machines (jmeter.remoteHosts)`,
    });
  }
  const rate = limits.startsPerSecond;
  const fastest = Math.max(
    ...loads.map((load) => Math.min(load.startRatePerSecond ?? load.users, load.users)),
  );
  if (rate !== undefined && fastest > rate * MAX_START_SHARE) {
    findings.push({
      state: "warning",
      what: "starts on this machine",
      found: `${fastest} clients per second planned, it starts ${rate.toFixed(0)} per second now`,
      fix: `set load.start to at most ${Math.max(1, Math.floor(rate * MAX_START_SHARE))}/s, or use workers on other machines`,
    });
  }
  return findings.length > 0
    ? findings
    : [{ state: "ok", what, found: `${most.users} planned, room for about ${users} (${limit})` }];
}

/** A client lives at least as long as its think times. */
function minUsersAtOnce(load: PlannedLoad): number {
  const life = load.durationSeconds ?? ((load.requestsPerUser ?? 1) - 1) * load.thinkTimeSeconds;
  if (load.startRatePerSecond === undefined) return life > 0 ? load.users : 1;
  return Math.min(load.users, Math.floor(life * load.startRatePerSecond) + 1);
}

/** Reads this machine's limits. @param client the client's executable; absent: starts are not measured */
export async function machineLimits(client?: string): Promise<MachineLimits> {
  const limits = await readFile("/proc/self/limits", "utf8").catch(() => "");
  const hard = (name: string) => {
    const value = new RegExp(`^${name} +\\S+ +(\\S+)`, "m").exec(limits)?.[1];
    return value === undefined || value === "unlimited" ? undefined : Number(value);
  };
  const pids = await readFile("/sys/fs/cgroup/pids.max", "utf8").catch(() => "max");
  const pidsNow = Number(await readFile("/sys/fs/cgroup/pids.current", "utf8").catch(() => "0"));
  const threads = [
    // The system does not hold the superuser to it.
    ...(process.getuid?.() === 0 ? [] : [hard("Max processes")]),
    pids.trim() === "max" ? undefined : Number(pids) - pidsNow,
    Number(await readFile("/proc/sys/kernel/threads-max", "utf8").catch(() => "NaN")),
  ].filter((value) => value !== undefined && Number.isFinite(value));
  const openFiles = hard("Max open files"); // Java raises its own limit to the hard one
  const startsPerSecond = client === undefined ? undefined : await measureStarts(client);
  return {
    memoryAvailableBytes: await availableMemory(),
    ...(threads.length > 0 && { threadsLeft: Math.min(...(threads as number[])) }),
    ...(openFiles !== undefined && { openFiles }),
    cores: availableParallelism(),
    ...(startsPerSecond !== undefined && { startsPerSecond }),
  };
}

const TRIAL_MS = 400;

/** Starts the client repeatedly for a moment, one per core at a time. */
async function measureStarts(client: string): Promise<number | undefined> {
  const begin = performance.now();
  let starts = 0;
  const startAgain = async () => {
    while (performance.now() - begin < TRIAL_MS) {
      const { failed } = await execa(client, ["--version"], {
        reject: false,
        stdin: "ignore",
        timeout: 5_000,
      });
      if (failed) return;
      starts++;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, startAgain));
  return starts === 0 ? undefined : (starts * 1000) / (performance.now() - begin);
}

/** What slbench does not check on machines that it did not start; undefined if all workers are local. */
export function remoteCapacity({ jmeter, load }: Experiment): Finding | undefined {
  const hosts = jmeter.remoteHosts.length;
  if (hosts === 0) return undefined;
  const each = Math.ceil(Math.max(...load.users) / hosts);
  return {
    state: "unknown",
    what: "users on other machines",
    found: `up to ${each} planned on each of ${hosts === 1 ? "1 worker" : `${hosts} workers`}; slbench checks neither their memory and limits nor whether they collapse during a cell`,
    fix: `check that each has ${gigabytes(each * CLIENT_BYTES + JMETER_BYTES)} of free memory and may start ${each * CLIENT_THREADS} threads`,
  };
}

export const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

/** The loads that an experiment puts on this machine: empty if all workers are on other machines. */
export function loadsHere(experiment: Experiment): readonly PlannedLoad[] {
  const { load, jmeter } = experiment;
  if (jmeter.remoteHosts.length > 0) return [];
  const { requestsPerUser, durationSeconds } = load;
  return experimentCells(experiment).map((cell) => {
    const { users, thinkTimeSeconds } = cell;
    const startRatePerSecond = cellStartRate(load.start, cell);
    return {
      ...{ users, thinkTimeSeconds, workers: jmeter.localWorkers },
      ...(requestsPerUser !== undefined && { requestsPerUser }),
      ...(durationSeconds !== undefined && { durationSeconds }),
      ...(startRatePerSecond !== undefined && { startRatePerSecond }),
    };
  });
}
