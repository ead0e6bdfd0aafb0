import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { arch, availableParallelism, cpus, freemem, hostname, release, totalmem, type } from "node:os";
import { type LoadSample, type MachineSamples, readLook } from "./load-samples.ts";

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

/** Watches this machine; the returned function stops and returns what was seen. */
export function watchLoad(everyMs = 1_000): () => MachineSamples {
  const samples = [lookHere()];
  const timer = setInterval(() => samples.push(lookHere()), everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    samples.push(lookHere());
    return { cores: availableParallelism(), samples };
  };
}

/** How busy this machine is, as counters since its start. */
export function lookHere(): LoadSample {
  const atMs = Date.now();
  const proc = ["/proc/stat", "/proc/meminfo"].map(readNow).join("");
  return readLook(proc, atMs) ?? { ...processorTimes(), atMs, memoryAvailableBytes: freemem() };
}

function readNow(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // no Linux
  }
}

function processorTimes(): Pick<LoadSample, "busy" | "all"> {
  let busy = 0;
  let idle = 0;
  for (const { times } of cpus()) {
    busy += times.user + times.nice + times.sys + times.irq;
    idle += times.idle;
  }
  return { busy, all: busy + idle };
}

/** Memory still available to programs; caches count as free. */
export async function availableMemory(): Promise<number> {
  const text = await readFile("/proc/meminfo", "utf8").catch(() => "");
  const kilobytes = /^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1];
  return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024;
}
