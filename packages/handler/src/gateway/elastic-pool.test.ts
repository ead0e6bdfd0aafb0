import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startElasticPool } from "./elastic-pool.ts";
import type { Exchange } from "./exchange.ts";
import type { AutoscaleOptions } from "./options.ts";
import type { Pool } from "./pool.ts";
import type { Replica, ReplicaProcesses } from "./replica-processes.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const START_SECONDS = 2;
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);

/** A request that its replica holds until `end()`. */
interface Asked {
  /** Name of the replica that has it, and whether it was a cold start; undefined while it waits. */
  replica: string | undefined;
  cold: boolean | undefined;
  queueSeconds: number | undefined;
  end(): void;
}

/** A pool whose replicas take two seconds to start and hold each request until it is ended. */
async function open(autoscale: AutoscaleOptions, concurrency = 1, fails: () => boolean = () => false) {
  const asked = new Map<unknown, Asked>();
  const ended: string[] = [];
  const deaths = new Map<string, (how: string) => void>();
  const log: string[] = [];
  let number = 0;
  const processes: ReplicaProcesses = {
    async start() {
      const name = `r${++number}`;
      await new Promise((resolve) => setTimeout(resolve, START_SECONDS * 1000));
      if (fails()) throw new Error("no memory");
      const handle = (exchange: Exchange) => {
        const cold = exchange.request.headers["x-slbench-cold-start"] === "true";
        Object.assign(asked.get(exchange.response) as Asked, { replica: name, cold });
      };
      const replica: Replica = {
        watchdog: { name, inFlight: 0, handle, drain() {} },
        backend: "none",
        ended: new Promise((resolve) => deaths.set(name, resolve)),
        cpuSeconds: async () => (name === "r1" ? performance.now() / 1000 : 0), // one of them keeps a core busy
        end() {
          ended.push(name);
          deaths.get(name)?.("SIGTERM");
        },
      };
      return replica;
    },
    drain() {},
    stop: async () => {},
  };
  const opening = startElasticPool(
    { concurrency, autoscale },
    processes,
    (line) => log.push(line),
    () => {},
  );
  await pass(START_SECONDS);
  const pool = await opening;
  const ask = (): Asked => {
    const response = new EventEmitter();
    const one: Asked = {
      ...{ replica: undefined, cold: undefined, queueSeconds: undefined },
      end: () => void response.emit("close"),
    };
    const setHeader = (_: string, value: string) => {
      one.queueSeconds = Number(value);
    };
    const exchange = {
      ...{
        request: Object.assign(new PassThrough(), { headers: {} }),
        response: Object.assign(response, { setHeader }),
        path: "/",
        started: 0n,
      },
    } as unknown as Exchange;
    asked.set(response, one);
    pool.invoke(exchange);
    return one;
  };
  return { pool, ask, ended, log, die: (name: string) => deaths.get(name)?.("SIGKILL") };
}

const counts = (pool: Pool) => {
  const { wanted, ready, starting, ending, queued } = pool.count();
  return { wanted, ready, starting, ending, queued };
};

describe("a replica per request", () => {
  const rule: AutoscaleOptions = { rule: "per-request", keepAliveSeconds: 60, maxReplicas: 3 };

  test("the first replica, which shows that the function starts, ends again", async () => {
    const { pool, ended } = await open(rule);
    expect(ended).toEqual(["r1"]);
    expect(counts(pool)).toEqual({ wanted: 0, ready: 0, starting: 0, ending: 0, queued: 0 });
  });

  test("a request without a replica waits for its start and is cold; the next one is not", async () => {
    const { pool, ask } = await open(rule);
    const first = ask();
    expect(counts(pool)).toMatchObject({ wanted: 1, starting: 1, queued: 1 });
    await pass(START_SECONDS);
    expect(first).toMatchObject({ replica: "r2", cold: true, queueSeconds: 2 });
    first.end();
    await pass(1);
    expect(ask()).toMatchObject({ replica: "r2", cold: false, queueSeconds: 0 });
  });

  test("requests beyond the limit of replicas wait in order; one that waited for a busy replica is not cold", async () => {
    const { pool, ask } = await open(rule);
    const requests = [ask(), ask(), ask(), ask(), ask()];
    expect(counts(pool)).toMatchObject({ wanted: 3, starting: 3, queued: 5 });
    await pass(START_SECONDS);
    expect(requests.map(({ replica }) => replica)).toEqual(["r2", "r3", "r4", undefined, undefined]);
    const late = ask();
    requests[1]?.end();
    expect(requests[3]).toMatchObject({ replica: "r3", cold: true });
    requests[0]?.end();
    requests[2]?.end();
    expect(requests[4]?.replica).toBe("r2");
    expect(late).toMatchObject({ replica: "r4", cold: false });
  });

  test("a request goes to the idle replica used last; each leaves its keep-alive after its last request", async () => {
    const { ask, ended } = await open(rule);
    const [one, two] = [ask(), ask()];
    await pass(START_SECONDS);
    one?.end();
    await pass(1);
    two?.end();
    await pass(10);
    const third = ask();
    expect(third.replica).toBe("r3");
    third.end();
    await pass(48.9);
    expect(ended).toEqual(["r1"]);
    await pass(0.2);
    expect(ended).toEqual(["r1", "r2"]);
    await pass(11);
    expect(ended).toEqual(["r1", "r2", "r3"]);
  });

  test("a client that leaves the queue is forgotten", async () => {
    const { pool, ask } = await open(rule);
    const gone = ask();
    gone.end();
    expect(counts(pool).queued).toBe(0);
    await pass(START_SECONDS);
    expect(gone.replica).toBeUndefined();
  });

  test("a replica that dies is logged and replaced as soon as a request needs one", async () => {
    const { pool, ask, log, die } = await open(rule);
    ask();
    await pass(START_SECONDS);
    die("r2");
    await pass(0);
    expect(log).toEqual(["replica r2 died (SIGKILL)"]);
    expect(counts(pool)).toMatchObject({ wanted: 1, ready: 0, starting: 1 });
  });

  test("a replica that cannot start is tried again after a pause", async () => {
    let broken = false;
    const { pool, ask, log } = await open(rule, 1, () => broken);
    broken = true;
    const request = ask();
    await pass(START_SECONDS);
    expect(log).toEqual(["cannot start a replica (no memory); next attempt in 1 s"]);
    expect(counts(pool)).toMatchObject({ starting: 0, queued: 1 });
    broken = false;
    await pass(1);
    expect(counts(pool).starting).toBe(1);
    await pass(START_SECONDS);
    expect(request.cold).toBe(true);
  });
});

test("a request that comes while the pool drains is refused at once", async () => {
  const { pool } = await open({ rule: "kpa", target: 1, minReplicas: 1, maxReplicas: 1 });
  pool.drain();
  const refused = { writeHead: vi.fn(), end: vi.fn() };
  const response = Object.assign(new EventEmitter(), refused);
  const request = Object.assign(new PassThrough(), { headers: {} });
  pool.invoke({ request, response, path: "/", started: 0n } as unknown as Exchange);
  expect(refused.writeHead.mock.calls[0]?.[0]).toBe(503);
  expect(counts(pool).queued).toBe(0);
});

test("a replica takes its limit of requests at once; the least busy one gets the next", async () => {
  const { pool, ask } = await open({ rule: "kpa", target: 2, minReplicas: 2, maxReplicas: 2 }, 2);
  await pass(START_SECONDS);
  const replicas = Array.from({ length: 5 }, () => ask().replica);
  expect(replicas.slice(0, 4).sort()).toEqual(["r1", "r1", "r2", "r2"]);
  expect(replicas[0]).not.toBe(replicas[1]);
  expect(replicas[4]).toBeUndefined();
  expect(counts(pool).queued).toBe(1);
});

test("scaling down ends idle replicas first, and a busy one after its last request", async () => {
  const { pool, ask, ended } = await open({
    ...{ rule: "openfaas", by: "capacity", target: 1, targetProportion: 1, maxReplicas: 2 },
  });
  const requests = [ask(), ask()];
  await pass(15);
  expect(counts(pool)).toMatchObject({ wanted: 2, ready: 2 });
  requests[1]?.end();
  await pass(60);
  expect(counts(pool)).toMatchObject({ wanted: 1, ready: 1 });
  expect(ended).toEqual([requests[1]?.replica]);
  expect(requests[0]?.replica).not.toBe(ended[0]);
});

test("by CPU, replicas are asked for their CPU time", async () => {
  const { pool } = await open({
    ...{ rule: "openfaas", by: "cpu", target: 500, targetProportion: 1, maxReplicas: 9 },
  });
  await pass(43);
  expect(counts(pool)).toMatchObject({ wanted: 2, ready: 2 });
  await pool.stop();
});
