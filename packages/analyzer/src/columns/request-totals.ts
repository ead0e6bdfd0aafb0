import type { RequestResult } from "@slbench/client/report";
import { findRejection, type Rejection } from "../core/rejection.ts";
import { offsetFromServer } from "../stats/clock-offset.ts";
import type { Interval } from "../stats/interval.ts";

/** What a client's requests say as a whole; it holds for each part of them too. */
export interface RequestFacts {
  /** Between two requests, wall clock against monotonic one: the largest difference, below 0 if it was set back. */
  readonly clockStepSeconds: number;
  /** The client's clock minus that of the function's gateway; absent if responses do not tell. */
  readonly serverOffset?: Interval;
  /** Why every request was rejected, if there was a single reason. */
  readonly rejection?: Rejection;
}

/** Which of its own times a function reports in a response. */
export const REPORTED_TIMES = ["both", "handler", "ml", "neither"] as const;
export type ReportedTimes = (typeof REPORTED_TIMES)[number];

/** Sums in seconds over successful requests whose parts are known; see TimeParts. */
export interface PartSums {
  /** How many those are. */
  readonly split: number;
  readonly ml: number;
  readonly handlerRest: number;
  readonly gateway: number;
  readonly network: number;
  readonly client: number;
}

/** Apart, since a sum over requests that report different times has parts that mean different things. */
export type PartSumsByReport = Readonly<Record<ReportedTimes, PartSums>>;

/** Seconds of one request; NaN: absent. */
export interface RequestSeconds {
  readonly roundTripSeconds: number;
  readonly connectSeconds: number;
  readonly sendSeconds: number;
  readonly waitSeconds: number;
  readonly receiveSeconds: number;
  readonly handlerSeconds: number;
  readonly mlSeconds: number;
}

export function factsOf(requests: readonly RequestResult[]): RequestFacts {
  const serverOffset = offsetFromServer(requests);
  const rejection = findRejection(requests);
  return {
    clockStepSeconds: largestClockStep(requests),
    ...(serverOffset !== undefined && { serverOffset }),
    ...(rejection !== undefined && { rejection }),
  };
}

/** @param successful the requests that succeeded */
export function sumParts(successful: Iterable<RequestSeconds>): PartSumsByReport {
  const none = () => ({ split: 0, ml: 0, handlerRest: 0, gateway: 0, network: 0, client: 0 });
  const byReport = { both: none(), handler: none(), ml: none(), neither: none() };
  for (const request of successful) {
    const { connectSeconds, sendSeconds, receiveSeconds } = request;
    if (Number.isNaN(request.waitSeconds)) continue;
    const sums = byReport[reportedTimes(request)];
    const ml = request.mlSeconds || 0;
    const handler = Math.max(request.handlerSeconds || 0, ml);
    // Clocks tick in microseconds: a wait may seem a few shorter than the handler.
    const waited = Math.max(request.waitSeconds, handler);
    const onWire = (connectSeconds || 0) + (sendSeconds || 0) + (receiveSeconds || 0);
    sums.split++;
    sums.ml += ml;
    sums.handlerRest += handler - ml;
    sums.gateway += waited - handler;
    sums.network += onWire;
    sums.client += request.roundTripSeconds - waited - onWire;
  }
  return byReport;
}

function reportedTimes({ mlSeconds, handlerSeconds }: RequestSeconds): ReportedTimes {
  if (Number.isNaN(mlSeconds)) return Number.isNaN(handlerSeconds) ? "neither" : "handler";
  return Number.isNaN(handlerSeconds) ? "ml" : "both";
}

function largestClockStep(requests: readonly RequestResult[]): number {
  let largest = 0;
  for (let index = 1; index < requests.length; index++) {
    const [one, next] = [requests[index - 1], requests[index]] as [RequestResult, RequestResult];
    const wall = (numberOf(next.startEpochMicros) - numberOf(one.startEpochMicros)) / 1e6;
    const step = wall - (numberOf(next.startMonotonicSeconds) - numberOf(one.startMonotonicSeconds));
    if (Math.abs(step) > Math.abs(largest)) largest = step;
  }
  return largest;
}

/** NaN for a value of another type, which is taken for absent. */
export function numberOf(value: unknown): number {
  return typeof value === "number" ? value : Number.NaN;
}
