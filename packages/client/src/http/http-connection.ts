import type { Outcome } from "../report/report.ts";
import type { StreamKind } from "../spec/response-spec.ts";
import { epochMicros } from "../timing/epoch.ts";
import type { GrowingBytes } from "./growing-bytes.ts";
import { createResponseReader, type ResponseEvents, type ResponseHead } from "./http-response.ts";
import type { ClientSocket, OpenSocket, SocketEvents } from "./socket.ts";

/** A whole response; `body` is a view into the buffer that the request was given. */
export interface HttpResponse {
  readonly status: number;
  readonly header: ResponseHead["header"];
  readonly headerLines: ResponseHead["headerLines"];
  readonly body: Buffer;
  /** Only of a stream: when which bytes of the body arrived. */
  readonly arrivals?: Arrivals;
}

/** Pieces of a body in order: where each ends in the body, and ms from the request's start to its arrival. */
export interface Arrivals {
  readonly ends: readonly number[];
  readonly ms: readonly number[];
}

/** Where and how to connect. */
export interface ConnectionOptions {
  readonly url: URL;
  readonly openSocket: OpenSocket;
  readonly timeoutSeconds: number;
  /** Record the arrivals: of HTTP chunks, or of every piece. */
  readonly stream?: StreamKind | undefined;
}

/** One timed request and its result. Durations in seconds; a part that was not reached is absent. */
export interface Exchange {
  readonly startEpochMicros: number;
  readonly startMonotonicSeconds: number;
  /** From the first byte sent to the last byte read, or to the failure. */
  readonly roundTripSeconds: number;
  /** Name look-up, TCP and TLS; 0 if an open connection was used. */
  readonly connectSeconds?: number;
  /** Until the operating system had the request's last byte. */
  readonly sendSeconds?: number;
  /** From there to the response's first byte. */
  readonly waitSeconds?: number;
  /** From there to its last byte. */
  readonly receiveSeconds?: number;
  readonly status?: number;
  readonly receivedBytes?: number;
  readonly response?: HttpResponse;
  readonly failure?: { readonly outcome: Outcome; readonly message: string };
}

/** An endless response must not fill the memory. */
const MAX_BODY_BYTES = 64 * 2 ** 20;
const TOO_LARGE = `more than the limit of ${MAX_BODY_BYTES / 2 ** 20} MiB`;
/** Nor may a stream of tiny pieces. */
const MAX_PIECES = 1_000_000;
/** A server with `Keep-Alive: timeout=5` closes after 5 s: the next request must not collide with that. */
const IDLE_MARGIN_MS = 1000;

interface Pending {
  readonly request: Buffer;
  readonly into: GrowingBytes;
  readonly settle: (exchange: Exchange | undefined) => void;
  readonly timer: ReturnType<typeof setTimeout>;
  readonly startMs: number;
  openMs?: number;
  sentMs?: number;
  firstByteMs?: number;
  head?: ResponseHead;
  readonly arrivals: { readonly ends: number[]; readonly ms: number[] };
}

/** One HTTP/1.1 connection: one request at a time, each of its phases timed. */
export class HttpConnection implements SocketEvents, ResponseEvents {
  readonly #reader = createResponseReader(this);
  readonly #options: ConnectionOptions;
  #arrivedMs = 0;
  #socket: ClientSocket | undefined;
  #state: "new" | "opening" | "open" | "closed" = "new";
  #idleUntilMs = Number.POSITIVE_INFINITY;
  #pending: Pending | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get isBusy(): boolean {
    return this.#pending !== undefined;
  }

  /** Whether it can take a request that starts now. */
  get isUsable(): boolean {
    return this.#state !== "closed" && !this.isBusy && performance.now() < this.#idleUntilMs;
  }

  /**
   * Sends a request and reads the whole response. The timer runs from here to the response's last byte or to the
   * failure, and nothing else happens meanwhile. Resolves to undefined if close() came first; never throws.
   */
  post(request: Buffer, into: GrowingBytes): Promise<Exchange | undefined> {
    const { url, openSocket, timeoutSeconds } = this.#options;
    into.clear();
    return new Promise((settle) => {
      const timer = setTimeout(
        () => this.#fail("timeout", `no whole response within ${timeoutSeconds} s`),
        timeoutSeconds * 1000,
      );
      const startMs = performance.now();
      this.#pending = { request, into, settle, timer, startMs, arrivals: { ends: [], ms: [] } };
      if (this.#state === "open") this.#send(startMs);
      else {
        this.#state = "opening";
        this.#socket = openSocket(url, this);
      }
    });
  }

  close(): void {
    this.#end();
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending === undefined) return;
    clearTimeout(pending.timer);
    pending.settle(undefined);
  }

  onOpen(): void {
    this.#state = "open";
    this.#send(performance.now());
  }

  onSent(): void {
    if (this.#pending !== undefined) this.#pending.sentMs = performance.now();
  }

  onData(bytes: Buffer): void {
    if (this.#pending === undefined) {
      this.#end(); // bytes without a request
      return;
    }
    if (this.#options.stream !== undefined) this.#arrivedMs = performance.now();
    this.#pending.firstByteMs ??= performance.now();
    const problem = this.#reader.read(bytes);
    if (problem !== undefined) this.#fail("invalid-response", `the response is not HTTP: ${problem}`);
    if (this.#pending === undefined && !this.#reader.isBetween) this.#end(); // bytes behind the response
  }

  onEnd(): void {
    this.#reader.end();
    this.onClose(undefined);
  }

  onClose(problem: Error | undefined): void {
    const why = problem === undefined ? "" : `: ${describe(problem)}`;
    if (this.#pending === undefined) this.#end();
    else if (this.#state === "opening") this.#fail("connect-error", `no connection${why}`);
    else this.#fail("connection-closed", `closed ${reached(this.#pending)}${why}`);
  }

  onHead(head: ResponseHead): void {
    if (this.#pending === undefined) {
      this.#end(); // a second response to one request: the next request must not take it for its own
      return;
    }
    this.#pending.head = head;
    const length = head.header("content-length");
    if (Number(length) > MAX_BODY_BYTES)
      this.#fail("invalid-response", `the response has ${length} bytes, ${TOO_LARGE}`);
  }

  onBody(bytes: Buffer, endsPiece: boolean): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    if (pending.into.length + bytes.length > MAX_BODY_BYTES)
      this.#fail("invalid-response", `the response has ${TOO_LARGE}`);
    if (this.#pending === undefined) return;
    pending.into.append(bytes);
    const { stream } = this.#options;
    if (stream === undefined || (stream === "chunks" && !endsPiece)) return;
    const { ends, ms } = pending.arrivals;
    ends.push(pending.into.length);
    ms.push(this.#arrivedMs - pending.startMs);
    if (ends.length > MAX_PIECES)
      this.#fail("invalid-response", `the stream has more than the limit of ${MAX_PIECES} pieces`);
  }

  onEndOfBody(): void {
    const endMs = performance.now();
    const pending = this.#pending;
    if (pending?.head === undefined) return;
    const { status, header, headerLines, keepAlive } = pending.head;
    // A response to half a request counts, but the server would read the rest of that request as the next one.
    if (!keepAlive || pending.sentMs === undefined) this.#end();
    const idleSeconds = Number.parseInt(header("keep-alive")?.split("timeout=")[1] ?? "", 10);
    if (idleSeconds >= 0) this.#idleUntilMs = endMs + idleSeconds * 1000 - IDLE_MARGIN_MS;
    const response = {
      ...{ status, header, headerLines, body: pending.into.view() },
      ...(this.#options.stream !== undefined && { arrivals: pending.arrivals }),
    };
    this.#settle(endMs, { response });
  }

  #send(openMs: number): void {
    if (this.#pending === undefined) return;
    this.#pending.openMs = openMs;
    this.#socket?.write(this.#pending.request);
  }

  #fail(outcome: Outcome, message: string): void {
    const endMs = performance.now();
    this.#end();
    this.#settle(endMs, { failure: { outcome, message } });
  }

  #settle(endMs: number, result: Pick<Exchange, "response" | "failure">): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    this.#pending = undefined;
    clearTimeout(pending.timer);
    pending.settle({
      ...timesOf(pending, endMs, result.response !== undefined),
      ...received(pending),
      ...result,
    });
  }

  #end(): void {
    if (this.#state !== "closed") this.#socket?.close();
    this.#state = "closed";
  }
}

/** The parts of the round trip. A response that arrives before its request is sent has no waiting time. */
function timesOf(pending: Pending, endMs: number, whole: boolean) {
  const { startMs, openMs, firstByteMs } = pending;
  const sentMs =
    firstByteMs === undefined ? pending.sentMs : Math.min(pending.sentMs ?? firstByteMs, firstByteMs);
  return {
    startEpochMicros: epochMicros(startMs),
    startMonotonicSeconds: seconds(0, startMs),
    roundTripSeconds: seconds(startMs, endMs),
    ...(openMs !== undefined && { connectSeconds: seconds(startMs, openMs) }),
    ...(openMs !== undefined && sentMs !== undefined && { sendSeconds: seconds(openMs, sentMs) }),
    ...(sentMs !== undefined && firstByteMs !== undefined && { waitSeconds: seconds(sentMs, firstByteMs) }),
    ...(whole && firstByteMs !== undefined && { receiveSeconds: seconds(firstByteMs, endMs) }),
  };
}

/** Whole microseconds: more digits are noise that would double the report. */
function seconds(fromMs: number, toMs: number): number {
  return Math.round((toMs - fromMs) * 1000) / 1e6;
}

/** How much of the response had arrived, for the message. */
function reached({ head, into }: Pending): string {
  if (head === undefined) return "before the response";
  const expected = head.header("content-length");
  return `after ${into.length} bytes${expected === undefined ? "" : ` of ${expected}`}`;
}

function received({ head, into }: Pending): Pick<Exchange, "status" | "receivedBytes"> {
  return head === undefined ? {} : { status: head.status, receivedBytes: into.length };
}

/** Code and message of an error and of those that it joins, one line. */
function describe(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  // one per address that a name has
  const inner = error instanceof AggregateError && error.message === "" ? error.errors[0] : undefined;
  const message = inner instanceof Error ? inner.message : error.message;
  const text = message.includes(code) ? message : `${code}: ${message}`;
  return text.replaceAll(/\s+/g, " ").trim().slice(0, 200);
}
