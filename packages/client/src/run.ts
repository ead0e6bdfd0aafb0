import { GrowingBytes } from "./http/growing-bytes.ts";
import type { HttpClient } from "./http/http-client.ts";
import type { HttpResponse } from "./http/http-connection.ts";
import type { ClientOptions } from "./options.ts";
import { createRandom } from "./random.ts";
import type { RequestResult, UnfinishedRequest } from "./report/report.ts";
import type { Payloads } from "./request/payloads.ts";
import type { EncodedRequest, RequestEncoder } from "./request/request.ts";
import type { ResultMaker } from "./send.ts";
import { epochMicros, wholeMicros } from "./timing/epoch.ts";
import { countDue, createSchedule, seedOf } from "./timing/schedule.ts";
import { waitUntil } from "./timing/wait.ts";

/** Handles a finished request outside every timer: verification, journal, saved picture. */
export type RequestSink = (result: RequestResult, response: HttpResponse | undefined) => Promise<void>;

/** Everything that a virtual user needs. */
export interface UserRun {
  readonly options: ClientOptions;
  readonly payloads: Payloads;
  /** Indices of the payloads in the order of sending. */
  readonly order: readonly number[];
  /** {@link plannedRequests}; undefined if only their duration is given. */
  readonly planned: number | undefined;
  readonly encode: RequestEncoder;
  readonly results: Pick<ResultMaker, "make">;
  readonly client: HttpClient;
  /** If aborted, the user ends at once and abandons its requests in flight. */
  readonly stop: AbortSignal;
  /**
   * Requests without a result: start time in ms (in an open loop: due time) by sequence. What is left at the end
   * is unfinished.
   */
  readonly inFlight: Map<number, number>;
  readonly onRequest: RequestSink;
}

/** Most requests in flight in an open loop: beyond that it waits, and the next requests start late. */
export const MAX_IN_FLIGHT = 100;

/** Runs one virtual user from its first request to its last. */
export async function runUser(run: UserRun): Promise<void> {
  if (run.options.ratePerSecond === undefined) await closedLoop(run);
  else await openLoop(run, run.options.ratePerSecond);
}

/** Sends a request, reads its response, thinks, sends the next one. */
async function closedLoop(run: UserRun): Promise<void> {
  const { options, client, stop, inFlight, results, onRequest } = run;
  const random = createRandom(seedOf(options.seed, options.user));
  const slot = createSlot();
  const planned = run.planned ?? Number.POSITIVE_INFINITY;
  const endMs = performance.now() + (options.durationSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  for (let sequence = 1; sequence <= planned && !stop.aborted; sequence++) {
    const thinkUntilMs =
      performance.now() + (sequence === 1 ? 0 : options.thinkTime.draw(random, sequence) * 1000);
    if (thinkUntilMs >= endMs) return;
    const request = prepare(run, sequence, slot);
    if (thinkUntilMs - performance.now() > IDLE_MS) collectGarbage();
    await waitUntil(thinkUntilMs, stop);
    if (stop.aborted) return;
    inFlight.set(sequence, performance.now());
    const exchange = await client.post(request.bytes, slot.response);
    if (exchange === undefined) return;
    await onRequest(results.make(sequence, request, exchange), exchange.response);
    inFlight.delete(sequence);
  }
}

/** Sends each request at its scheduled time, whether or not earlier ones have finished. */
async function openLoop(run: UserRun, ratePerSecond: number): Promise<void> {
  const { options, client, stop, inFlight, results, onRequest } = run;
  const free: Slot[] = [];
  const sending = new Set<Promise<void>>();
  const planned = run.planned as number;
  const schedule = createSchedule(ratePerSecond, options.process, seedOf(options.seed, options.user));
  const beginMs = performance.now();
  const dueAt = (sequence: number) => beginMs + schedule(sequence) * 1000;
  let sequence = 1;
  for (; sequence <= planned && !stop.aborted; sequence++) {
    if (sending.size >= MAX_IN_FLIGHT) await Promise.race(sending);
    const slot = free.pop() ?? createSlot();
    const request = prepare(run, sequence, slot);
    const dueMs = dueAt(sequence);
    await waitUntil(dueMs, stop);
    if (stop.aborted) break;
    inFlight.set(sequence, performance.now());
    const sentSequence = sequence;
    const sent = client.post(request.bytes, slot.response).then(async (exchange) => {
      if (exchange === undefined) return;
      const lateSeconds = Math.max(0, wholeMicros(exchange.startMonotonicSeconds - dueMs / 1000));
      const result = { ...results.make(sentSequence, request, exchange), lateSeconds };
      await onRequest(result, exchange.response);
      inFlight.delete(sentSequence);
      free.push(slot);
    });
    sending.add(sent);
    // A failing sink rejects Promise.all() below instead of being an unhandled rejection.
    sent.then(
      () => sending.delete(sent),
      () => {},
    );
  }
  // Requests that were due but held back behind those in flight are unfinished too.
  if (stop.aborted)
    for (; sequence <= planned && dueAt(sequence) <= performance.now(); sequence++)
      inFlight.set(sequence, dueAt(sequence));
  await Promise.all(sending);
}

/** The requests that have no response now, for the report. */
export function listUnfinished(inFlight: UserRun["inFlight"]): readonly UnfinishedRequest[] {
  const nowMs = performance.now();
  return Array.from(inFlight, ([sequence, startMs]) => ({
    sequence,
    startEpochMicros: epochMicros(startMs),
    waitedSeconds: wholeMicros((nowMs - startMs) / 1000),
  }));
}

/** Think times above this leave time to collect garbage. */
const IDLE_MS = 20;

/**
 * Collects garbage while nothing is timed: fewer collections fall into a measurement, and a load generator can
 * run more users. Only Bun offers this without an option.
 */
function collectGarbage(): void {
  (globalThis as { Bun?: { gc(wait: boolean): void } }).Bun?.gc(true);
}

/** The number of requests that the user should send; undefined if only their duration is given. */
export function plannedRequests({ options, order }: Pick<UserRun, "options" | "order">): UserRun["planned"] {
  const { count, durationSeconds, ratePerSecond, process, seed, user } = options;
  if (durationSeconds === undefined) return count ?? order.length;
  if (ratePerSecond === undefined) return undefined;
  return countDue(createSchedule(ratePerSecond, process, seedOf(seed, user)), durationSeconds);
}

/** The buffers of one request in flight. */
interface Slot {
  readonly file: GrowingBytes;
  readonly request: GrowingBytes;
  readonly response: GrowingBytes;
}

function createSlot(): Slot {
  return { file: new GrowingBytes(), request: new GrowingBytes(), response: new GrowingBytes() };
}

function prepare({ payloads, order, encode }: UserRun, sequence: number, slot: Slot): EncodedRequest {
  const index = order[(sequence - 1) % order.length] as number;
  payloads.read(index, slot.file);
  return encode(payloads.names[index] as string, sequence, slot.file.view(), slot.request);
}
