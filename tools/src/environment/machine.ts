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

/** What this machine is. */
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
  /** The busiest second. */
  readonly cpuBusyRatioMax: number;
  /** One-minute load average at the end of the cell. */
  readonly loadAverage: number;
  readonly memoryFreeBytesMin: number;
  readonly seconds: number;
}

/** Begins to watch the machine; the function that it gives ends that and tells. */
export function watchLoad(everyMs = 1_000): () => MachineLoad {
  const begin = performance.now();
  const first = cpuTimes();
  let previous = first;
  let max = 0;
  let freeMin = freemem();
  const timer = setInterval(() => {
    const now = cpuTimes();
    max = Math.max(max, busyRatio(previous, now));
    previous = now;
    freeMin = Math.min(freeMin, freemem());
  }, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    const mean = busyRatio(first, cpuTimes());
    return {
      cpuBusyRatio: mean,
      cpuBusyRatioMax: Math.max(max, mean),
      loadAverage: loadavg()[0] ?? 0,
      memoryFreeBytesMin: freeMin,
      seconds: (performance.now() - begin) / 1000,
    };
  };
}

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
