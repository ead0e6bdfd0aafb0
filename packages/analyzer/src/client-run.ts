import { Buffer } from "node:buffer";
import { parseReport, type UnfinishedRequest, unfinishedIn } from "@slbench/client/report";
import { ReportedClient } from "./reported-client.ts";
import type { ReportedSample, Sample } from "./sample.ts";
import { type RequestList, RequestTable } from "./table/request-table.ts";
import type { Warning } from "./warnings.ts";

/**
 * One client process: its sample and what its report says. Times in seconds.
 * Lists of times may be made anew each time they are asked for; copy a client with `changed()`, as `{ ...client }`
 * has no such lists.
 */
export interface ClientRun {
  readonly sample: Sample;
  /** Which run of the condition it belongs to, from 1 on. */
  readonly repetition: number;
  /** Return code other than 0, or no report although there was response data. */
  readonly crashed: boolean;
  /** Whether the response data held a client's report, new or old. */
  readonly hasReport: boolean;
  /** Requests with everything known of each; absent for reports of the older text form. */
  readonly requests?: RequestList;
  readonly sentRequests: number;
  readonly successfulRequests: number;
  /** One per sent request. */
  readonly roundTripSeconds: readonly number[];
  /** One per answered request, where it is known which those are. */
  readonly successfulRoundTripSeconds?: readonly number[];
  readonly handlerSeconds: readonly number[];
  readonly mlSeconds: readonly number[];
  /** How long it waited for an answer at most, where it says so. */
  readonly timeoutSeconds?: number;
  /** Who it says it is. */
  readonly user?: string;
  /** The think time that it kept, in seconds, where it says so; the mean of drawn ones. */
  readonly thinkTimeSeconds?: number;
  /** What of its report was cut off. */
  readonly torn?: readonly string[];
  /** It reported fewer requests than it was to send. */
  readonly endedEarly?: EarlyEnd;
  /** It printed something, and no report. */
  readonly saidNoReport?: true;
  readonly warnings: readonly Warning[];
}

/** A client that did not send all its requests, and why. */
export interface EarlyEnd {
  readonly plannedRequests: number;
  readonly why: string;
  /** Requests that it had sent and that were not answered yet. */
  readonly unfinished: readonly UnfinishedRequest[];
}

/** A copy that differs in some fields. */
export function changed(
  client: ClientRun,
  changes: Pick<ClientRun, "repetition"> | Pick<ClientRun, "warnings"> | Pick<ClientRun, "torn">,
): ClientRun {
  return client instanceof ReportedClient ? client.changed(changes) : { ...client, ...changes };
}

/** A copy whose requests began later. @param seconds NaN: when they began is not known */
export function shiftClient(client: ClientRun, seconds: number): ClientRun {
  if (!(client instanceof ReportedClient)) return client; // the older text form has no times
  return client.changed({}, client.requests.shifted(Math.round(seconds * 1e6)));
}

const NOTHING = {
  hasReport: false,
  sentRequests: 0,
  successfulRequests: 0,
  roundTripSeconds: [],
  successfulRoundTripSeconds: [],
  handlerSeconds: [],
  mlSeconds: [],
};

/** The clients of one log; where not one of them has a report, a missing one is no crash. */
export function checkClients(clients: readonly ClientRun[]): readonly ClientRun[] {
  if (clients.some((client) => client.hasReport)) return clients;
  return clients.map((client) =>
    failed(client.sample) ? client : readClientRun(client.sample, client.repetition),
  );
}

const failed = ({ responseCode }: Sample) => responseCode !== "0";

/**
 * Reads a sample of the OS Process Sampler; `success` alone is not believed. Its response data is not kept.
 * @param table takes the requests; one for many clients saves memory
 */
export function readClientRun(from: ReportedSample, repetition = 1, table = new RequestTable()): ClientRun {
  const { responseData, report, ...sample } = from;
  const crashed = failed(sample);
  const known = { sample, repetition };
  if (report === undefined && responseData === undefined)
    return { ...known, crashed, ...NOTHING, warnings: crashWarning(from, crashed) };
  const parsed =
    report === undefined ? parseReport(responseData ?? "") : { kind: "json" as const, report, problems: [] };
  if (parsed.kind === "none")
    return { ...known, crashed: true, ...NOTHING, saidNoReport: true, warnings: crashWarning(from, true) };
  const torn = parsed.problems.length > 0 ? { torn: parsed.problems } : {};
  if (parsed.kind === "json") {
    const { requests, plannedRequests, cutShort } = parsed.report;
    const unfinished = unfinishedIn(parsed.report.unfinished) ?? [];
    const { timeoutSeconds, thinkTimeSeconds, user } = parsed.report;
    return new ReportedClient(table.append(requests), {
      ...known,
      crashed,
      timeoutSeconds,
      ...(typeof thinkTimeSeconds === "number" && { thinkTimeSeconds }),
      ...(user !== undefined && { user }),
      ...(requests.length < plannedRequests && {
        endedEarly: { plannedRequests, why: cutShort ?? "it does not say why", unfinished },
      }),
      warnings: crashWarning(from, crashed, requests.length),
      ...torn,
    });
  }
  const { mlSeconds, handlerSeconds, roundTripSeconds } = parsed.blocks;
  const successfulRequests = Math.min(mlSeconds.length, roundTripSeconds.length);
  const allAnswered = successfulRequests === roundTripSeconds.length;
  return {
    ...known,
    crashed,
    hasReport: true,
    sentRequests: roundTripSeconds.length,
    successfulRequests,
    roundTripSeconds,
    ...(allAnswered && { successfulRoundTripSeconds: roundTripSeconds }),
    handlerSeconds,
    mlSeconds,
    warnings: crashWarning(from, crashed, roundTripSeconds.length),
    ...torn,
  };
}

/** One for all clients, of which there may be many. */
const NO_WARNINGS: readonly Warning[] = [];

function crashWarning(sample: ReportedSample, crashed: boolean, keptRequests?: number): readonly Warning[] {
  if (!crashed) return NO_WARNINGS;
  const kept =
    keptRequests === undefined
      ? "its requests are not in the figures"
      : `its ${keptRequests} finished requests are in the figures`;
  if (sample.responseCode === "") {
    return [
      {
        code: "CLIENT_LOST",
        message: `${sample.threadName} left no sample`,
        hint: `it was killed, or its worker was lost; ${kept}, ${sample.responseMessage}`,
      },
    ];
  }
  const ended =
    sample.responseCode === "0" ? "left no report" : `ended with return code ${sample.responseCode}`;
  const said = keptRequests === undefined ? lastLine(sample.responseData ?? "") : "";
  const output =
    sample.responseData === undefined && sample.report === undefined
      ? "what it said is not in this log: JMeter keeps response data in XML logs only"
      : "what it said is the response data of its sample in the XML log";
  const recorded = sample.success ? "; JMeter recorded it as a success" : "";
  return [
    {
      code: "CLIENT_CRASHED",
      message: `${sample.threadName} ${ended}${said === "" ? "" : `: ${said}`}${recorded}`,
      hint: `${kept}; ${output}`,
    },
  ];
}

function lastLine(text: string): string {
  const lines = text.trim().split("\n");
  // Colours and the like would reach the terminal.
  const last = (lines[lines.length - 1] ?? "")
    .replaceAll(/\p{Cc}+/gu, "")
    .trim()
    .slice(0, 160);
  return Buffer.from(last).toString(); // a copy: the slice would keep all of the output in memory
}
