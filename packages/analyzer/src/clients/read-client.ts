import { Buffer } from "node:buffer";
import { parseReport, unfinishedIn } from "@slbench/client/report";
import { RequestTable } from "../columns/request-table.ts";
import type { ReportedSample, Sample } from "../core/sample.ts";
import { clientCrashed, clientLost } from "../core/warning-catalogue.ts";
import type { Warning } from "../core/warnings.ts";
import { ClientRun, type ClientTimes } from "./client-run.ts";

const NOTHING: ClientTimes = {
  sent: 0,
  successful: 0,
  roundTripSeconds: [],
  successfulRoundTripSeconds: [],
  handlerSeconds: [],
  mlSeconds: [],
};

/** The clients of one log; a missing report is a crash only if other clients have one. */
export function checkClients(clients: readonly ClientRun[]): readonly ClientRun[] {
  if (clients.some((client) => client.hasReport)) return clients;
  return clients.map((client) =>
    failed(client.sample) ? client : readClientRun(client.sample, client.repetition),
  );
}

const failed = ({ responseCode }: Sample) => responseCode !== "0";

/**
 * Reads a sample of the OS Process Sampler by its return code, whatever `success` says. Response data is not kept.
 * @param table takes the requests; one for many clients saves memory
 */
export function readClientRun(from: ReportedSample, repetition = 1, table = new RequestTable()): ClientRun {
  const { responseData, report, ...sample } = from;
  const crashed = failed(sample);
  const known = { sample, repetition };
  if (report === undefined && responseData === undefined) {
    const warnings = crashWarnings(from, crashed);
    return new ClientRun({ ...known, crashed, hasReport: false, warnings }, NOTHING);
  }
  const parsed =
    report === undefined ? parseReport(responseData ?? "") : { kind: "json" as const, report, problems: [] };
  if (parsed.kind === "none") {
    const warnings = crashWarnings(from, true);
    return new ClientRun(
      { ...known, crashed: true, hasReport: false, printedNoReport: true, warnings },
      NOTHING,
    );
  }
  const torn = parsed.problems.length > 0 ? { torn: parsed.problems } : {};
  if (parsed.kind === "json") {
    const { requests, plannedRequests, cutShort } = parsed.report;
    const unfinished = unfinishedIn(parsed.report.unfinished) ?? [];
    const { timeoutSeconds, thinkTimeSeconds, user, unitsName } = parsed.report;
    const fields = {
      ...known,
      crashed,
      hasReport: true,
      timeoutSeconds,
      ...(typeof thinkTimeSeconds === "number" && { thinkTimeSeconds }),
      ...(user !== undefined && { user }),
      ...(typeof unitsName === "string" && { unitsName }),
      ...(requests.length < plannedRequests && {
        endedEarly: { plannedRequests, why: cutShort ?? "no reason reported", unfinished },
      }),
      warnings: crashWarnings(from, crashed, requests.length),
      ...torn,
    };
    return ClientRun.ofRequests(fields, table.append(requests));
  }
  const { mlSeconds, handlerSeconds, roundTripSeconds } = parsed.blocks;
  const successfulRequests = Math.min(mlSeconds.length, roundTripSeconds.length);
  const allSuccessful = successfulRequests === roundTripSeconds.length;
  const warnings = crashWarnings(from, crashed, roundTripSeconds.length);
  return new ClientRun(
    { ...known, crashed, hasReport: true, warnings, ...torn },
    {
      sent: roundTripSeconds.length,
      successful: successfulRequests,
      roundTripSeconds,
      ...(allSuccessful && { successfulRoundTripSeconds: roundTripSeconds }),
      handlerSeconds,
      mlSeconds,
    },
  );
}

/** Shared: there may be very many clients. */
const NO_WARNINGS: readonly Warning[] = [];

function crashWarnings(sample: ReportedSample, crashed: boolean, keptRequests?: number): readonly Warning[] {
  if (!crashed) return NO_WARNINGS;
  const { threadName, responseCode, responseMessage, responseData, report, success } = sample;
  if (responseCode === "") return [clientLost(threadName, keptRequests, responseMessage)];
  return [
    clientCrashed({
      ...{ client: threadName, returnCode: responseCode, keptRequests, isRecordedAsSuccess: success },
      lastLine: keptRequests === undefined ? lastLine(responseData ?? "") : "",
      isOutputSaved: responseData !== undefined || report !== undefined,
    }),
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
