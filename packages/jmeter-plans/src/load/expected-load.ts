import type { Experiment } from "../experiment/experiment.ts";
import { readThinkTime, thinkTimeDeviation } from "../experiment/load-fields.ts";
import { cellPlanOptions } from "../plan/cell-plan.ts";
import type { PlanOptions } from "../plan/plan.ts";
import { type Cell, experimentCells } from "./matrix.ts";

/** The fields of a plan that decide whether its users meet. */
export type PlannedLoad = Pick<
  PlanOptions,
  "users" | "startRatePerSecond" | "thinkTime" | "requestsPerUser" | "durationSeconds"
>;

/** Whether a cell's users will be active together, as its plan shows. */
export interface ExpectedLoad {
  /**
   * Each user gets at least `MIN_RESPONSES` responses in the measured part of the cell: after every user has had its
   * first response, up to the first user's last response.
   */
  readonly isTogether: boolean;
  /** Users in the system, waiting or thinking, on average from the first start to the last end. */
  readonly meanActiveUsers: number;
  /** From a user's first request to its last response. */
  readonly busySeconds: number;
  /** The smallest sufficient `requestsPerUser`; absent if users send for a time, or if no number suffices. */
  readonly requestsNeeded?: number;
  /** The shortest sufficient `durationSeconds`; absent if users send a number of requests. */
  readonly secondsNeeded?: number;
  /** The shortest sufficient response time, seconds; absent if none is long enough. */
  readonly responseSecondsNeeded?: number;
}

/** With fewer responses, a user is not measured. */
export const MIN_RESPONSES = 2;

/**
 * Works out whether a closed-loop plan has all its users active together.
 *
 * With N users started at rate r, response time R, mean think time Z and n requests each, the last user has its first
 * response at (N − 1)/r + R, and a user's last response comes n R + (n − 1) Z after its start. Drawn think times add
 * up to less for the fastest of N users: by about σ √(2 (n − 1) ln N), the expected extreme of N normal values.
 *
 * @param responseSeconds a lower bound of the response time: with a longer one, users overlap more
 *
 * @example
 * ```ts
 * const plan = { users: 8, startRatePerSecond: 0.25, thinkTime: "0", requestsPerUser: 37 };
 * expectedLoad(plan, 0.08); // isTogether false, meanActiveUsers 0.76, busySeconds 2.96, requestsNeeded 353
 * ```
 */
export function expectedLoad(plan: PlannedLoad, responseSeconds: number): ExpectedLoad {
  const { users, requestsPerUser, durationSeconds } = plan;
  const cycleSeconds = responseSeconds + thinkMean(plan);
  const startSpanSeconds = startSpan(plan);
  const responses = durationSeconds === undefined ? (requestsPerUser ?? 1) : durationSeconds / cycleSeconds;
  const busySeconds = durationSeconds ?? responses * cycleSeconds - thinkMean(plan);
  const wholeSeconds = startSpanSeconds + busySeconds;
  // From the last first response to the first last one.
  const measuredSeconds = busySeconds - earlyEndSeconds(plan, responses) - startSpanSeconds - responseSeconds;
  return {
    isTogether: responses > MIN_RESPONSES && measuredSeconds >= MIN_RESPONSES * cycleSeconds * (1 - ROUNDING),
    meanActiveUsers: wholeSeconds > 0 ? (users * busySeconds) / wholeSeconds : users,
    busySeconds,
    ...(durationSeconds === undefined
      ? neededByRequests(plan, responses, responseSeconds)
      : neededByDuration(plan, durationSeconds, responseSeconds)),
  };
}

/** Sums of decimal fractions miss a whole number of cycles by this little. */
const ROUNDING = 1e-9;

type Needed = Pick<ExpectedLoad, "requestsNeeded" | "secondsNeeded" | "responseSecondsNeeded">;

function neededByDuration(plan: PlannedLoad, durationSeconds: number, responseSeconds: number): Needed {
  const thinkAndSpan = startSpan(plan) + MIN_RESPONSES * thinkMean(plan);
  const least = thinkAndSpan + (MIN_RESPONSES + 1) * responseSeconds;
  return {
    secondsNeeded: Math.ceil(least * (1 - ROUNDING)),
    ...(durationSeconds >= thinkAndSpan && { responseSecondsNeeded: 0 }),
  };
}

/** With m = n − 1 cycles after the first response: (m − 2) cycle − spread √m ≥ start span, a quadratic in √m. */
function neededByRequests(plan: PlannedLoad, requests: number, responseSeconds: number): Needed {
  const responseSecondsNeeded = longEnough(plan, requests);
  const long = responseSecondsNeeded === undefined ? {} : { responseSecondsNeeded };
  const cycleSeconds = responseSeconds + thinkMean(plan);
  if (cycleSeconds === 0) return startSpan(plan) > 0 ? long : { ...long, requestsNeeded: MIN_RESPONSES + 1 };
  const spread = earlyEndSeconds(plan, 2);
  const fixed = startSpan(plan) + MIN_RESPONSES * cycleSeconds;
  const root = (spread + Math.sqrt(spread ** 2 + 4 * cycleSeconds * fixed)) / (2 * cycleSeconds);
  return { ...long, requestsNeeded: Math.ceil(root ** 2 * (1 - ROUNDING)) + 1 };
}

/** The shortest response time with which these requests keep the users together; undefined if none does. */
function longEnough(plan: PlannedLoad, requests: number): number | undefined {
  const spareCycles = requests - 1 - MIN_RESPONSES;
  const toFill = startSpan(plan) + earlyEndSeconds(plan, requests);
  if (spareCycles < 0 || (spareCycles === 0 && toFill > 0)) return undefined;
  return spareCycles === 0 ? 0 : Math.max(0, toFill / spareCycles - thinkMean(plan));
}

/** From the first user's start to the last one's. */
const startSpan = ({ users, startRatePerSecond }: PlannedLoad) =>
  startRatePerSecond === undefined ? 0 : (users - 1) / startRatePerSecond;

const thinkMean = ({ thinkTime = "0" }: PlannedLoad) =>
  Number.isNaN(Number(thinkTime)) ? readThinkTime(thinkTime).thinkTimeSeconds : Number(thinkTime);

/** How much sooner than the average user the fastest one has sent all its requests, seconds. */
function earlyEndSeconds(plan: PlannedLoad, requests: number): number {
  if (plan.durationSeconds !== undefined) return 0; // all send for the same time
  const deviation = thinkTimeDeviation(plan.thinkTime ?? "0");
  return deviation * Math.sqrt(2 * Math.max(0, requests - 1) * Math.log(plan.users));
}

/**
 * What to expect of each closed-loop condition of an experiment, in its order.
 *
 * @param workers that share the users
 */
export function expectedLoads(
  experiment: Experiment,
  workers: number,
  responseSeconds: number,
): readonly { readonly cell: Cell; readonly expected: ExpectedLoad }[] {
  return experimentCells(experiment)
    .filter(({ repetition, ratePerSecond }) => repetition === 1 && ratePerSecond === undefined)
    .map((cell) => ({
      cell,
      expected: expectedLoad(cellPlanOptions(experiment, cell, workers), responseSeconds),
    }));
}
