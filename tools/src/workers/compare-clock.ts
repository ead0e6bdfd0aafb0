import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { combineOffsets, type Interval } from "@slbench/analyzer/logs";

/** The fastest round decides, because it was delayed least. */
const ROUNDS = 10;

/** Wall-clock time that ignores clock steps after this process started. */
const nowSeconds = () => (performance.timeOrigin + performance.now()) / 1000;

/**
 * Asks another clock several times and compares each response with our time before and after. Each round gives an
 * interval as wide as its round trip (offset and delay in RFC 5905).
 *
 * @param ask receives one line per round
 * @param answers gives one line per round: epoch microseconds
 * @returns the other clock minus ours, in seconds; undefined without a response
 */
export async function compareClock(
  ask: Writable,
  answers: Readable,
  now: () => number = nowSeconds,
): Promise<Interval | undefined> {
  ask.on("error", () => {}); // if the other side is gone, the responses end too
  const rounds: Interval[] = [];
  let askedAt = now();
  ask.write("\n");
  for await (const line of createInterface({ input: answers })) {
    const answeredAt = now();
    const other = Number(line) / 1e6;
    if (!(other > 0)) break; // not our client, or an old one
    rounds.push({ low: other - answeredAt, high: other - askedAt });
    if (rounds.length === ROUNDS) break;
    askedAt = now();
    ask.write("\n");
  }
  return combineOffsets(rounds);
}
