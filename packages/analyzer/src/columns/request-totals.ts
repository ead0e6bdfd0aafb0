import type { RequestResult } from "@slbench/client/report";
import { offsetFromServer } from "../stats/clock-offset.ts";
import type { Interval } from "../stats/interval.ts";

/** Totals of a client's requests for figures without a column of their own; sums in seconds, see TimeParts. */
export interface RequestTotals {
  readonly successful: number;
  /** Successful requests whose parts are known: the sums are over these. */
  readonly split: number;
  readonly ml: number;
  readonly handlerRest: number;
  readonly gateway: number;
  readonly network: number;
  readonly client: number;
  /** Between two requests, wall clock against monotonic one: the largest difference, below 0 if it was set back. */
  readonly clockStepSeconds: number;
  /** The client's clock minus that of the function's gateway; absent if responses do not tell. */
  readonly serverOffset?: Interval;
}

export function totalRequests(requests: readonly RequestResult[]): RequestTotals {
  const totals = { successful: 0, split: 0, ml: 0, handlerRest: 0, gateway: 0, network: 0, client: 0 };
  for (const request of requests) {
    if (request.outcome !== "ok") continue;
    totals.successful++;
    const ml = numberOf(request.mlSeconds);
    const handler = numberOf(request.handlerSeconds);
    // Clocks tick in microseconds: a wait may seem a few shorter than the handler.
    const waited = Math.max(numberOf(request.waitSeconds), handler);
    if (Number.isNaN(ml + waited)) continue;
    const { connectSeconds, sendSeconds, receiveSeconds } = request;
    const onWire =
      (numberOf(connectSeconds) || 0) + (numberOf(sendSeconds) || 0) + (numberOf(receiveSeconds) || 0);
    totals.split++;
    totals.ml += ml;
    totals.handlerRest += handler - ml;
    totals.gateway += waited - handler;
    totals.network += onWire;
    totals.client += numberOf(request.roundTripSeconds) - waited - onWire;
  }
  const serverOffset = offsetFromServer(requests);
  return {
    ...totals,
    clockStepSeconds: largestClockStep(requests),
    ...(serverOffset !== undefined && { serverOffset }),
  };
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
