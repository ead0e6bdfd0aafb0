import type { Outcome } from "@slbench/client/report";
import { RunningMean } from "../stats/mean.ts";
import type { FrameList } from "../table/frame-table.ts";

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
export function timeParts(clients: readonly FrameList[]): TimeParts | undefined {
  const [ml, handlerRest, gateway, network, client] = Array.from({ length: 5 }, () => new RunningMean()) as [
    RunningMean,
    RunningMean,
    RunningMean,
    RunningMean,
    RunningMean,
  ];
  for (const frames of clients) {
    const mlSeconds = frames.numbers("mlSeconds");
    const handlerSeconds = frames.numbers("handlerSeconds");
    const waitSeconds = frames.numbers("waitSeconds");
    const roundTripSeconds = frames.numbers("roundTripSeconds");
    const wire = (["connectSeconds", "sendSeconds", "receiveSeconds"] as const).map((name) =>
      frames.numbers(name),
    );
    for (let index = 0; index < frames.length; index++) {
      const ofMl = mlSeconds[index] as number;
      const ofHandler = handlerSeconds[index] as number;
      const waited = Math.max(waitSeconds[index] as number, ofHandler);
      if (frames.outcome(index) !== "ok" || Number.isNaN(ofMl + waited)) continue;
      const onWire = wire.reduce((sum, column) => sum + ((column[index] as number) || 0), 0);
      ml.add(ofMl);
      handlerRest.add(ofHandler - ofMl);
      // Clocks tick in microseconds: a wait may seem shorter than the handler by a few.
      gateway.add(waited - ofHandler);
      network.add(onWire);
      client.add((roundTripSeconds[index] as number) - waited - onWire);
    }
  }
  if (ml.count === 0) return undefined;
  return {
    count: ml.count,
    mlSeconds: ml.mean as number,
    handlerRestSeconds: handlerRest.mean as number,
    gatewaySeconds: gateway.mean as number,
    networkSeconds: network.mean as number,
    clientSeconds: client.mean as number,
  };
}

/** How many frames ended how; only outcomes that occurred, by name. */
export function countOutcomes(clients: readonly FrameList[]): Readonly<Partial<Record<Outcome, number>>> {
  const counts = new Map<Outcome, number>();
  for (const frames of clients) {
    for (let index = 0; index < frames.length; index++) {
      const outcome = frames.outcome(index);
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    }
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
