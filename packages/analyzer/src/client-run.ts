import { Buffer } from "node:buffer";
import { type FrameResult, parseReport } from "@slbench/client/report";
import type { Sample } from "./sample.ts";
import type { Warning } from "./warnings.ts";

/** One client process: its sample and what its report says. Times in seconds. */
export interface ClientRun {
  readonly sample: Sample;
  /** Which run of the condition it belongs to, from 1 on. */
  readonly repetition: number;
  /** Return code other than 0, or no report although there was response data. */
  readonly crashed: boolean;
  /** Whether the response data held a client's report, new or old. */
  readonly hasReport: boolean;
  /** Frames with everything known of each; absent for reports of the older text form. */
  readonly frames?: readonly FrameResult[];
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

/** Reads a sample of the OS Process Sampler; `success` alone is not believed. Its response data is not kept. */
export function readClientRun(from: Sample, repetition = 1): ClientRun {
  const { responseData, ...sample } = from;
  const failed = sample.responseCode !== "0";
  if (responseData === undefined)
    return { sample, repetition, crashed: failed, ...NOTHING, warnings: crashWarning(sample, failed) };
  const parsed = parseReport(responseData);
  const crashed = failed || parsed.kind === "none";
  const kept =
    parsed.kind === "json"
      ? parsed.report.frames.length
      : parsed.kind === "text"
        ? parsed.blocks.roundTripSeconds.length
        : undefined;
  const warnings = crashWarning(from, crashed, kept);
  if (parsed.kind === "none") return { sample, repetition, crashed, ...NOTHING, warnings };
  const torn = parsed.problems.length > 0 ? { torn: parsed.problems } : {};
  if (parsed.kind === "text") {
    const { mlSeconds, handlerSeconds, roundTripSeconds } = parsed.blocks;
    const answeredFrames = Math.min(mlSeconds.length, roundTripSeconds.length);
    const allAnswered = answeredFrames === roundTripSeconds.length;
    return {
      sample,
      repetition,
      crashed,
      hasReport: true,
      sentFrames: roundTripSeconds.length,
      answeredFrames,
      roundTripSeconds,
      ...(allAnswered && { answeredRoundTripSeconds: roundTripSeconds }),
      handlerSeconds,
      mlSeconds,
      warnings,
      ...torn,
    };
  }
  const { frames } = parsed.report;
  const answered = frames.filter((frame) => frame.outcome === "ok");
  const known = (pick: (frame: FrameResult) => number | undefined) =>
    answered.flatMap((frame) => {
      const value = pick(frame);
      return value === undefined ? [] : [value];
    });
  return {
    sample,
    repetition,
    crashed,
    hasReport: true,
    frames,
    sentFrames: frames.length,
    answeredFrames: answered.length,
    roundTripSeconds: frames.map((frame) => frame.roundTripSeconds),
    answeredRoundTripSeconds: answered.map((frame) => frame.roundTripSeconds),
    handlerSeconds: known((frame) => frame.handlerSeconds),
    mlSeconds: known((frame) => frame.mlSeconds),
    timeoutSeconds: parsed.report.timeoutSeconds,
    ...(parsed.report.user !== undefined && { user: parsed.report.user }),
    warnings,
    ...torn,
  };
}

function crashWarning(sample: Sample, crashed: boolean, keptFrames?: number): readonly Warning[] {
  if (!crashed) return [];
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
  const recorded = sample.success ? "; JMeter recorded it as a success" : "";
  return [
    {
      code: "CLIENT_CRASHED",
      message: `${sample.threadName} ${ended}${said === "" ? "" : `: ${said}`}${recorded}`,
      hint: `${kept}; see the client's output in samples.xml`,
    },
  ];
}

function lastLine(text: string): string {
  const lines = text.trim().split("\n");
  const last = (lines[lines.length - 1] ?? "").trim().slice(0, 160);
  return Buffer.from(last).toString(); // a copy: the slice would keep all of the output in memory
}
