/**
 * How the arrivals of an open loop are spaced. `constant`: one request per 1 ÷ rate seconds. `poisson`: exponentially
 * distributed gaps with that mean. `bursts:20/60` or `bursts:20/60/1`: every 60 s, 20 requests evenly within 1 s; Poisson
 * arrivals make up the rest of the rate.
 */
export type ArrivalProcess = "constant" | "poisson" | `bursts:${string}`;

/** Bursts of an open loop. */
export interface Bursts {
  readonly requests: number;
  /** From one burst's start to the next; the first one starts after this time. */
  readonly everySeconds: number;
  readonly withinSeconds: number;
}

const BURSTS = /^bursts:(\d{1,7})\/(\d+(?:\.\d+)?)(?:\/(\d+(?:\.\d+)?))?$/;

/**
 * The bursts of an arrival process; undefined for another process or text.
 *
 * @example
 * ```ts
 * parseBursts("bursts:20/60"); // { requests: 20, everySeconds: 60, withinSeconds: 1 }
 * ```
 */
export function parseBursts(process: string): Bursts | undefined {
  const [match, requests, every, within = "1"] = BURSTS.exec(process) ?? [];
  const bursts = {
    ...{ requests: Number(requests), everySeconds: Number(every), withinSeconds: Number(within) },
  };
  return match !== undefined && bursts.withinSeconds <= bursts.everySeconds && bursts.everySeconds > 0
    ? bursts
    : undefined;
}

/** The load of a cell: virtual users with think times (closed loop), or arrivals at a rate (open loop). */
export interface Condition {
  /** Virtual users, integer ≥ 1. In an open loop: the clients that share the rate. */
  readonly users: number;
  /** Mean seconds from a response to the next request; 0 in an open loop. */
  readonly thinkTimeSeconds: number;
  /** If it is not constant, for example `exponential:1` or `idle:60/10`. */
  readonly thinkTime?: string;
  /** Requests per second of all clients together; present in an open loop. */
  readonly ratePerSecond?: number;
  readonly process?: ArrivalProcess;
  /** Replicas that served the function, if they differ between the cells of a run. */
  readonly replicaCount?: number;
}

/**
 * A condition's name, which joins requests, summaries and result folders. It depends on the condition alone.
 * Users and rates have at least two digits, and there is no dot, so that it is a valid file name on every system.
 *
 * @example
 * ```ts
 * conditionKey({ users: 4, thinkTimeSeconds: 0.5 }); // "u04-t0_5"
 * conditionKey({ users: 4, thinkTimeSeconds: 1, thinkTime: "uniform:0.5..1.5" }); // "u04-tuniform0_5-1_5"
 * conditionKey({ users: 2, thinkTimeSeconds: 0, ratePerSecond: 2.5 }); // "r02_5"
 * conditionKey({ users: 20, thinkTimeSeconds: 0, replicaCount: 3 }); // "u20-t0-p03"
 * ```
 */
export function conditionKey(condition: Condition): string {
  const { users, thinkTimeSeconds, thinkTime, ratePerSecond, replicaCount } = condition;
  if (ratePerSecond !== undefined) return `r${ratePerSecond < 10 ? "0" : ""}${fileName(ratePerSecond)}`;
  const served = replicaCount === undefined ? "" : `-p${String(replicaCount).padStart(2, "0")}`;
  return `u${String(users).padStart(2, "0")}-t${fileName(thinkTime ?? thinkTimeSeconds)}${served}`;
}

const fileName = (value: string | number) =>
  String(value).replace("..", "-").replace("/", "-").replaceAll(".", "_").replaceAll(":", "");

/**
 * The folder of one repetition of a condition, and the name of its plan.
 *
 * @param repetition from 1 on
 *
 * @example
 * ```ts
 * cellFolderName({ users: 4, thinkTimeSeconds: 0.5 }, 1); // "u04-t0_5-r1"
 * ```
 */
export function cellFolderName(condition: Condition, repetition: number): string {
  return `${conditionKey(condition)}-r${repetition}`;
}
