import type { ClientRun } from "../clients/client-run.ts";
import type { Condition } from "../core/condition.ts";
import { workerOf } from "../core/sample.ts";
import {
  clockMoved,
  clockOff,
  clocksNotMeasured,
  clocksUncertain,
  clocksUnknown,
} from "../core/warning-catalogue.ts";
import type { Warning } from "../core/warnings.ts";

/** A worker's clock minus that of the controller, or of the function's gateway, while a cell was measured. */
export interface WorkerClock {
  /** Its address, as thread names begin with it. */
  readonly worker: string;
  /** What it was compared with, and how; `unknown`: it could not be. */
  readonly method: "same-host" | "shell" | "function" | "unknown";
  /** Absent with `unknown`. */
  readonly offsetSeconds?: number;
  /** The true offset lies within so much of it at every moment of the cell. */
  readonly uncertaintySeconds?: number;
  readonly atStart?: ClockReading;
  readonly atEnd?: ClockReading;
}

export interface ClockReading {
  readonly offsetSeconds: number;
  readonly uncertaintySeconds: number;
}

/** Offsets from here on get a warning. */
const WARN_SECONDS = 0.5;
/** Error of two workers' start times, as a share of the time measured: from here on a warning, or no figures. */
const WARN_RATIO = 0.01;
const MAX_RATIO = 0.05;

/**
 * Puts the clients of one run on one time line: each client's start times minus its worker's clock offset. Within one
 * client the times are monotonic already. If the offsets are not known well enough, no client keeps its start times,
 * so figures that need them are left out.
 *
 * @param clocks absent: not measured; the times stay as they are
 */
export function alignClients(
  clients: readonly ClientRun[],
  clocks: readonly WorkerClock[] | undefined,
  condition: Condition,
): { readonly clients: readonly ClientRun[]; readonly warnings: readonly Warning[] } {
  const timed = clients.filter(({ requests }) => requests !== undefined && requests.length > 0);
  if (clocks === undefined) {
    const hosts = new Set(timed.flatMap(({ sample }) => workerOf(sample) ?? []).map(hostOf));
    if (hosts.size < 2) return { clients, warnings: [] };
    return { clients, warnings: [clocksNotMeasured(condition, hosts.size)] };
  }
  const byClient = new Map(timed.map((client) => [client, clockOf(client, clocks)]));
  const used = [...new Set(byClient.values())];
  const known = used.filter((clock) => clock !== undefined);
  const warnings = [...offAndMoved(condition, known)];
  const hosts = new Set(used.map((clock) => clock && hostOf(clock.worker)));
  const withoutTimes = (reason: string) => ({
    clients: clients.map((client) => shiftClient(client, Number.NaN)),
    warnings: [...warnings, clocksUnknown(condition, reason)],
  });
  const unknown = known.filter(({ offsetSeconds }) => offsetSeconds === undefined);
  if (hosts.size > 1 && unknown.length > 0)
    return withoutTimes(
      `the clock of ${unknown.map(({ worker }) => worker).join(", ")} could not be compared`,
    );
  if (hosts.size > 1 && known.length < used.length)
    return withoutTimes("some clients belong to no worker of this cell");
  const aligned = clients.map((client) => {
    const offset = byClient.get(client)?.offsetSeconds ?? 0;
    return offset === 0 ? client : shiftClient(client, -offset);
  });
  const apart = errorSeconds(known);
  const lasted = spanSeconds(aligned);
  const ratio = apart === 0 ? 0 : apart / lasted;
  if (ratio > MAX_RATIO)
    return withoutTimes(
      `the workers' clocks are known only within ${formatSeconds(apart)} of each other, and the cell lasted ${formatSeconds(lasted)}`,
    );
  if (ratio > WARN_RATIO) warnings.push(clocksUncertain(condition, formatSeconds(apart), ratio));
  return { clients: aligned, warnings };
}

/** JMeter's thread names and the clients' user names both begin with the worker's address. */
function clockOf({ sample, user }: ClientRun, clocks: readonly WorkerClock[]): WorkerClock | undefined {
  return clocks.find(
    ({ worker }) =>
      sample.threadName.startsWith(`${worker}-`) ||
      user?.startsWith(`${worker}-`) ||
      workerOf(sample) === worker,
  );
}

/** Workers on one host share its clock, so the port is removed; the end of an IPv6 address without brackets is no port. */
const hostOf = (address: string) => address.replace(/^([^:]*|\[.*\]):\d+$/, "$1");

function offAndMoved(condition: Condition, clocks: readonly WorkerClock[]): readonly Warning[] {
  const describe = (clock: WorkerClock) => {
    const { worker, method, offsetSeconds = 0, uncertaintySeconds = 0 } = clock;
    const other = method === "function" ? "that of the function's gateway" : "this controller's";
    return `the clock of ${worker} was ${formatSeconds(Math.abs(offsetSeconds))} ${offsetSeconds > 0 ? "ahead of" : "behind"} ${other} (±${formatSeconds(uncertaintySeconds)})`;
  };
  const off = clocks.filter(({ offsetSeconds = 0 }) => Math.abs(offsetSeconds) >= WARN_SECONDS);
  const changed = clocks.flatMap((clock) => {
    const { worker, atStart, atEnd } = clock;
    if (atStart === undefined || atEnd === undefined) return [];
    const change = atEnd.offsetSeconds - atStart.offsetSeconds;
    return Math.abs(change) < WARN_SECONDS + atStart.uncertaintySeconds + atEnd.uncertaintySeconds
      ? []
      : [`the clock of ${worker} moved by ${formatSeconds(Math.abs(change))} during the cell`];
  });
  return [
    ...(off.length > 0 ? [clockOff(condition, off.map(describe))] : []),
    ...(changed.length > 0 ? [clockMoved(condition, changed)] : []),
  ];
}

/** How far two workers' clocks may be apart after the correction: those of the two most uncertain ones. */
function errorSeconds(clocks: readonly WorkerClock[]): number {
  if (clocks.length < 2) return 0;
  const [most = 0, second = 0] = clocks
    .map(({ uncertaintySeconds = 0 }) => uncertaintySeconds)
    .sort((a, b) => b - a);
  return most + second;
}

function spanSeconds(clients: readonly ClientRun[]): number {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { requests } of clients) {
    const times = requests?.numbers("roundTripSeconds") ?? [];
    for (const [index, start] of (requests?.numbers("startEpochMicros") ?? []).entries()) {
      first = Math.min(first, start / 1e6);
      last = Math.max(last, start / 1e6 + (times[index] as number));
    }
  }
  return last - first;
}

function formatSeconds(seconds: number): string {
  if (seconds < 0.1) return `${(seconds * 1000).toFixed(1)} ms`;
  return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
}

/** A copy whose requests began later. @param seconds NaN: when they began is not known */
function shiftClient(client: ClientRun, seconds: number): ClientRun {
  if (client.requests === undefined) return client; // the older text form has no times
  return client.withRequests(client.requests.shifted(Math.round(seconds * 1e6)));
}
