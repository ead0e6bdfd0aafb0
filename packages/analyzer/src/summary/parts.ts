import type { FrameResult, Outcome } from "@slbench/client/report";
import { mean } from "../stats/mean.ts";

/** Where the round trip of an answered frame went: means in seconds that add up to its mean. */
export interface TimeParts {
  /** Frames whose parts are all known. */
  readonly count: number;
  readonly mlSeconds: number;
  /** The handler without ML: decoding, blurring, encoding. */
  readonly handlerRestSeconds: number;
  /** From the request's last byte to the answer's first, without the handler: gateway, queue, function's server. */
  readonly gatewaySeconds: number;
  /** Connecting, sending and receiving. */
  readonly networkSeconds: number;
  /** The rest: the client's own work. */
  readonly clientSeconds: number;
}

/** Splits the answered frames' round trips; undefined where no frame says all its parts. */
export function timeParts(frames: readonly FrameResult[]): TimeParts | undefined {
  const split = frames.flatMap((frame) => {
    const { mlSeconds, handlerSeconds, waitSeconds, roundTripSeconds, outcome } = frame;
    if (
      outcome !== "ok" ||
      mlSeconds === undefined ||
      handlerSeconds === undefined ||
      waitSeconds === undefined
    )
      return [];
    const waited = Math.max(waitSeconds, handlerSeconds);
    const network = (frame.connectSeconds ?? 0) + (frame.sendSeconds ?? 0) + (frame.receiveSeconds ?? 0);
    return [
      {
        ml: mlSeconds,
        handlerRest: handlerSeconds - mlSeconds,
        // Clocks tick in microseconds: a wait may seem shorter than the handler by a few.
        gateway: waited - handlerSeconds,
        network,
        client: roundTripSeconds - waited - network,
      },
    ];
  });
  if (split.length === 0) return undefined;
  const of = (pick: (one: (typeof split)[number]) => number) => mean(split.map(pick)) as number;
  return {
    count: split.length,
    mlSeconds: of((one) => one.ml),
    handlerRestSeconds: of((one) => one.handlerRest),
    gatewaySeconds: of((one) => one.gateway),
    networkSeconds: of((one) => one.network),
    clientSeconds: of((one) => one.client),
  };
}

/** How many frames ended how; only outcomes that occurred, by name. */
export function countOutcomes(frames: readonly FrameResult[]): Readonly<Partial<Record<Outcome, number>>> {
  const counts = new Map<Outcome, number>();
  for (const { outcome } of frames) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
