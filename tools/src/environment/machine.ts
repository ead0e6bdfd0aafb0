import { readFile } from "node:fs/promises";
import {
  arch,
  availableParallelism,
  cpus,
  freemem,
  hostname,
  loadavg,
  release,
  totalmem,
  type,
} from "node:os";

/** As in the analyzer: above this, clients often wait for a processor. */
const BUSY_RATIO = 0.8;

export interface HostInfo {
  readonly name: string;
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** On the controller. */
  readonly node?: string;
  /** On a worker: its address in the experiment. */
  readonly worker?: string;
}

/** Describes this machine. */
export function hostInfo(): HostInfo {
  return {
    name: hostname(),
    system: `${type()} ${release()} ${arch()}`,
    processor: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    node: process.versions.node,
  };
}

/** How busy this machine was while a cell ran, all processes together. */
export interface MachineLoad {
  /** 0..1 over all cores, mean over the cell. */
  readonly cpuBusyRatio: number;
  /** Share of the seconds in which it was above 0.8, 0..1. */
  readonly aboveLimitRatio: number;
  /** The busiest second. */
  readonly cpuBusyRatioMax: number;
  /** One-minute load average at the end of the cell. */
  readonly loadAverage: number;
  readonly memoryFreeBytesMin: number;
  readonly seconds: number;
}

/** Starts watching the machine; the returned function stops and returns the load. */
export function watchLoad(everyMs = 1_000): () => MachineLoad {
  const begin = performance.now();
  const first = cpuTimes();
  let previous = first;
  let max = 0;
  let [looks, above] = [0, 0];
  let freeMin = freemem();
  const timer = setInterval(() => {
    const now = cpuTimes();
    const ratio = busyRatio(previous, now);
    max = Math.max(max, ratio);
    looks++;
    if (ratio > BUSY_RATIO) above++;
    previous = now;
    freeMin = Math.min(freeMin, freemem());
  }, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    const mean = busyRatio(first, cpuTimes());
    return {
      cpuBusyRatio: mean,
      aboveLimitRatio: looks > 0 ? above / looks : mean > BUSY_RATIO ? 1 : 0,
      cpuBusyRatioMax: Math.max(max, mean),
      loadAverage: loadavg()[0] ?? 0,
      memoryFreeBytesMin: freeMin,
      seconds: (performance.now() - begin) / 1000,
    };
  };
}

/** How busy a worker's machine was while a cell ran. */
export interface WorkerLoad {
  readonly worker: string;
  readonly cpuBusyRatio: number;
  readonly aboveLimitRatio: number;
  readonly cpuBusyRatioMax: number;
  readonly memoryFreeBytesMin?: number;
  readonly seconds: number;
}

/**
 * Summarises what a Linux worker printed each second: the first line of /proc/stat, and MemAvailable.
 * @returns undefined if fewer than two measurements arrived
 */
export function readWorkerLoad(worker: string, text: string): WorkerLoad | undefined {
  const looks = [...text.matchAll(/^cpu +([\d ]+)$/gm)].map(([, numbers = ""]): CpuTimes => {
    const times = numbers.trim().split(/ +/).map(Number);
    const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, softIrq = 0, steal = 0] = times;
    const busyMs = user + nice + system + irq + softIrq + steal;
    return { busyMs, allMs: busyMs + idle + waiting };
  });
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined || looks.length < 2) return undefined;
  const ratios = looks.slice(1).map((look, index) => busyRatio(looks[index] ?? first, look));
  const free = [...text.matchAll(/^MemAvailable: +(\d+) kB$/gm)].map(
    ([, kilobytes]) => Number(kilobytes) * 1024,
  );
  return {
    worker,
    cpuBusyRatio: busyRatio(first, last),
    aboveLimitRatio: ratios.filter((ratio) => ratio > BUSY_RATIO).length / ratios.length,
    cpuBusyRatioMax: Math.max(...ratios),
    ...(free.length > 0 && { memoryFreeBytesMin: Math.min(...free) }),
    seconds: ratios.length,
  };
}

/** In any unit: only ratios are used. */
interface CpuTimes {
  readonly busyMs: number;
  readonly allMs: number;
}

function cpuTimes(): CpuTimes {
  let busyMs = 0;
  let idleMs = 0;
  for (const { times } of cpus()) {
    busyMs += times.user + times.nice + times.sys + times.irq;
    idleMs += times.idle;
  }
  return { busyMs, allMs: busyMs + idleMs };
}

function busyRatio(from: CpuTimes, to: CpuTimes): number {
  const all = to.allMs - from.allMs;
  return all <= 0 ? 0 : (to.busyMs - from.busyMs) / all;
}

/** Memory still available to programs; caches count as free. */
export async function availableMemory(): Promise<number> {
  const text = await readFile("/proc/meminfo", "utf8").catch(() => "");
  const kilobytes = /^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1];
  return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024;
}
