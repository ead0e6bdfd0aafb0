import { PassThrough } from "node:stream";
import type { Backend } from "../detector.ts";
import { type Autoscaler, createAutoscaler } from "./autoscaler/autoscaler.ts";
import { chooseReplica, type PlacedReplica, replicasToRemove } from "./autoscaler/placement.ts";
import { type Exchange, respond } from "./exchange.ts";
import type { AutoscaleOptions, GatewayOptions } from "./options.ts";
import type { Pool } from "./pool.ts";
import type { Replica, ReplicaProcesses } from "./replica-processes.ts";
import { createRetryPause } from "./retry-pause.ts";

/** A ready replica. */
interface Member extends PlacedReplica {
  readonly replica: Replica;
  readonly readyAt: number;
  inFlight: number;
  idleSince: number;
}

interface Waiting {
  exchange: Exchange;
  readonly since: number;
}

/** Of a waiting request's body; the rest is read when a replica takes it. */
const MAX_HELD_BYTES = 10_000_000;
/** Interval at which replicas are asked for their CPU time, if the rule needs it. */
const CPU_SECONDS = 5;
/** Node's longest timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Starts and ends replicas by an autoscaler's rule. A request goes to the replica with the fewest requests in flight,
 * of several to the one used last; without a free one it waits in one queue, first come first served. Scaling down
 * removes the replica that is idle longest; if all are busy, the one with the fewest requests, once they complete.
 *
 * The function learns by the header `X-Slbench-Cold-Start` whether its replica became ready only after the request
 * had arrived; the response says in `X-Slbench-Queue-Seconds` how long the request waited.
 *
 * One replica is started first, without `startSeconds` and whatever the rule wants: it shows whether the function can
 * start at all.
 * @param changed called after each change of the counts
 * @param now seconds, from any origin
 * @throws if the first replica cannot start
 */
export async function startElasticPool(
  options: Pick<GatewayOptions, "concurrency"> & { readonly autoscale: AutoscaleOptions },
  processes: ReplicaProcesses,
  log: (line: string) => void,
  changed: () => void,
  now: () => number = () => performance.now() / 1000,
): Promise<Pool> {
  const slots = slotsOf(options);
  const rule = createAutoscaler(options.autoscale);
  const needsCpu = options.autoscale.rule === "openfaas" && options.autoscale.by === "cpu";
  const members = new Set<Member>();
  const ending = new Set<Replica>();
  const queue = new Set<Waiting>();
  const pause = createRetryPause();
  const cpu = createCpuCount();
  let starting = 0;
  let startsFrom = Number.NEGATIVE_INFINITY;
  let completed = 0;
  let wanted = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const update = (): void => {
    if (stopped) return;
    assign();
    observe();
    wanted = rule.wanted(now());
    while (members.size + starting < wanted && now() >= startsFrom) start();
    for (const member of replicasToRemove(members, members.size + starting - wanted)) retire(member);
    observe();
    wake(rule);
    changed();
  };
  const observe = () =>
    rule.observe(now(), {
      inFlight: [...members].reduce((sum, { inFlight }) => sum + inFlight, 0),
      queued: queue.size,
      ready: members.size,
      starting,
      completed,
      cpuSeconds: cpu.total(),
    });
  const wake = (scaler: Autoscaler): void => {
    clearTimeout(timer);
    const retryAt = startsFrom > now() ? startsFrom : Number.POSITIVE_INFINITY;
    const at = Math.min(scaler.nextAt(now()), retryAt);
    if (at === Number.POSITIVE_INFINITY) return;
    timer = setTimeout(update, Math.min(MAX_TIMER_MS, Math.max(1, Math.ceil((at - now()) * 1000))));
  };

  const assign = (): void => {
    for (const waiting of queue) {
      const member = chooseReplica(members, slots);
      if (member === undefined) return;
      queue.delete(waiting);
      handOver(waiting, member);
    }
  };
  const handOver = ({ exchange, since }: Waiting, member: Member): void => {
    const { request, response } = exchange;
    request.headers["x-slbench-cold-start"] = String(member.readyAt > since);
    response.setHeader("x-slbench-queue-seconds", (now() - since).toFixed(6));
    member.inFlight++;
    response.once("close", () => {
      completed++;
      member.inFlight--;
      if (member.inFlight === 0) {
        member.idleSince = now();
        if (!members.has(member)) member.replica.end();
      }
      update();
    });
    member.replica.watchdog.handle(exchange);
  };

  const start = (): void => {
    starting++;
    startDelayed().then(
      (replica) => {
        pause.reset();
        join(replica);
      },
      (error: unknown) => {
        starting--;
        if (stopped) return;
        const seconds = pause.next();
        startsFrom = now() + seconds;
        const reason = error instanceof Error ? error.message : String(error);
        log(`cannot start a replica (${reason}); next attempt in ${seconds} s`);
        update();
      },
    );
  };
  const startDelayed = async (): Promise<Replica> => {
    const { startSeconds = 0 } = options.autoscale;
    const delay = new Promise((resolve) => setTimeout(resolve, startSeconds * 1000));
    const [replica] = await Promise.all([processes.start(), delay]);
    return replica;
  };
  const join = (replica: Replica): void => {
    starting--;
    const member = { replica, readyAt: now(), inFlight: 0, idleSince: now() };
    members.add(member);
    void replica.ended.then((how) => {
      ending.delete(replica);
      if (members.delete(member) && !stopped) log(`replica ${replica.watchdog.name} died (${how})`);
      update();
    });
    update();
  };
  const retire = (member: Member): void => {
    members.delete(member);
    ending.add(member.replica);
    if (member.inFlight === 0) member.replica.end();
  };
  const stop = async () => {
    stopped = true;
    clearTimeout(timer);
    clearInterval(cpuTimer);
    await processes.stop();
  };
  const readCpu = async () => {
    await cpu.read([...[...members].map(({ replica }) => replica), ...ending]);
    update();
  };
  const cpuTimer = needsCpu ? setInterval(() => void readCpu(), CPU_SECONDS * 1000) : undefined;

  let backend: Backend;
  starting = 1;
  observe();
  try {
    const first = await processes.start();
    backend = first.backend;
    join(first);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    backend,
    count: () => ({ wanted, ready: members.size, starting, ending: ending.size, queued: queue.size }),
    invoke(exchange) {
      if (stopped) return respond(exchange, 503);
      const waiting = { exchange, since: now() };
      queue.add(waiting);
      exchange.response.once("close", () => {
        if (queue.delete(waiting)) update(); // the client has gone, or the time limit was reached
      });
      update();
      if (queue.has(waiting)) waiting.exchange = readAhead(exchange);
    },
    drain() {
      stopped = true;
      clearTimeout(timer);
      clearInterval(cpuTimer);
      for (const { exchange } of queue) respond(exchange, 503);
      for (const { replica } of members) replica.watchdog.drain();
      processes.drain();
    },
    stop,
  };
}

/** Reads the body while the request waits: otherwise Node would not notice that the client has gone. */
function readAhead(exchange: Exchange): Exchange {
  const held = new PassThrough({ highWaterMark: MAX_HELD_BYTES });
  return { ...exchange, body: exchange.request.pipe(held) };
}

/** Requests that a replica takes at once. */
function slotsOf({ concurrency, autoscale }: Parameters<typeof startElasticPool>[0]): number {
  if (autoscale.rule === "per-request") return 1;
  return concurrency === 0 ? Number.POSITIVE_INFINITY : concurrency;
}

/** The CPU time of all replicas so far, also of those that have ended. */
function createCpuCount(): { total(): number; read(replicas: readonly Replica[]): Promise<void> } {
  const used = new Map<Replica, number>();
  return {
    total: () => [...used.values()].reduce((sum, seconds) => sum + seconds, 0),
    async read(replicas) {
      await Promise.all(replicas.map(async (replica) => used.set(replica, await replica.cpuSeconds())));
    },
  };
}
