import { formatCount } from "../../core/format.ts";
import { readNumber } from "../../expression/number.ts";
import { drawExponential } from "../../stats/draw-exponential.ts";
import { createRandom } from "../../stats/random.ts";
import { type QueueingErrorCode, SlbenchError } from "../errors.ts";
import type { Senders } from "../serverless/platform.ts";
import type { RunPlan } from "../station/run.ts";

/** What reaches a platform. */
export type PlatformLoad =
  | { readonly kind: "users"; readonly users: number; readonly thinkTimeSeconds: number }
  /** Requests arrive at random, regardless of the responses. */
  | { readonly kind: "rate"; readonly arrivalsPerSecond: number }
  /** Requests arrive evenly within a time; `everySeconds` absent: one time, after a long time without any. */
  | {
      readonly kind: "burst";
      readonly requests: number;
      readonly everySeconds?: number;
      /** Absent: at once. */
      readonly withinSeconds?: number;
    };

/** How one run of a load is simulated. */
export interface LoadRun {
  readonly senders: Senders;
  /** Figures are of the requests that start from then on, and of the replicas from then until the end. */
  readonly fromSeconds: number;
  /** The end, if the last response is earlier. */
  readonly untilSeconds: number;
}

const MAX_REQUESTS = 10_000;
const BURSTS = 5;
/** Replicas of a single burst count for so long. */
const BURST_SECONDS = 600;
/** Requests of an open loop: the first third fills the platform. */
const OPEN_REQUESTS = 600;
const OPEN_START = 1 / 3;

/**
 * Reads `20@60s/1s`: 20 requests within 1 s every 60 s; `20@60s`: at once; `20`: once, after a long time without
 * requests.
 * @throws {SlbenchError} MODEL_BAD_QUESTION
 *
 * @example
 * ```ts
 * parseBurst("20@60s"); // { kind: "burst", requests: 20, everySeconds: 60 }
 * ```
 */
export function parseBurst(text: string): PlatformLoad {
  const [isBurst, count, every, within] = /^\s*(\d+)(?:@([^/\s]+))?(?:\/([^/\s]+))?\s*$/.exec(text) ?? [];
  const requests = Number(count);
  const [everySeconds, withinSeconds] = [every, within].map((time) =>
    time === undefined ? undefined : (readNumber(time, "seconds")?.low ?? Number.NaN),
  );
  const isGood =
    isBurst !== undefined &&
    requests >= 1 &&
    requests <= MAX_REQUESTS &&
    (everySeconds === undefined || everySeconds > 0) &&
    (withinSeconds === undefined || (withinSeconds > 0 && withinSeconds <= (everySeconds ?? withinSeconds)));
  if (!isGood)
    throw new SlbenchError<QueueingErrorCode>("MODEL_BAD_QUESTION", `"${text}" is no burst`, {
      hint: `write 1 to ${MAX_REQUESTS} requests and the time from one burst to the next, 20@60s; within 1 s: 20@60s/1s`,
      exitCode: 2,
    });
  return {
    ...{ kind: "burst", requests },
    ...(everySeconds !== undefined && { everySeconds }),
    ...(withinSeconds !== undefined && { withinSeconds }),
  };
}

/**
 * A load in words.
 *
 * @example
 * ```ts
 * describeLoad(parseBurst("20@60s")); // "a burst of 20 requests every 60 s"
 * ```
 */
export function describeLoad(load: PlatformLoad): string {
  switch (load.kind) {
    case "users":
      return `${formatCount(load.users, "user")}, think time ${load.thinkTimeSeconds} s`;
    case "rate":
      return `${load.arrivalsPerSecond} requests per second at random`;
    case "burst": {
      const requests = formatCount(load.requests, "request");
      const within = load.withinSeconds === undefined ? "" : ` within ${load.withinSeconds} s`;
      return load.everySeconds === undefined
        ? `one burst of ${requests}${within}`
        : `a burst of ${requests}${within} every ${load.everySeconds} s`;
    }
  }
}

/** @param plan how the users of a closed loop start, and how many requests they send */
export function planLoad(load: PlatformLoad, plan: RunPlan, seed: number): LoadRun {
  switch (load.kind) {
    case "users":
      return { senders: closedLoop(load, plan), fromSeconds: 0, untilSeconds: 0 };
    case "rate":
      return openLoop(load.arrivalsPerSecond, seed);
    case "burst":
      return bursts(load);
  }
}

function closedLoop(
  { users, thinkTimeSeconds }: Extract<PlatformLoad, { kind: "users" }>,
  { startRatePerSecond, requestsPerUser, think }: RunPlan,
): Senders {
  return {
    startSeconds: Array.from({ length: users }, (_, user) => user / startRatePerSecond),
    requestsPerUser: Math.ceil(requestsPerUser),
    thinkTimeSeconds,
    ...(think === "exponential" && { think }),
  };
}

function openLoop(arrivalsPerSecond: number, seed: number): LoadRun {
  const random = createRandom(seed);
  let at = 0;
  const startSeconds = Array.from({ length: OPEN_REQUESTS }, () => {
    at += drawExponential(random) / arrivalsPerSecond;
    return at;
  });
  return {
    senders: { startSeconds, requestsPerUser: 1, thinkTimeSeconds: 0 },
    fromSeconds: startSeconds[Math.floor(OPEN_START * OPEN_REQUESTS)] as number,
    untilSeconds: 0,
  };
}

/** The first of several bursts meets a platform that has had no requests, so it does not count. */
function bursts(load: Extract<PlatformLoad, { kind: "burst" }>): LoadRun {
  const { requests, everySeconds, withinSeconds = 0 } = load;
  const own = Array.from({ length: requests }, (_, index) => (index / requests) * withinSeconds);
  const times =
    everySeconds === undefined ? [0] : Array.from({ length: BURSTS + 1 }, (_, n) => n * everySeconds);
  return {
    senders: {
      startSeconds: times.flatMap((at) => own.map((offset) => at + offset)),
      requestsPerUser: 1,
      thinkTimeSeconds: 0,
    },
    fromSeconds: everySeconds ?? 0,
    untilSeconds: everySeconds === undefined ? BURST_SECONDS : times.length * everySeconds,
  };
}
