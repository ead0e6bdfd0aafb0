import { Buffer } from "node:buffer";
import { parseReport, type UnfinishedFrame, unfinishedIn } from "@slbench/client/report";
import { type FrameList, FrameTable } from "../columns/frame-table.ts";
import type { ReportedSample, Sample } from "../core/sample.ts";
import type { Warning } from "../core/warnings.ts";
import { ReportedClient } from "./reported-client.ts";

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
  /** The think time that it kept, in seconds, where it says so; the mean of drawn ones. */
  readonly thinkTimeSeconds?: number;
  /** What of its report was cut off. */
  readonly torn?: readonly string[];
  /** It reported fewer frames than it was to send. */
  readonly endedEarly?: EarlyEnd;
  /** It printed something, and no report. */
  readonly saidNoReport?: true;
  readonly warnings: readonly Warning[];
}

/** A client that did not send all its frames, and why. */
export interface EarlyEnd {
  readonly plannedFrames: number;
  readonly why: string;
  /** Frames that it had sent and that were not answered yet. */
  readonly unfinished: readonly UnfinishedFrame[];
}

/** A copy that differs in some fields. */
export function changed(
  client: ClientRun,
  changes: Pick<ClientRun, "repetition"> | Pick<ClientRun, "warnings"> | Pick<ClientRun, "torn">,
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
  if (report === undefined && responseData === undefined)
    return { ...known, crashed, ...NOTHING, warnings: crashWarning(from, crashed) };
  const parsed =
    report === undefined ? parseReport(responseData ?? "") : { kind: "json" as const, report, problems: [] };
  if (parsed.kind === "none")
    return { ...known, crashed: true, ...NOTHING, saidNoReport: true, warnings: crashWarning(from, true) };
  const torn = parsed.problems.length > 0 ? { torn: parsed.problems } : {};
  if (parsed.kind === "json") {
    const { frames, plannedFrames, cutShort } = parsed.report;
    const unfinished = unfinishedIn(parsed.report.unfinished) ?? [];
    const { timeoutSeconds, thinkTimeSeconds, user } = parsed.report;
    return new ReportedClient(table.append(frames), {
      ...known,
      crashed,
      timeoutSeconds,
      ...(typeof thinkTimeSeconds === "number" && { thinkTimeSeconds }),
      ...(user !== undefined && { user }),
      ...(frames.length < plannedFrames && {
        endedEarly: { plannedFrames, why: cutShort ?? "it does not say why", unfinished },
      }),
      warnings: crashWarning(from, crashed, frames.length),
      ...torn,
    });
  }
  const { mlSeconds, handlerSeconds, roundTripSeconds } = parsed.blocks;
  const answeredFrames = Math.min(mlSeconds.length, roundTripSeconds.length);
  const allAnswered = answeredFrames === roundTripSeconds.length;
  return {
    ...known,
    crashed,
    hasReport: true,
    sentFrames: roundTripSeconds.length,
    answeredFrames,
    roundTripSeconds,
    ...(allAnswered && { answeredRoundTripSeconds: roundTripSeconds }),
    handlerSeconds,
    mlSeconds,
    warnings: crashWarning(from, crashed, roundTripSeconds.length),
    ...torn,
  };
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
