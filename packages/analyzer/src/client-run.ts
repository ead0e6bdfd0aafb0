import { Buffer } from "node:buffer";
import { parseReport } from "@slbench/client/report";
import { ReportedClient } from "./reported-client.ts";
import type { ReportedSample, Sample } from "./sample.ts";
import { type FrameList, FrameTable } from "./table/frame-table.ts";
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
  /** Frames with everything known of each; absent for reports of the older text form. */
  readonly frames?: FrameList;
  readonly sentFrames: number;
  readonly answeredFrames: number;
  /** One per sent frame. */
  readonly roundTripSeconds: readonly number[];
  /** One per answered frame, where it is known which those are. */
  readonly answeredRoundTripSeconds?: readonly number[];
  readonly handlerSeconds: readonly number[];
  readonly mlSeconds: readonly number[];
  /** How long it waited for an answer at most, where it says so. */
  readonly timeoutSeconds?: number;
  /** Who it says it is. */
  readonly user?: string;
  /** What of its report was cut off. */
  readonly torn?: readonly string[];
  readonly warnings: readonly Warning[];
}

/** A copy that differs in some fields. */
export function changed(
  client: ClientRun,
  changes: Pick<ClientRun, "repetition"> | Pick<ClientRun, "warnings">,
): ClientRun {
  return client instanceof ReportedClient ? client.changed(changes) : { ...client, ...changes };
}

const NOTHING = {
  hasReport: false,
  sentFrames: 0,
  answeredFrames: 0,
  roundTripSeconds: [],
  answeredRoundTripSeconds: [],
  handlerSeconds: [],
  mlSeconds: [],
};

/** The clients of one log; where not one of them has a report, a missing one is no crash. */
export function judgeClients(clients: readonly ClientRun[]): readonly ClientRun[] {
  if (clients.some((client) => client.hasReport)) return clients;
  return clients.map(({ sample, repetition }) => readClientRun(sample, repetition));
}

/**
 * Reads a sample of the OS Process Sampler; `success` alone is not believed. Its response data is not kept.
 * @param table takes the frames; one for many clients saves memory
 */
export function readClientRun(from: ReportedSample, repetition = 1, table = new FrameTable()): ClientRun {
  const { responseData, report, ...sample } = from;
  const failed = sample.responseCode !== "0";
  const known = { sample, repetition };
  if (report === undefined && responseData === undefined)
    return { ...known, crashed: failed, ...NOTHING, warnings: crashWarning(sample, failed) };
  const parsed =
    report === undefined ? parseReport(responseData ?? "") : { kind: "json" as const, report, problems: [] };
  if (parsed.kind === "none")
    return { ...known, crashed: true, ...NOTHING, warnings: crashWarning(from, true) };
  const torn = parsed.problems.length > 0 ? { torn: parsed.problems } : {};
  if (parsed.kind === "json") {
    const { frames, timeoutSeconds, user } = parsed.report;
    return new ReportedClient(table.append(frames), {
      ...known,
      crashed: failed,
      timeoutSeconds,
      ...(user !== undefined && { user }),
      warnings: crashWarning(sample, failed, frames.length),
      ...torn,
    });
  }
  const { mlSeconds, handlerSeconds, roundTripSeconds } = parsed.blocks;
  const answeredFrames = Math.min(mlSeconds.length, roundTripSeconds.length);
  const allAnswered = answeredFrames === roundTripSeconds.length;
  return {
    ...known,
    crashed: failed,
    hasReport: true,
    sentFrames: roundTripSeconds.length,
    answeredFrames,
    roundTripSeconds,
    ...(allAnswered && { answeredRoundTripSeconds: roundTripSeconds }),
    handlerSeconds,
    mlSeconds,
    warnings: crashWarning(from, failed, roundTripSeconds.length),
    ...torn,
  };
}

/** One for all clients, of which there may be many. */
const NO_WARNINGS: readonly Warning[] = [];

function crashWarning(sample: Sample, crashed: boolean, keptFrames?: number): readonly Warning[] {
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
        hint: `its slave was lost; ${kept}, ${sample.responseMessage}`,
      },
    ];
  }
  const ended =
    sample.responseCode === "0" ? "left no report" : `ended with return code ${sample.responseCode}`;
  const said = keptFrames === undefined ? lastLine(sample.responseData ?? "") : "";
  const output =
    sample.responseData === undefined
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
  const last = (lines[lines.length - 1] ?? "").trim().slice(0, 160);
  return Buffer.from(last).toString(); // a copy: the slice would keep all of the output in memory
}
