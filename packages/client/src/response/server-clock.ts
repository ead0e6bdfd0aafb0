import type { RequestResult } from "../report/report.ts";

/** The two bounds that a response's headers put on a request, on the clock of the function's gateway. */
export type ServerClock = Pick<RequestResult, "sentBeforeEpochMicros" | "answeredAfterEpochMicros">;

/** Gateways may cut X-Start-Time to whole milliseconds. */
const START_TIME_RESOLUTION_MICROS = 1_000;
/** `Date` counts whole seconds. */
const DATE_RESOLUTION_MICROS = 1_000_000;

/**
 * When a request was sent and answered by the gateway's clock: from OpenFaaS's X-Start-Time (nanoseconds) and
 * X-Duration-Seconds, otherwise from `Date`. The analyzer compares them with the client's clock
 * (docs/decisions/clocks.md).
 */
export function readServerClock(header: (name: string) => string | undefined): ServerClock | undefined {
  const startMicros = Number(header("x-start-time") ?? Number.NaN) / 1000;
  if (startMicros > 0 && Number.isSafeInteger(Math.round(startMicros))) {
    const seconds = Number(header("x-duration-seconds") ?? 0);
    return bounds(startMicros + START_TIME_RESOLUTION_MICROS, startMicros + Math.max(0, seconds || 0) * 1e6);
  }
  const dateMicros = Date.parse(header("date") ?? "") * 1000;
  return Number.isNaN(dateMicros) ? undefined : bounds(dateMicros + DATE_RESOLUTION_MICROS, dateMicros);
}

function bounds(sentBefore: number, answeredAfter: number): ServerClock {
  return {
    sentBeforeEpochMicros: Math.round(sentBefore),
    answeredAfterEpochMicros: Math.round(answeredAfter),
  };
}
