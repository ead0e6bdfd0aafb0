import { arrivedWithin, commonSpan, responseSpan } from "../src/core/time-span.ts";
import type { ModelParameters } from "../src/queueing/station/parameters.ts";
import {
  type HostSpeed,
  type SimulatedRequest,
  type SimulationOptions,
  simulate,
} from "../src/queueing/station/simulate.ts";
import { drawExponential } from "../src/stats/draw-exponential.ts";
import { drawNormal } from "../src/stats/draw-normal.ts";
import { createRandom } from "../src/stats/random.ts";

/** How the speed of a host changes within a run. */
export interface Wander {
  /** Standard deviation of the logarithm of the speed. */
  readonly deviation: number;
  /** Time constant, s: after this time, a deviation has decayed to about a third on average. */
  readonly memorySeconds: number;
}

/** Phases in which the host is slower by a factor, at random times. */
export interface SlowPhases {
  readonly factor: number;
  /** Mean duration of a phase, s. */
  readonly meanSeconds: number;
  /** Mean time between two phases, s. */
  readonly meanPauseSeconds: number;
}

/** A simulated function and its host. */
export interface SimulatedFunction {
  readonly name: string;
  readonly parameters: ModelParameters;
  readonly limitSeconds?: number;
  readonly timeoutBehaviour?: SimulationOptions["timeoutBehaviour"];
  /** Standard deviation of the logarithm of the host's speed from run to run. */
  readonly runDeviation: number;
  readonly work?: NonNullable<SimulationOptions["work"]>;
  /** The host's level changes for a while within a run: slow phases, or cold starts that slow down all users. */
  readonly isUnsteady?: true;
  readonly wander?: Wander;
  readonly slowPhases?: SlowPhases;
}

/** A simulated function and its load. */
export interface Scenario extends SimulatedFunction {
  readonly users: number;
  readonly requestsPerUser: number;
  readonly thinkTimeSeconds: number;
  /** Users start one after another at this rate. Absent: they start together, spread over one think time. */
  readonly startRatePerSecond?: number;
}

/** An open loop: requests arrive at random, whatever the responses. */
export interface Arrivals {
  readonly ratePerSecond: number;
  readonly durationSeconds: number;
}

export interface RunOptions {
  readonly seed: number;
  /** Absent: drawn from the scenario's run-to-run deviation. */
  readonly speed?: number;
  /** From this moment on, the host is faster by this factor. */
  readonly change?: { readonly factor: number; readonly atSeconds: number };
}

/** The steady part of a simulated run, in order of start. */
export interface SteadyRun {
  readonly roundTripSeconds: Float64Array;
  /** 1: successful. */
  readonly isSuccessful: Uint8Array;
  readonly startSeconds: Float64Array;
  /** Arrival of each response, measured from the start of the steady part, s. */
  readonly arrivalSeconds: Float64Array;
  /** Duration of the steady part, s; 0 if the run has none. */
  readonly seconds: number;
  /** Duration of the whole run, s. */
  readonly totalSeconds: number;
}

/** Even without think time, users do not start at exactly the same moment. */
const MIN_SPREAD_SECONDS = 0.1;

/** Simulates one run of a scenario and returns its steady part. */
export function simulateRun(scenario: Scenario, { seed, speed, change }: RunOptions): SteadyRun {
  const random = createRandom(seed);
  const ownSpeed = speed ?? drawSpeed(scenario, random);
  const { users, startRatePerSecond } = scenario;
  const startWithin = Math.max(MIN_SPREAD_SECONDS, scenario.thinkTimeSeconds);
  const requests = simulate(scenario.parameters, {
    users,
    thinkTimeSeconds: scenario.thinkTimeSeconds,
    requestsPerUser: scenario.requestsPerUser,
    startRatePerSecond: startRatePerSecond ?? 1,
    ...(startRatePerSecond === undefined && {
      startSeconds: Array.from({ length: users }, () => startWithin * random()),
    }),
    ...serviceOptions(scenario),
    hostSpeed: hostSpeed(scenario, ownSpeed, random, change),
    seed: Math.floor(random() * 2 ** 32),
  });
  return steadyPart(requests, users);
}

/** Simulates one run of an open loop with Poisson arrivals, of which the whole counts. */
export function simulateOpenRun(
  target: SimulatedFunction,
  { ratePerSecond, durationSeconds }: Arrivals,
  seed: number,
): SteadyRun {
  const random = createRandom(seed);
  const ownSpeed = drawSpeed(target, random);
  const startSeconds = drawArrivals(ratePerSecond, durationSeconds, random);
  // Each request is a user of its own, who does not wait for another's response.
  const requests = simulate(target.parameters, {
    ...{ users: startSeconds.length, requestsPerUser: 1, thinkTimeSeconds: 0, startRatePerSecond: 1 },
    startSeconds,
    ...serviceOptions(target),
    hostSpeed: hostSpeed(target, ownSpeed, random, undefined),
    seed: Math.floor(random() * 2 ** 32),
  });
  const seconds = lastArrival(requests);
  return { ...toRun(requests, 0), seconds, totalSeconds: seconds };
}

function drawArrivals(
  ratePerSecond: number,
  durationSeconds: number,
  random: () => number,
): readonly number[] {
  const starts: number[] = [];
  const gap = () => drawExponential(random) / ratePerSecond;
  for (let at = gap(); at < durationSeconds; at += gap()) starts.push(at);
  return starts;
}

const drawSpeed = ({ runDeviation }: SimulatedFunction, random: () => number) =>
  Math.exp(runDeviation * drawNormal(random));

const serviceOptions = ({
  limitSeconds = Number.POSITIVE_INFINITY,
  timeoutBehaviour = "cancelled",
  work,
}: SimulatedFunction) => ({ limitSeconds, timeoutBehaviour, ...(work !== undefined && { work }) });

/** The responses that arrived while all users were in the system, as the analyzer selects them. */
function steadyPart(requests: readonly SimulatedRequest[], users: number): SteadyRun {
  const byUser = Array.from({ length: users }, (): SimulatedRequest[] => []);
  for (const request of requests) byUser[request.user]?.push(request);
  const span = commonSpan(byUser.map((own) => responseSpan(own.map(startMicros), own.map(secondsOf))));
  const kept = requests.filter(
    (one) => span !== undefined && arrivedWithin(span, startMicros(one), secondsOf(one)),
  );
  return {
    ...toRun(kept, (span?.fromEpochMicros ?? 0) / 1e6),
    seconds: span === undefined ? 0 : (span.toEpochMicros - span.fromEpochMicros) / 1e6,
    totalSeconds: lastArrival(requests),
  };
}

/** @param fromSeconds when the measured part begins */
function toRun(
  requests: readonly SimulatedRequest[],
  fromSeconds: number,
): Omit<SteadyRun, "seconds" | "totalSeconds"> {
  const kept = requests.toSorted((a, b) => a.startSeconds - b.startSeconds);
  return {
    roundTripSeconds: Float64Array.from(kept, secondsOf),
    isSuccessful: Uint8Array.from(kept, (request) => Number(request.successful)),
    startSeconds: Float64Array.from(kept, (request) => request.startSeconds),
    arrivalSeconds: Float64Array.from(kept, (request) => arrivalOf(request) - fromSeconds),
  };
}

const arrivalOf = ({ startSeconds, roundTripSeconds }: SimulatedRequest) => startSeconds + roundTripSeconds;
const lastArrival = (requests: readonly SimulatedRequest[]) =>
  requests.reduce((end, one) => Math.max(end, arrivalOf(one)), 0);

const startMicros = ({ startSeconds }: SimulatedRequest) => startSeconds * 1e6;
const secondsOf = ({ roundTripSeconds }: SimulatedRequest) => roundTripSeconds;

/** Duration of one step of a wandering speed, s. */
const WANDER_STEP_SECONDS = 0.25;

function hostSpeed(
  { wander, slowPhases }: SimulatedFunction,
  ownSpeed: number,
  random: () => number,
  change: RunOptions["change"],
): HostSpeed {
  const parts: HostSpeed[] = [];
  if (wander !== undefined) parts.push(wandering(wander, random));
  if (slowPhases !== undefined) parts.push(phases(slowPhases, random));
  if (change !== undefined) parts.push(oneChange(change));
  const always = { factor: ownSpeed, untilSeconds: Number.POSITIVE_INFINITY };
  if (parts.length === 0) return () => always;
  return (atSeconds, inService) => {
    let { factor, untilSeconds } = always;
    for (const part of parts) {
      const now = part(atSeconds, inService);
      factor *= now.factor;
      untilSeconds = Math.min(untilSeconds, now.untilSeconds);
    }
    return { factor, untilSeconds };
  };
}

/** An Ornstein-Uhlenbeck process in discrete steps. */
function wandering({ deviation, memorySeconds }: Wander, random: () => number): HostSpeed {
  const kept = Math.exp(-WANDER_STEP_SECONDS / memorySeconds);
  const fresh = deviation * Math.sqrt(1 - kept ** 2);
  let level = deviation * drawNormal(random);
  let untilSeconds = WANDER_STEP_SECONDS;
  return (atSeconds) => {
    for (; untilSeconds <= atSeconds; untilSeconds += WANDER_STEP_SECONDS)
      level = kept * level + fresh * drawNormal(random);
    return { factor: Math.exp(level), untilSeconds };
  };
}

function phases({ factor, meanSeconds, meanPauseSeconds }: SlowPhases, random: () => number): HostSpeed {
  const draw = (mean: number) => drawExponential(random) * mean;
  let isSlow = random() < meanSeconds / (meanSeconds + meanPauseSeconds);
  let untilSeconds = draw(isSlow ? meanSeconds : meanPauseSeconds);
  return (atSeconds) => {
    while (untilSeconds <= atSeconds) {
      isSlow = !isSlow;
      untilSeconds += draw(isSlow ? meanSeconds : meanPauseSeconds);
    }
    return { factor: isSlow ? 1 / factor : 1, untilSeconds };
  };
}

const oneChange =
  ({ factor, atSeconds: changeSeconds }: NonNullable<RunOptions["change"]>): HostSpeed =>
  (atSeconds) =>
    atSeconds < changeSeconds
      ? { factor: 1, untilSeconds: changeSeconds }
      : { factor, untilSeconds: Number.POSITIVE_INFINITY };
