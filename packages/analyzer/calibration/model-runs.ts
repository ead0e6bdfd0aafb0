import {
  activeSpan,
  arrivedWithin,
  commonSpan,
  envelope,
  responseSpan,
  spanSeconds,
} from "../src/core/time-span.ts";
import type { ModelCell } from "../src/queueing/index.ts";
import { drawArrivals } from "../src/queueing/station/open-run.ts";
import { loss } from "../src/queueing/station/parameters.ts";
import { type HostSpeed, type SimulatedRequest, simulate } from "../src/queueing/station/simulate.ts";
import { drawNormal } from "../src/stats/draw-normal.ts";
import { quantileOfUnsorted } from "../src/stats/quantile.ts";
import { createRandom } from "../src/stats/random.ts";
import type { HostCpu, ModelHost } from "./model-hosts.ts";
import { mixSeed } from "./seeds.ts";

/** The experiment: that of the published runs. */
export const REQUESTS_PER_USER = 37;
export const START_RATE = 0.25;
export const LIMIT_SECONDS = 25;
/** Standard deviation of the logarithm of the host's speed from run to run. */
export const RUN_DEVIATION = 0.015;
/** As clients/steady-part.ts. */
const MIN_RESPONSES_PER_USER = 2;

export interface Load {
  readonly users: number;
  readonly thinkTimeSeconds: number;
}

/** Users 1 to 9, 12 and 18, think times 0, 1 and 5 s. */
export const LOADS: readonly Load[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 18].flatMap((users) =>
  [0, 1, 5].map((thinkTimeSeconds) => ({ users, thinkTimeSeconds })),
);

/** The figures of one run. */
export interface RunFigures {
  readonly mean: number;
  readonly success: number;
}

/** The measured part of a run: the steady part if it has one, otherwise the whole run. */
interface MeasuredRun {
  readonly byUser: readonly (readonly SimulatedRequest[])[];
  /** Also outside the measured part. */
  readonly whole: readonly (readonly SimulatedRequest[])[];
  readonly isSteady: boolean;
  readonly meanActiveUsers?: number;
}

const startMicros = ({ startSeconds }: SimulatedRequest) => startSeconds * 1e6;
const secondsOf = ({ roundTripSeconds }: SimulatedRequest) => roundTripSeconds;

/** The host in one run: as fast as that run has it. */
function hostOfRun(host: ModelHost, seed: number) {
  const speed = Math.exp(RUN_DEVIATION * drawNormal(createRandom(seed)));
  const own: HostSpeed =
    host.hostSpeed?.() ?? (() => ({ factor: 1, untilSeconds: Number.POSITIVE_INFINITY }));
  return {
    limitSeconds: LIMIT_SECONDS,
    timeoutBehaviour: host.timeoutBehaviour,
    hostSpeed: (atSeconds: number, inService: number) => {
      const { factor, untilSeconds } = own(atSeconds, inService);
      return { factor: speed * factor, untilSeconds };
    },
    seed: mixSeed(seed, 1),
  };
}

/** Simulates one run and selects its measured part as the analyzer does. */
function measureRun(host: ModelHost, load: Load, seed: number): MeasuredRun {
  const requests = simulate(host.parameters, {
    ...load,
    ...hostOfRun(host, seed),
    requestsPerUser: REQUESTS_PER_USER,
    startRatePerSecond: START_RATE,
  });
  const byUser = Array.from({ length: load.users }, (_, user) => requests.filter((one) => one.user === user));
  const span = commonSpan(byUser.map((one) => responseSpan(one.map(startMicros), one.map(secondsOf))));
  const steady = byUser.map((one) =>
    one.filter(
      (request) => span !== undefined && arrivedWithin(span, startMicros(request), secondsOf(request)),
    ),
  );
  if (steady.flat().length >= MIN_RESPONSES_PER_USER * load.users)
    return { byUser: steady, whole: byUser, isSteady: true };
  const spans = byUser.flatMap((one) => activeSpan(one.map(startMicros), one.map(secondsOf)) ?? []);
  const whole = envelope(spans);
  const meanActiveUsers =
    whole === undefined
      ? load.users
      : spans.reduce((sum, one) => sum + spanSeconds(one), 0) / spanSeconds(whole);
  return { byUser, whole: byUser, isSteady: false, meanActiveUsers };
}

/** One run as the model reads it. */
export function measureCell(host: ModelHost, load: Load, seed: number): ModelCell {
  const { byUser, whole, isSteady, meanActiveUsers } = measureRun(host, load, seed);
  const functionCpu = host.cpu && measureCpu(host, host.cpu, whole, mixSeed(seed, 2));
  return {
    ...load,
    isSteady,
    ...(meanActiveUsers !== undefined && { meanActiveUsers }),
    ...(functionCpu !== undefined && { functionCpu }),
    timeoutSeconds: LIMIT_SECONDS,
    requestsPerUser: REQUESTS_PER_USER,
    startRatePerSecond: START_RATE,
    clients: byUser.map((own, user) => ({
      roundTripSeconds: own.map(secondsOf),
      successfulRequests: own.filter(({ successful }) => successful).length,
      successful: own.map(({ successful }) => successful),
      trace: (whole[user] ?? []).map(({ startSeconds, roundTripSeconds, successful, isCold = false }) => ({
        ...{ startSeconds, roundTripSeconds, successful },
        ...(host.reportsColdStarts && { isCold }),
      })),
      ...(host.hasPayloads && { kinds: own.map(({ units }) => (units === 1 ? "large.jpg" : "small.jpg")) }),
      ...(host.reports && { reportedSeconds: { [host.reports.name]: meanReported(own, host) } }),
      measuredFrom: whole[user]?.indexOf(own[0] as SimulatedRequest) ?? 0,
      ...(host.handlerShare !== undefined && {
        handlerSeconds: own.map((request) => (host.handlerShare ?? 1) * secondsOf(request)),
      }),
    })),
  };
}

/** The mean time at the station that responses report. */
function meanReported(
  requests: readonly SimulatedRequest[],
  { reports, parameters: { delaySeconds } }: ModelHost,
): number {
  const seconds = requests.map(({ roundTripSeconds, otherSeconds = 0 }) =>
    reports?.station === "other" ? otherSeconds : roundTripSeconds - otherSeconds - delaySeconds,
  );
  return seconds.reduce((sum, one) => sum + one, 0) / seconds.length;
}

/** Standard deviation of the logarithm of the processor time per request from run to run. */
const CPU_DEVIATION = 0.02;

/** The processor time per request of a run, as slbench records it. */
function measureCpu(
  { parameters }: ModelHost,
  { cores, secondsPerRequest, growsWithContention }: HostCpu,
  whole: MeasuredRun["whole"],
  seed: number,
): ModelCell["functionCpu"] {
  const requests = whole.flat();
  const ends = requests.map((one) => one.startSeconds + one.roundTripSeconds);
  const together = requests.reduce((sum, one) => sum + one.roundTripSeconds, 0) / Math.max(...ends);
  const growth = growsWithContention ? loss(parameters, together) : 1;
  const error = Math.exp(CPU_DEVIATION * drawNormal(createRandom(seed)));
  return { cores, secondsPerRequest: secondsPerRequest * growth * error };
}

/** The figures of many runs of a condition. */
export function manyRuns(host: ModelHost, load: Load, runs: number, seed: number): readonly RunFigures[] {
  return Array.from({ length: runs }, (_, run) =>
    figuresOf(measureRun(host, load, mixSeed(seed, run)).byUser.flat()),
  );
}

/** The arrivals of an open loop. */
export type OpenArrivals = Omit<Parameters<typeof drawArrivals>[0], "seed">;

/** What one run of an open loop shows. */
export interface OpenRunFigures extends RunFigures {
  readonly p95: number;
}

/** The figures of many runs of an open loop, each from an idle host on. */
export function openRuns(
  host: ModelHost,
  arrivals: OpenArrivals,
  runs: number,
  seed: number,
): readonly OpenRunFigures[] {
  return Array.from({ length: runs }, (_, run) => {
    const startSeconds = drawArrivals({ ...arrivals, seed: mixSeed(seed, run, 1) });
    const requests = simulate(host.parameters, {
      ...hostOfRun(host, mixSeed(seed, run)),
      ...{ users: startSeconds.length, requestsPerUser: 1, thinkTimeSeconds: 0 },
      ...{ startSeconds, startRatePerSecond: 1 },
    });
    const roundTrips = requests.map(({ roundTripSeconds }) => roundTripSeconds);
    return { ...figuresOf(requests), p95: quantileOfUnsorted(roundTrips, 0.95) };
  });
}

const figuresOf = (requests: readonly SimulatedRequest[]): RunFigures => ({
  mean: requests.reduce((sum, one) => sum + one.roundTripSeconds, 0) / requests.length,
  success: requests.filter(({ successful }) => successful).length / requests.length,
});
