import { type ClockReading, combineOffsets, type Interval, type WorkerClock } from "@slbench/analyzer/logs";
import type { UserData } from "./cell-data.ts";

/** A worker's clock compared with this machine's at one moment. */
export interface ClockComparison {
  readonly worker: string;
  readonly method: "same-host" | "shell";
  readonly offset: Interval;
}

/**
 * Estimates the workers' clocks over a cell against one common clock. That is this machine's clock if every worker was
 * compared with it, else the gateway's clock if every worker's clients saw it in responses.
 *
 * @param workers addresses in order; the first is worker 1
 */
export function estimateClocks(
  workers: readonly string[],
  atStart: readonly ClockComparison[],
  atEnd: readonly ClockComparison[],
  users: readonly UserData[],
): readonly WorkerClock[] {
  const find = (list: readonly ClockComparison[], worker: string) =>
    list.find((one) => one.worker === worker);
  const compared = workers.map((worker): WorkerClock => {
    const [first, last] = [find(atStart, worker), find(atEnd, worker)];
    const method = (first ?? last)?.method;
    return method === undefined
      ? { worker, method: "unknown" }
      : clockOf(worker, method, first?.offset, last?.offset);
  });
  // A worker without users has no times to correct.
  const isIdle = (index: number) => users.every(({ worker }) => worker !== index + 1);
  if (compared.every(({ method }, index) => method !== "unknown" || isIdle(index))) return compared;
  const byServer = workers.map((worker, index) => {
    const offsets = users.flatMap(({ worker, serverOffset }) =>
      worker === index + 1 && serverOffset !== undefined ? [serverOffset] : [],
    );
    const half = Math.ceil(offsets.length / 2);
    // Users start in this order.
    return clockOf(
      worker,
      "function",
      combineOffsets(offsets.slice(0, half)),
      combineOffsets(offsets.slice(half)),
    );
  });
  return byServer.every(({ method }, index) => method !== "unknown" || isIdle(index)) ? byServer : compared;
}

/** Each worker's clock minus this machine's, in seconds and in order; 0 if unknown. */
export function offsetsOf(
  workers: readonly string[],
  compared: readonly ClockComparison[],
): readonly number[] {
  return workers.map((worker) => {
    const { low, high } = compared.find((one) => one.worker === worker)?.offset ?? { low: 0, high: 0 };
    return (low + high) / 2;
  });
}

function clockOf(
  worker: string,
  method: WorkerClock["method"],
  first: Interval | undefined,
  last: Interval | undefined,
): WorkerClock {
  const whole = combineOffsets([first, last].flatMap((offset) => offset ?? []));
  if (whole === undefined) return { worker, method: "unknown" };
  return {
    worker,
    method,
    ...reading(whole),
    ...(first !== undefined && { atStart: reading(first) }),
    ...(last !== undefined && { atEnd: reading(last) }),
  };
}

function reading({ low, high }: Interval): ClockReading {
  return { offsetSeconds: round((low + high) / 2), uncertaintySeconds: round((high - low) / 2) };
}

const round = (seconds: number) => Math.round(seconds * 1e6) / 1e6;

/** The `clocks` of a cell.json; undefined if missing or invalid. */
export function readWorkerClocks(value: unknown): readonly WorkerClock[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.every(isWorkerClock) ? value : undefined;
}

function isWorkerClock(value: unknown): value is WorkerClock {
  const clock = value as Partial<WorkerClock> | null;
  if (typeof clock?.worker !== "string") return false;
  if (clock.method === "unknown") return true;
  const readings = [clock, clock.atStart ?? clock, clock.atEnd ?? clock];
  return readings.every(
    ({ offsetSeconds, uncertaintySeconds }) =>
      Number.isFinite(offsetSeconds) && Number.isFinite(uncertaintySeconds),
  );
}
