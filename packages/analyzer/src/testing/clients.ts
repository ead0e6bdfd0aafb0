import type { ReportHead, RequestResult } from "@slbench/client/report";
import type { ClientRun } from "../clients/client-run.ts";
import { readClientRun } from "../clients/read-client.ts";
import { clientReport } from "./client-report.ts";

const START_MICROS = 1_700_000_000_000_000;

export interface TestClient {
  readonly user?: string;
  readonly repetition?: number;
  readonly startSeconds?: number;
  readonly thinkSeconds?: number;
  /** Round trip of each request; negative: it failed after that time. */
  readonly roundTrips: readonly number[];
  /** Fields of the report besides its requests. */
  readonly head?: Partial<ReportHead>;
  /** Changes one request's fields. */
  readonly change?: (request: RequestResult) => RequestResult;
}

/** For tests: a client as read from its report, request after request with a pause between. */
export function testClient({
  user = "w1-u1",
  repetition = 1,
  startSeconds = 0,
  thinkSeconds = 1,
  roundTrips,
  head,
  change = (request) => request,
}: TestClient): ClientRun {
  let at = startSeconds;
  const requests = roundTrips.map((signed, index) => {
    const roundTripSeconds = Math.abs(signed);
    const request: RequestResult = {
      sequence: index + 1,
      payload: `${(index % 3) + 1}.jpg`,
      startEpochMicros: START_MICROS + Math.round(at * 1e6),
      startMonotonicSeconds: at,
      roundTripSeconds,
      connectSeconds: 0.001,
      sendSeconds: 0.002,
      waitSeconds: roundTripSeconds - 0.01,
      receiveSeconds: 0.003,
      sentBytes: 1000,
      ...(signed > 0
        ? {
            outcome: "ok",
            status: 200,
            handlerSeconds: roundTripSeconds / 2,
            mlSeconds: roundTripSeconds / 4,
            coldStart: index === 0,
            faces: 1,
          }
        : { outcome: "timeout", message: 'no answer, "none", in time' }),
    };
    at += roundTripSeconds + thinkSeconds;
    return change(request);
  });
  const report = clientReport(requests, {
    user,
    thinkTimeSeconds: thinkSeconds,
    startedEpochMicros: START_MICROS,
    endedEpochMicros: START_MICROS + 1,
    ...head,
  });
  return readClientRun(
    {
      timeStampMs: START_MICROS / 1000,
      elapsedMs: 1000,
      label: "client",
      responseCode: "0",
      responseMessage: "OK",
      threadName: `127.0.0.1-Users 1-${user.slice(4)}`,
      success: true,
      sizeBytes: 1,
      responseData: JSON.stringify(report),
    },
    repetition,
  );
}

/** Several clients of one worker. */
export const clientsOf = (...clients: readonly TestClient[]) =>
  clients.map((client, index) => testClient({ user: `w1-u${index + 1}`, ...client }));
