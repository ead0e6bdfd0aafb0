import { readFrame } from "./frames.ts";
import { GrowingBytes } from "./growing-bytes.ts";
import type { HttpClient } from "./http-client.ts";
import type { Answer } from "./http-connection.ts";
import type { ClientOptions } from "./options.ts";
import { createRandom } from "./random.ts";
import type { RequestResult, UnfinishedRequest } from "./report.ts";
import { type EncodedFrame, encodeRequest } from "./request.ts";
import { requestResult } from "./send.ts";
import { waitUntil } from "./wait.ts";

/** What happens to a finished request, outside every timer: verification, journal, saved picture. */
export type RequestSink = (result: RequestResult, answer: Answer | undefined) => Promise<void>;

/** What a virtual user works with. */
export interface UserRun {
  readonly options: ClientOptions;
  /** The requests' file names, at least one. */
  readonly names: readonly string[];
  readonly client: HttpClient;
  /** Aborted: end at once, without the requests in flight. */
  readonly stop: AbortSignal;
  /**
   * When each request began, or in an open loop was due, that has no result yet, in ms, by its sequence. What is left at
   * the end is unfinished.
   */
  readonly inFlight: Map<number, number>;
  readonly onRequest: RequestSink;
}

/** Requests in flight at most in an open loop: then it waits and says how late it is. */
export const MAX_IN_FLIGHT = 100;

/** One virtual user's work from its first request to its last. */
export async function runUser(run: UserRun): Promise<void> {
  if (run.options.ratePerSecond === undefined) await closedLoop(run);
  else await openLoop(run, run.options.ratePerSecond);
}

/** Sends a request, reads its answer, thinks, sends the next one. */
async function closedLoop({ options, names, client, stop, inFlight, onRequest }: UserRun): Promise<void> {
  const random = createRandom(options.seed);
  const slot = createSlot();
  for (let sequence = 1; sequence <= plannedRequests(options, names) && !stop.aborted; sequence++) {
    const thinkUntilMs = performance.now() + (sequence === 1 ? 0 : options.thinkTime.draw(random) * 1000);
    const request = prepare(options, names, sequence, slot);
    if (thinkUntilMs - performance.now() > IDLE_MS) collectGarbage();
    await waitUntil(thinkUntilMs, stop);
    if (stop.aborted) return;
    inFlight.set(sequence, performance.now());
    const exchange = await client.post(request.request, slot.answer);
    if (exchange === undefined) return;
    await onRequest(requestResult(sequence, request, options.format, exchange), exchange.answer);
    inFlight.delete(sequence);
  }
}

/** Sends each request at its time on the schedule, whatever became of those before. */
async function openLoop(
  { options, names, client, stop, inFlight, onRequest }: UserRun,
  ratePerSecond: number,
): Promise<void> {
  const free: Slot[] = [];
  const sending = new Set<Promise<void>>();
  const planned = plannedRequests(options, names);
  const beginMs = performance.now();
  const dueAt = (sequence: number) => beginMs + ((sequence - 1) / ratePerSecond) * 1000;
  let sequence = 1;
  for (; sequence <= planned && !stop.aborted; sequence++) {
    if (sending.size >= MAX_IN_FLIGHT) await Promise.race(sending);
    const slot = free.pop() ?? createSlot();
    const request = prepare(options, names, sequence, slot);
    const dueMs = dueAt(sequence);
    await waitUntil(dueMs, stop);
    if (stop.aborted) break;
    inFlight.set(sequence, performance.now());
    const sentSequence = sequence;
    const sent = client.post(request.request, slot.answer).then(async (exchange) => {
      if (exchange === undefined) return;
      const lateSeconds = Math.max(0, wholeMicros(exchange.startMonotonicSeconds - dueMs / 1000));
      const result = { ...requestResult(sentSequence, request, options.format, exchange), lateSeconds };
      await onRequest(result, exchange.answer);
      inFlight.delete(sentSequence);
      free.push(slot);
    });
    sending.add(sent);
    // A failing sink ends the user at the loop's end, not as an unhandled rejection.
    sent.then(
      () => sending.delete(sent),
      () => {},
    );
  }
  // Due by now and held back behind those in flight: as unanswered as they are.
  if (stop.aborted)
    for (; sequence <= planned && dueAt(sequence) <= performance.now(); sequence++)
      inFlight.set(sequence, dueAt(sequence));
  await Promise.all(sending);
}

/** What a user that ends now leaves unanswered, as its report says it. */
export function listUnfinished(inFlight: UserRun["inFlight"]): readonly UnfinishedRequest[] {
  const nowMs = performance.now();
  return Array.from(inFlight, ([sequence, startMs]) => ({
    sequence,
    startEpochMicros: Math.round((performance.timeOrigin + startMs) * 1000),
    waitedSeconds: wholeMicros((nowMs - startMs) / 1000),
  }));
}

/** More digits are noise that would double the report. */
function wholeMicros(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}

/** Think times from which on there is time to tidy up. */
const IDLE_MS = 20;

/**
 * Collects garbage while nothing is timed, so that less of it falls inside a timer and a load generator holds
 * more users. Only Bun offers that unasked.
 */
function collectGarbage(): void {
  (globalThis as { Bun?: { gc(wait: boolean): void } }).Bun?.gc(true);
}

/** How many requests it is to send. */
export function plannedRequests(options: ClientOptions, names: readonly string[]): number {
  return options.count ?? names.length;
}

/** The buffers of one request on its way. */
interface Slot {
  readonly file: GrowingBytes;
  readonly request: GrowingBytes;
  readonly answer: GrowingBytes;
}

function createSlot(): Slot {
  return { file: new GrowingBytes(), request: new GrowingBytes(), answer: new GrowingBytes() };
}

function prepare(
  options: ClientOptions,
  names: readonly string[],
  sequence: number,
  slot: Slot,
): EncodedFrame {
  const name = names[(sequence - 1) % names.length] as string;
  readFrame(options.framesFolder, name, slot.file);
  return encodeRequest(options, name, slot.file.view(), slot.request);
}
