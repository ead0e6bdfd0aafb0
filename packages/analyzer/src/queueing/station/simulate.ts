import { drawNormal } from "../../stats/draw-normal.ts";
import { createRandom } from "../../stats/random.ts";
import type { TimeoutBehaviour } from "./cut-feedback.ts";
import { type ModelParameters, paceOf } from "./parameters.ts";
import { demandAt, drawUnits } from "./sizes.ts";

/** How fast the host works over time, and with how many requests in service. */
export type HostSpeed = (
  atSeconds: number,
  inService: number,
) => {
  /** Work done per second, relative to the parameters' speed; > 0. */
  readonly factor: number;
  /** When the factor may change next: later than `atSeconds`, or Infinity for never. */
  readonly untilSeconds: number;
};

export interface SimulationOptions {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  /** Requests that each user sends. */
  readonly requestsPerUser: number;
  readonly startRatePerSecond: number;
  /** Start time of each user; absent: one after another at the start rate. */
  readonly startSeconds?: readonly number[];
  /** Infinity for none. */
  readonly limitSeconds: number;
  readonly timeoutBehaviour: TimeoutBehaviour;
  /**
   * Distribution of the service demand: normal with the parameters' variation, exponential for textbook cases, or a
   * draw in seconds, > 0, for a request that arrives while others are in service.
   */
  readonly work?:
    | "normal"
    | "exponential"
    | ((random: () => number, atSeconds: number, inService: number) => number);
  /** Default: 1 all the time. */
  readonly hostSpeed?: HostSpeed;
  /** Distribution of think times; default constant. */
  readonly think?: "fixed" | "exponential";
  readonly seed: number;
}

export interface SimulatedRequest {
  readonly user: number;
  readonly startSeconds: number;
  /** As the client sees it: at most the limit. */
  readonly roundTripSeconds: number;
  readonly successful: boolean;
  /** Its size, if the demand depends on it. */
  readonly units?: number;
}

interface Job {
  readonly user: number;
  readonly startSeconds: number;
  readonly units?: number;
  /** Remaining service demand, seconds. */
  left: number;
  cut: boolean;
}

/**
 * Discrete-event simulation of the experiment: users start one after another, think, send a request, share the
 * host or queue for it (paceOf(), in order of arrival), and time out at the limit.
 */
export function simulate(
  parameters: ModelParameters,
  options: SimulationOptions,
): readonly SimulatedRequest[] {
  const random = createRandom(options.seed);
  const { demandVariation, delaySeconds } = parameters;
  const { work, hostSpeed = () => ({ factor: 1, untilSeconds: Number.POSITIVE_INFINITY }) } = options;
  const drawWork = (demandSeconds: number) => {
    if (typeof work === "function") return work(random, now, jobs.length);
    return work === "exponential"
      ? -Math.log(1 - random()) * demandSeconds
      : Math.max(0.05, 1 + demandVariation * drawNormal(random)) * demandSeconds;
  };
  const sendAt = (user: number, startSeconds: number): Job => {
    const units = drawUnits(parameters, random);
    const demand = units === undefined ? parameters.demandSeconds : demandAt(parameters, units);
    return { user, startSeconds, ...(units !== undefined && { units }), left: drawWork(demand), cut: false };
  };
  const drawThink = () =>
    options.think === "exponential"
      ? -Math.log(1 - random()) * options.thinkTimeSeconds
      : options.thinkTimeSeconds;

  const requests: SimulatedRequest[] = [];
  const jobs: Job[] = [];
  /** Next time each user sends; Infinity while it waits or is done. */
  const due = Array.from(
    { length: options.users },
    (_, user) => (options.startSeconds?.[user] ?? user / options.startRatePerSecond) + delaySeconds,
  );
  const sent = due.map(() => 0);
  let now = 0;

  const answer = (job: Job, successful: boolean, roundTripSeconds: number) => {
    const { user, startSeconds, units } = job;
    requests.push({
      ...{ user, startSeconds, roundTripSeconds, successful },
      ...(units !== undefined && { units }),
    });
    const done = sent[job.user] === options.requestsPerUser;
    due[job.user] = done ? Number.POSITIVE_INFINITY : now + drawThink() + delaySeconds;
  };

  /** Work done per second on each job. */
  const paces: number[] = [];
  // Plain loops: with iterators and closures, an event would take ten times as long.
  for (;;) {
    const { factor, untilSeconds } = hostSpeed(now, jobs.length);
    let nextSend = Number.POSITIVE_INFINITY;
    let nextDone = Number.POSITIVE_INFINITY;
    let nextCut = Number.POSITIVE_INFINITY;
    for (let user = 0; user < due.length; user++) nextSend = Math.min(nextSend, due[user] as number);
    for (let index = 0; index < jobs.length; index++) {
      const job = jobs[index] as Job;
      const pace = factor * paceOf(parameters, index, jobs.length);
      paces[index] = pace;
      nextDone = Math.min(nextDone, now + job.left / pace);
      if (!job.cut) nextCut = Math.min(nextCut, job.startSeconds + options.limitSeconds);
    }
    const nextEvent = Math.min(nextSend, nextDone, nextCut);
    if (nextEvent === Number.POSITIVE_INFINITY) return requests;
    const next = Math.min(nextEvent, untilSeconds);
    for (let index = 0; index < jobs.length; index++)
      (jobs[index] as Job).left -= (next - now) * (paces[index] as number);
    now = next;
    if (next < nextEvent) continue;
    if (next === nextDone) {
      const index = jobs.reduce(
        (best, job, at) => ((paces[at] as number) > 0 && job.left < (jobs[best] as Job).left ? at : best),
        0,
      );
      const [job] = jobs.splice(index, 1) as [Job];
      if (!job.cut) answer(job, true, now - job.startSeconds);
    } else if (next === nextCut) {
      const job = jobs.find(
        (candidate) => !candidate.cut && candidate.startSeconds + options.limitSeconds <= now + 1e-9,
      ) as Job;
      job.cut = true;
      if (options.timeoutBehaviour === "cancelled") jobs.splice(jobs.indexOf(job), 1);
      answer(job, false, options.limitSeconds);
    } else {
      const user = due.indexOf(nextSend);
      due[user] = Number.POSITIVE_INFINITY;
      sent[user] = (sent[user] as number) + 1;
      jobs.push(sendAt(user, now - delaySeconds));
    }
  }
}
