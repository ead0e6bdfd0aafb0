import { readdirSync, readFileSync } from "node:fs";

/** Processor time that a function has taken so far, and the cores that it may use. */
export interface ProcessorTime {
  /** Since its start, user and system time, all its processes together. */
  readonly cpuSeconds: number;
  /** By its affinity and the limits of its control groups; not necessarily whole. */
  readonly cores: number;
}

/** Unit of the times in /proc/PID/stat, per second (USER_HZ): the same on all platforms that Node supports. */
const TICKS_PER_SECOND = 100;

/**
 * Reads the processor time of a process and of everything it started: its children, theirs, those that ended and were
 * waited for, and the processes of its session that lost their parents.
 *
 * @param pid the function's first process
 * @param proc where Linux describes processes
 * @returns undefined outside of Linux, and if the process has ended
 */
export function readProcessorTime(
  pid: number,
  proc = "/proc",
  cgroups = "/sys/fs/cgroup",
): ProcessorTime | undefined {
  const processes = readProcesses(proc);
  const root = processes.find((one) => one.pid === pid);
  if (root === undefined) return undefined;
  const own = new Set([pid]);
  for (let before = 0; before < own.size; ) {
    before = own.size;
    for (const one of processes)
      if (own.has(one.parent) || (root.session === pid && one.session === pid)) own.add(one.pid);
  }
  const ticks = processes.reduce((sum, one) => sum + (own.has(one.pid) ? one.ticks : 0), 0);
  return { cpuSeconds: ticks / TICKS_PER_SECOND, cores: readCores(`${proc}/${pid}`, cgroups) };
}

/** A line of /proc/PID/stat. */
interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
  /** Own time, and that of children that ended and were waited for. */
  readonly ticks: number;
}

function readProcesses(proc: string): readonly ProcessStat[] {
  return list(proc)
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => parseStat(read(`${proc}/${name}/stat`)) ?? []);
}

/** @see proc_pid_stat(5): the second field, the program's name, may hold spaces and brackets */
function parseStat(line: string): ProcessStat | undefined {
  const end = line.lastIndexOf(")");
  if (end === -1) return undefined; // ended meanwhile
  const fields = line
    .slice(end + 2)
    .split(" ")
    .map(Number);
  const [, parent = 0, , session = 0] = fields;
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11);
  return {
    ...{ pid: Number.parseInt(line, 10), parent, session },
    ticks: user + system + childrenUser + childrenSystem,
  };
}

/** The cores that a process may run on, and no more than the limits of its control groups allow. */
function readCores(folder: string, cgroups: string): number {
  const allowed = /^Cpus_allowed_list:\s*(\S+)/m.exec(read(`${folder}/status`))?.[1] ?? "0";
  const cores = allowed.split(",").reduce((sum, range) => {
    const [from = 0, to = from] = range.split("-").map(Number);
    return sum + to - from + 1;
  }, 0);
  const path = /^0::(\/.*)$/m.exec(read(`${folder}/cgroup`))?.[1] ?? "/";
  const parts = path.split("/").filter((part) => part !== "");
  const limits = parts.map((_, index) =>
    parseLimit(read(`${cgroups}/${parts.slice(0, index + 1).join("/")}/cpu.max`)),
  );
  return Math.min(cores, ...limits);
}

/** `150000 100000`: 1.5 cores. `max 100000`, or no such file: no limit. */
function parseLimit(text: string): number {
  const [quota = Number.NaN, period = Number.NaN] = text.split(" ").map(Number);
  return quota / period > 0 ? quota / period : Number.POSITIVE_INFINITY;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // no Linux, or the process has ended
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
