import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { combineOffsets, type Interval } from "@slbench/analyzer/logs";

/** The quickest of them decides: the others were held up somewhere. */
const ROUNDS = 10;

/** Now by the wall clock as this process found it when it began: a step of that clock during a run does not show. */
const nowSeconds = () => (performance.timeOrigin + performance.now()) / 1000;

/**
 * Asks a clock some times and compares each answer with our own time before and after it. Each round gives an
 * interval as wide as its round trip (RFC 5905 calls that offset and delay).
 *
 * @param ask takes one line per question
 * @param answers gives one line per answer, epoch microseconds
 * @returns the other clock minus ours, in seconds; undefined where it gave no answer
 */
export async function compareClock(
  ask: Writable,
  answers: Readable,
  now: () => number = nowSeconds,
): Promise<Interval | undefined> {
  ask.on("error", () => {}); // gone: then the answers end too
  const rounds: Interval[] = [];
  let askedAt = now();
  ask.write("\n");
  for await (const line of createInterface({ input: answers })) {
    const answeredAt = now();
    const other = Number(line) / 1e6;
    if (!(other > 0)) break; // not our client, or one that has no clock to tell
    rounds.push({ low: other - answeredAt, high: other - askedAt });
    if (rounds.length === ROUNDS) break;
    askedAt = now();
    ask.write("\n");
  }
  return combineOffsets(rounds);
}
