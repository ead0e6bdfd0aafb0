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
  readonly process?: "poisson" | "constant";
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
 * ```
 */
export function conditionKey({ users, thinkTimeSeconds, thinkTime, ratePerSecond }: Condition): string {
  if (ratePerSecond !== undefined) return `r${ratePerSecond < 10 ? "0" : ""}${fileName(ratePerSecond)}`;
  return `u${String(users).padStart(2, "0")}-t${fileName(thinkTime ?? thinkTimeSeconds)}`;
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
