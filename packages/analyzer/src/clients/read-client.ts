import { Buffer } from "node:buffer";
import { parseReport, unfinishedIn } from "@slbench/client/report";
import { FrameTable } from "../columns/frame-table.ts";
import type { ReportedSample, Sample } from "../core/sample.ts";
import type { Warning } from "../core/warnings.ts";
import { ClientRun, type ClientTimes } from "./client-run.ts";

const NOTHING: ClientTimes = {
  sent: 0,
  answered: 0,
  roundTripSeconds: [],
  answeredRoundTripSeconds: [],
  handlerSeconds: [],
  mlSeconds: [],
};

/** The clients of one log; where not one of them has a report, a missing one is no crash. */
export function judgeClients(clients: readonly ClientRun[]): readonly ClientRun[] {
  if (clients.some((client) => client.hasReport)) return clients;
  return clients.map((client) =>
    failed(client.sample) ? client : readClientRun(client.sample, client.repetition),
  );
}

const failed = ({ responseCode }: Sample) => responseCode !== "0";

/**
 * Reads a sample of the OS Process Sampler; `success` alone is not believed. Its response data is not kept.
 * @param table takes the frames; one for many clients saves memory
 */
export function readClientRun(from: ReportedSample, repetition = 1, table = new FrameTable()): ClientRun {
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
    const { frames, plannedFrames, cutShort } = parsed.report;
    const unfinished = unfinishedIn(parsed.report.unfinished) ?? [];
    const { timeoutSeconds, thinkTimeSeconds, user } = parsed.report;
    const fields = {
      ...known,
      crashed,
      hasReport: true,
      timeoutSeconds,
      ...(typeof thinkTimeSeconds === "number" && { thinkTimeSeconds }),
      ...(user !== undefined && { user }),
      ...(frames.length < plannedFrames && {
        endedEarly: { plannedFrames, why: cutShort ?? "it does not say why", unfinished },
      }),
      warnings: crashWarning(from, crashed, frames.length),
      ...torn,
    };
    return ClientRun.ofFrames(fields, table.append(frames));
  }
  const { mlSeconds, handlerSeconds, roundTripSeconds } = parsed.blocks;
  const answeredFrames = Math.min(mlSeconds.length, roundTripSeconds.length);
  const allAnswered = answeredFrames === roundTripSeconds.length;
  const warnings = crashWarning(from, crashed, roundTripSeconds.length);
  return new ClientRun(
    { ...known, crashed, hasReport: true, warnings, ...torn },
    {
      sent: roundTripSeconds.length,
      answered: answeredFrames,
      roundTripSeconds,
      ...(allAnswered && { answeredRoundTripSeconds: roundTripSeconds }),
      handlerSeconds,
      mlSeconds,
    },
  );
}

/** One for all clients, of which there may be many. */
const NO_WARNINGS: readonly Warning[] = [];

function crashWarning(sample: ReportedSample, crashed: boolean, keptFrames?: number): readonly Warning[] {
  if (!crashed) return NO_WARNINGS;
  const kept =
    keptFrames === undefined
      ? "its frames are not in the figures"
      : `its ${keptFrames} finished frames are in the figures`;
  if (sample.responseCode === "") {
    return [
      {
        code: "CLIENT_LOST",
        message: `${sample.threadName} left no sample`,
        hint: `it was killed, or its slave was lost; ${kept}, ${sample.responseMessage}`,
      },
    ];
  }
  const ended =
    sample.responseCode === "0" ? "left no report" : `ended with return code ${sample.responseCode}`;
  const said = keptFrames === undefined ? lastLine(sample.responseData ?? "") : "";
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
