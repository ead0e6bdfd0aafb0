import type { FrameResult } from "@slbench/client/report";

/** What figures need of a client's frames and no column is kept for; see TimeParts for the sums, in seconds. */
export interface FrameTotals {
  readonly answered: number;
  /** Answered frames whose parts are known: the sums are over these. */
  readonly split: number;
  readonly ml: number;
  readonly handlerRest: number;
  readonly gateway: number;
  readonly network: number;
  readonly client: number;
  /** Between two frames, wall clock against monotonic one: the largest difference, below 0 where it was set back. */
  readonly clockStepSeconds: number;
}

export function totalFrames(frames: readonly FrameResult[]): FrameTotals {
  const totals = { answered: 0, split: 0, ml: 0, handlerRest: 0, gateway: 0, network: 0, client: 0 };
  for (const frame of frames) {
    if (frame.outcome !== "ok") continue;
    totals.answered++;
    const ml = numberOf(frame.mlSeconds);
    const handler = numberOf(frame.handlerSeconds);
    // Clocks tick in microseconds: a wait may seem shorter than the handler by a few.
    const waited = Math.max(numberOf(frame.waitSeconds), handler);
    if (Number.isNaN(ml + waited)) continue;
    const { connectSeconds, sendSeconds, receiveSeconds } = frame;
    const onWire =
      (numberOf(connectSeconds) || 0) + (numberOf(sendSeconds) || 0) + (numberOf(receiveSeconds) || 0);
    totals.split++;
    totals.ml += ml;
    totals.handlerRest += handler - ml;
    totals.gateway += waited - handler;
    totals.network += onWire;
    totals.client += numberOf(frame.roundTripSeconds) - waited - onWire;
  }
  return { ...totals, clockStepSeconds: largestClockStep(frames) };
}

function largestClockStep(frames: readonly FrameResult[]): number {
  let largest = 0;
  for (let index = 1; index < frames.length; index++) {
    const [one, next] = [frames[index - 1], frames[index]] as [FrameResult, FrameResult];
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
