import { BUSY_RATIO } from "@slbench/analyzer/logs";

/** One look at a machine. */
export interface LoadSample {
  /** When it was made or arrived here, epoch ms by this machine's clock. */
  readonly atMs: number;
  /** Processor time of all cores since the machine's start, in any unit: only ratios are used. */
  readonly busy: number;
  readonly all: number;
  /** Tasks that run or wait for a processor, without the one that looks; absent outside of Linux. */
  readonly runnable?: number;
  /** Memory that programs may still take; caches count as free. */
  readonly memoryAvailableBytes?: number;
}

/** What was seen of one machine. */
export interface MachineSamples {
  readonly cores: number;
  /** In the order of time. */
  readonly samples: readonly LoadSample[];
}

/** How busy a machine was, all processes together. */
export interface MachineLoad {
  /** 0..1 over all cores, mean. */
  readonly cpuBusyRatio: number;
  /** Share of the times between two looks, about a second each, during which it was above `BUSY_RATIO`; 0..1. */
  readonly aboveLimitRatio: number;
  /** The busiest second. */
  readonly cpuBusyRatioMax: number;
  /** Tasks that ran or waited for a processor, per core, mean; absent outside of Linux. */
  readonly runQueuePerCore?: number;
  readonly memoryAvailableBytesMin?: number;
  readonly seconds: number;
}

/** Epoch ms by this machine's clock. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Sums up the looks at a machine. With a span of time, only those around it count: JMeter's own start would make a
 * short cell look busy.
 *
 * @returns undefined with fewer than two looks
 */
export function summarizeLoad(
  { cores, samples: all }: MachineSamples,
  span?: TimeSpan,
): MachineLoad | undefined {
  const inSpan = span === undefined ? all : around(all, span);
  const samples = inSpan.length < 2 ? all : inSpan; // the span may come from a clock that is off
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || samples.length < 2) return undefined;
  const ratios = samples.slice(1).map((sample, index) => busyRatio(samples[index] ?? first, sample));
  const mean = busyRatio(first, last);
  const runnable = samples.flatMap((sample) => sample.runnable ?? []);
  const memory = samples.flatMap((sample) => sample.memoryAvailableBytes ?? []);
  return {
    cpuBusyRatio: mean,
    aboveLimitRatio: ratios.filter((ratio) => ratio > BUSY_RATIO).length / ratios.length,
    cpuBusyRatioMax: ratios.reduce((max, ratio) => Math.max(max, ratio), mean),
    ...(runnable.length > 0 && {
      runQueuePerCore: runnable.reduce((sum, count) => sum + count, 0) / runnable.length / cores,
    }),
    ...(memory.length > 0 && {
      memoryAvailableBytesMin: memory.reduce((min, bytes) => Math.min(min, bytes)),
    }),
    seconds: (last.atMs - first.atMs) / 1000,
  };
}

/** The samples within a span, with the last one before and the first one after it. */
function around(samples: readonly LoadSample[], { fromMs, toMs }: TimeSpan): readonly LoadSample[] {
  const from = samples.findLastIndex(({ atMs }) => atMs <= fromMs);
  const to = samples.findIndex(({ atMs }) => atMs >= toMs);
  return samples.slice(Math.max(0, from), to === -1 ? undefined : to + 1);
}

function busyRatio(from: LoadSample, to: LoadSample): number {
  const all = to.all - from.all;
  return all <= 0 ? 0 : (to.busy - from.busy) / all;
}

/**
 * Parses /proc/stat and /proc/meminfo of Linux.
 *
 * @returns undefined if the line for all processors is missing
 */
export function readLook(text: string, atMs: number): LoadSample | undefined {
  const times = /^cpu +([\d ]+)$/m.exec(text)?.[1]?.trim().split(/ +/).map(Number);
  if (times === undefined) return undefined;
  const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, softIrq = 0, steal = 0] = times;
  const busy = user + nice + system + irq + softIrq + steal;
  const running = /^procs_running (\d+)$/m.exec(text)?.[1];
  const kilobytes = /^MemAvailable: +(\d+) kB$/m.exec(text)?.[1];
  return {
    ...{ atMs, busy, all: busy + idle + waiting },
    ...(running !== undefined && { runnable: Math.max(0, Number(running) - 1) }),
    ...(kilobytes !== undefined && { memoryAvailableBytes: Number(kilobytes) * 1024 }),
  };
}

/**
 * A loop for a POSIX shell that prints the number of cores, then a look each second. It ends when its output is
 * closed, because then printing fails, and after `seconds` in any case.
 */
export const lookEachSecond = (seconds: number): string =>
  `echo "cores $(nproc)"; i=0; while [ $i -lt ${Math.ceil(seconds)} ] && ${LOOK} && echo; do i=$((i+1)); sleep 1; done`;

const LOOK = "grep -hE '^(cpu |procs_running |MemAvailable:)' /proc/stat /proc/meminfo";

/** Reads the output of `lookEachSecond()` as it arrives. */
export class LookReader {
  readonly #samples: LoadSample[] = [];
  #cores = 1;
  #rest = "";

  push(chunk: string, atMs: number): void {
    const looks = (this.#rest + chunk).split("\n\n");
    this.#rest = looks.pop() ?? "";
    for (const look of looks) {
      const cores = Number(/^cores (\d+)$/m.exec(look)?.[1] ?? this.#cores);
      if (cores > 0) this.#cores = cores;
      const sample = readLook(look, atMs);
      if (sample !== undefined) this.#samples.push(sample);
    }
  }

  get seen(): MachineSamples {
    return { cores: this.#cores, samples: this.#samples };
  }
}
