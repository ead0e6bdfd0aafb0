import { Buffer } from "node:buffer";
import { parseReport, unfinishedIn } from "@slbench/client/report";
import { RequestTable } from "../columns/request-table.ts";
import type { ReportedSample, Sample } from "../core/sample.ts";
import type { Warning } from "../core/warnings.ts";
import { ClientRun, type ClientTimes } from "./client-run.ts";

const NOTHING: ClientTimes = {
  sent: 0,
  answered: 0,
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
  if (report === undefined && responseData === undefined) {
    const warnings = crashWarning(from, crashed);
    return new ClientRun({ ...known, crashed, hasReport: false, warnings }, NOTHING);
  }
  const parsed =
    report === undefined ? parseReport(responseData ?? "") : { kind: "json" as const, report, problems: [] };
  if (parsed.kind === "none") {
    const warnings = crashWarning(from, true);
    return new ClientRun(
      { ...known, crashed: true, hasReport: false, saidNoReport: true, warnings },
      NOTHING,
    );
  }
  const torn = parsed.problems.length > 0 ? { torn: parsed.problems } : {};
  if (parsed.kind === "json") {
    const { requests, plannedRequests, cutShort } = parsed.report;
    const unfinished = unfinishedIn(parsed.report.unfinished) ?? [];
    const { timeoutSeconds, thinkTimeSeconds, user } = parsed.report;
    const fields = {
      ...known,
      crashed,
      hasReport: true,
      timeoutSeconds,
      ...(typeof thinkTimeSeconds === "number" && { thinkTimeSeconds }),
      ...(user !== undefined && { user }),
      ...(requests.length < plannedRequests && {
        endedEarly: { plannedRequests, why: cutShort ?? "it does not say why", unfinished },
      }),
      warnings: crashWarning(from, crashed, requests.length),
      ...torn,
    };
    return ClientRun.ofRequests(fields, table.append(requests));
  }
  const { mlSeconds, handlerSeconds, roundTripSeconds } = parsed.blocks;
  const successfulRequests = Math.min(mlSeconds.length, roundTripSeconds.length);
  const allAnswered = successfulRequests === roundTripSeconds.length;
  const warnings = crashWarning(from, crashed, roundTripSeconds.length);
  return new ClientRun(
    { ...known, crashed, hasReport: true, warnings, ...torn },
    {
      sent: roundTripSeconds.length,
      answered: successfulRequests,
      roundTripSeconds,
      ...(allAnswered && { successfulRoundTripSeconds: roundTripSeconds }),
      handlerSeconds,
      mlSeconds,
    },
  );
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
