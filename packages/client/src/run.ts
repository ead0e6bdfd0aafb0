import { type EncodedFrame, encodeFrame, listFrames } from "./frames.ts";
import type { ClientOptions } from "./options.ts";
import { createRandom } from "./random.ts";
import type { FrameResult } from "./report.ts";
import { type Answer, frameResult, sendFrame } from "./send.ts";

/** What happens to a finished frame besides being counted: journal, saved picture, verification. */
export type FrameSink = (
  result: FrameResult,
  answer: Answer | undefined,
  frame: EncodedFrame,
) => Promise<FrameResult>;

/**
 * One virtual user's work: every frame is read and encoded, then thought about, then sent and timed.
 * Ends early, without the frame in flight, when `stop` is aborted.
 */
export async function runUser(
  options: ClientOptions,
  stop: AbortSignal,
  onFrame: FrameSink,
): Promise<readonly FrameResult[]> {
  const names = await listFrames(options.framesFolder);
  const count = options.count ?? names.length;
  const random = createRandom(options.seed);
  const results: FrameResult[] = [];
  const begin = performance.now();
  for (let sequence = 1; sequence <= count && !stop.aborted; sequence++) {
    const name = names[(sequence - 1) % names.length] as string;
    const frame = await encodeFrame(options.framesFolder, name, options.encoding);
    // Closed loop: think between frames. Open loop: keep to the schedule, however late.
    const dueMs =
      options.ratePerSecond === undefined
        ? performance.now() + (sequence === 1 ? 0 : options.thinkTime.draw(random) * 1000)
        : begin + ((sequence - 1) / options.ratePerSecond) * 1000;
    await waitUntil(dueMs, stop);
    if (stop.aborted) break;
    const exchange = await sendFrame(frame, { ...options, stop });
    if (stop.aborted && exchange.answer === undefined) break;
    const lateSeconds = Math.max(0, exchange.startMonotonicSeconds - dueMs / 1000);
    const result = {
      ...frameResult(sequence, frame, options.format, exchange),
      ...(options.ratePerSecond !== undefined && { lateSeconds }),
    };
    results.push(await onFrame(result, exchange.answer, frame));
  }
  return results;
}

async function waitUntil(dueMs: number, stop: AbortSignal): Promise<void> {
  const waitMs = dueMs - performance.now();
  if (waitMs <= 0 || stop.aborted) return;
  await new Promise<void>((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      stop.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, waitMs);
    stop.addEventListener("abort", finish);
  });
}
