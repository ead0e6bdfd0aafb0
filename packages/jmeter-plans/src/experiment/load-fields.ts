import { type ArrivalProcess, parseBursts } from "@slbench/client/condition";
import { z } from "zod";
import { countFromZero, MAX_LIST, MAX_SECONDS, positiveSeconds, seconds, whole } from "./number-fields.ts";

export const MAX_REPETITIONS = 1000;
const MAX_USERS = 100_000;
const DEFAULT_REQUESTS = 37;
const DEFAULT_START = "together";
/** One run does not show how much runs differ; three are enough for an interval. */
const DEFAULT_REPETITIONS = 3;

const unique = (values: readonly unknown[]) => new Set(values).size === values.length;

/** A list without duplicates; a single value means a list of one. */
const list = <T extends z.ZodType>(item: T) =>
  z.union([
    z.array(item).nonempty().max(MAX_LIST).refine(unique, "each number may appear once"),
    item.transform((value): [z.output<T>, ...z.output<T>[]] => [value]),
  ]);

/** `1..8` */
const range = z
  .string()
  .regex(/^[1-9]\d{0,15}\.\.[1-9]\d{0,15}$/, "give a number, a range such as 1..8, or a list of them")
  .transform((text, context) => {
    const [from = 0, to = 0] = text.split("..").map(Number);
    if (to < from || to - from >= MAX_LIST || to > MAX_USERS) {
      context.addIssue({
        code: "custom",
        message: `a range ascends, with at most ${MAX_LIST} numbers up to ${MAX_USERS}`,
      });
      return z.NEVER;
    }
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });

const userCount = whole.max(MAX_USERS);
const userCounts = z.union([
  userCount.transform((value) => [value]),
  range,
  z
    .array(z.union([userCount, range]))
    .nonempty()
    .max(MAX_LIST)
    .transform((values) => values.flat())
    .refine(unique, "each number may appear once")
    .refine((values) => values.length <= MAX_LIST, `at most ${MAX_LIST} numbers of users`),
]);

const DISTRIBUTION = /^(?:exponential:(\d+(?:\.\d+)?)|uniform:(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?))$/;
/** A pause before every n-th request, and none before the others. */
const IDLE = /^idle:(\d+(?:\.\d+)?)\/([1-9]\d{0,6})$/;

/** Mean of `exponential:1`, `uniform:0.5..1.5` or `idle:60/10`; undefined for another text. */
function meanOf(text: string): number | undefined {
  const [, pause, every] = IDLE.exec(text) ?? [];
  if (pause !== undefined) return Number(pause) / Number(every);
  const [match, mean, low, high] = DISTRIBUTION.exec(text) ?? [];
  if (match === undefined) return undefined;
  if (mean !== undefined) return Number(mean) > 0 ? Number(mean) : undefined;
  return Number(low) <= Number(high) ? (Number(low) + Number(high)) / 2 : undefined;
}

/** What a think time's limit applies to: its mean, or the pause. */
const longestOf = (text: string) => (IDLE.test(text) ? Number(IDLE.exec(text)?.[1]) : meanOf(text));

const distribution = z
  .string()
  .refine(
    (text) => (longestOf(text) ?? Number.POSITIVE_INFINITY) <= MAX_SECONDS,
    "give seconds, exponential:1, uniform:0.5..1.5 or idle:60/10",
  );

/** A think time as the client takes it, with its mean. */
export function readThinkTime(value: number | string): {
  readonly thinkTimeSeconds: number;
  readonly thinkTime?: string;
} {
  if (typeof value === "number") return { thinkTimeSeconds: value };
  return { thinkTimeSeconds: meanOf(value) ?? 0, thinkTime: value };
}

/**
 * Standard deviation of a think time in seconds, as drawn: 0 for a constant one, and for pauses that are the same for
 * every user.
 *
 * @param text as the client takes it: `1`, `exponential:1`, `uniform:0.5..1.5` or `idle:60/10`
 */
export function thinkTimeDeviation(text: string): number {
  const [, mean, low, high] = DISTRIBUTION.exec(text) ?? [];
  if (mean !== undefined) return Number(mean);
  return low === undefined ? 0 : (Number(high) - Number(low)) / Math.sqrt(12);
}

/** The longest time that a number of requests' pauses take; undefined if the think time is not of that form. */
export function idleSeconds(text: string, requests: number): number | undefined {
  const [, pause, every] = IDLE.exec(text) ?? [];
  return pause === undefined ? undefined : Number(pause) * Math.floor(requests / Number(every));
}

/** Users started per second; undefined if all start together. */
export function startRate(start: string): number | undefined {
  return start === "together" ? undefined : Number(start.replace("/s", ""));
}

/** Whether a text is a `load.start`: `together`, or a rate from 0.001/s to 1000/s. */
export function isStart(text: string): boolean {
  if (text === "together") return true;
  const rate = /^\d+(?:\.\d+)?\/s$/.test(text) ? startRate(text) : undefined;
  return rate !== undefined && rate >= 0.001 && rate <= 1000;
}

const startSchema = z
  .string()
  .refine(isStart, "give together, or a rate from 0.001/s to 1000/s, for example 0.25/s");

const arrivalRate = z.number().min(0.001).max(100_000);

const arrivalProcess = z
  .string()
  .refine(
    (text) => ["poisson", "constant"].includes(text) || parseBursts(text) !== undefined,
    "give poisson, constant or bursts:20/60/1",
  )
  .transform((text) => text as ArrivalProcess);

const arrivalsSchema = z
  .strictObject({
    ratePerSecond: list(arrivalRate).describe(
      "Requests per second over all workers, bursts included, one cell for each number",
    ),
    process: arrivalProcess
      .default("poisson")
      .describe(
        "poisson, constant, or bursts:20/60/1 (every 60 s 20 requests within 1 s, Poisson arrivals for the rest of the rate)",
      ),
  })
  .superRefine(({ ratePerSecond, process }, context) => {
    const bursts = parseBursts(process);
    const ofBursts = bursts === undefined ? 0 : bursts.requests / bursts.everySeconds;
    // Rates are decimal fractions: 20 requests every 60 s may be written as 0.333.
    if (Math.min(...ratePerSecond) >= ofBursts * 0.99) return;
    const message = `the bursts alone are ${Number(ofBursts.toFixed(3))} requests per second`;
    context.addIssue({ code: "custom", path: ["ratePerSecond"], message });
  });

/** One of the two. */
interface Sending {
  readonly requestsPerUser?: number;
  readonly durationSeconds?: number;
}

export const loadSchema = z
  .strictObject({
    users: userCounts
      .optional()
      .describe("Virtual users over all workers, one cell for each number: 4, 1..8 or a list"),
    thinkTimeSeconds: list(z.union([seconds, distribution]))
      .optional()
      .describe(
        "Seconds between a response and the next request: 1, exponential:1, uniform:0.5..1.5, idle:60/10 (60 s before every 10th request, none before the others) or a list; default 0",
      ),
    arrivals: arrivalsSchema
      .optional()
      .describe(
        "Open loop: requests arrive at a rate, whether or not earlier ones have ended; instead of users",
      ),
    requestsPerUser: whole
      .max(10_000_000)
      .optional()
      .describe(`Requests that each virtual user sends; default ${DEFAULT_REQUESTS}`),
    durationSeconds: positiveSeconds
      .optional()
      .describe("Instead of requestsPerUser: how long each user sends"),
    start: startSchema
      .optional()
      .describe(
        `together (with a constant think time: within one think time), or the rate at which users start, over all workers, for example 0.25/s; default ${DEFAULT_START}`,
      ),
    repetitions: whole
      .max(MAX_REPETITIONS)
      .default(DEFAULT_REPETITIONS)
      .describe("How often each cell is run"),
    warmUpRequests: countFromZero
      .max(1_000_000)
      .default(0)
      .describe("Requests sent by one user before the first cell, discarded"),
    coolDownSeconds: seconds.default(0).describe("Pause between cells"),
    order: z
      .enum(["random", "as-written"])
      .default("random")
      .describe("Order of the cells within each repetition; random is seeded"),
    seed: countFromZero
      .max(2 ** 32 - 1)
      .default(1)
      .describe("Seed of everything that is drawn; each run of a cell draws other numbers"),
  })
  .superRefine((value, context) => {
    const issue = (name: string, message: string) =>
      context.addIssue({ code: "custom", path: [name], message, continue: false });
    if (value.users === undefined && value.arrivals === undefined)
      issue("users", "give users, for example 1..8, or arrivals");
    if (value.arrivals !== undefined) {
      for (const name of ["users", "thinkTimeSeconds", "start"] as const)
        if (value[name] !== undefined) issue(name, `an open loop (arrivals) has no ${name}`);
    }
    if (value.requestsPerUser !== undefined && value.durationSeconds !== undefined)
      issue("durationSeconds", "give requestsPerUser or durationSeconds, not both");
  })
  .transform(({ users, thinkTimeSeconds, arrivals, requestsPerUser, durationSeconds, start, ...rest }) => ({
    ...rest,
    users: (users ?? []) as readonly number[],
    thinkTimeSeconds: (thinkTimeSeconds ?? (arrivals === undefined ? [0] : [])) as readonly (
      | number
      | string
    )[],
    ...(arrivals !== undefined && { arrivals }),
    ...((durationSeconds === undefined
      ? { requestsPerUser: requestsPerUser ?? DEFAULT_REQUESTS }
      : { durationSeconds }) as Sending),
    start: start ?? DEFAULT_START,
  }))
  .describe("Users × think times, or arrivals");
