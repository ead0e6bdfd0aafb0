import { parseDuration } from "./duration.ts";
import { type Exchange, hangUp, respond } from "./exchange.ts";

/** Forwards requests to one replica and enforces its limits. */
export interface Watchdog {
  readonly name: string;
  /** Requests forwarded and not completed yet. */
  readonly inFlight: number;
  /** Handles one request; every request gets a response or a closed connection. */
  handle(exchange: Exchange): void;
  /** After SIGTERM: `/_/health` returns 503, requests are still accepted. */
  drain(): void;
}

export interface WatchdogOptions {
  readonly name: string;
  /** max_inflight; 0 means no limit. */
  readonly maxInFlight: number;
  /** exec_timeout in seconds. */
  readonly execSeconds: number;
  /** write_timeout in seconds: a response that takes longer is dropped when it is ready; default: no limit. */
  readonly writeSeconds?: number;
}

/** How one kind of watchdog runs a request. */
export interface Runner {
  /**
   * Forwards the request. Must call `done` when the function has responded or failed, with a callback that sends
   * the response; only the first call counts. The replica is free once the response has been sent.
   */
  run(exchange: Exchange, execSeconds: number, done: (deliver: () => void) => void): void;
  /** Forwards `/_/ready` to the function, if it supports that. */
  ready?(exchange: Exchange): void;
}

/** The part common to both kinds: limits, health, and late responses. */
export function createWatchdog(options: WatchdogOptions, runner: Runner): Watchdog {
  let inFlight = 0;
  let draining = false;
  const { maxInFlight } = options;
  const refuse = (exchange: Exchange) =>
    respond(
      exchange,
      429,
      { "x-openfaas-internal": "faas-middleware", "content-type": "text/plain; charset=utf-8" },
      `Concurrent request limit exceeded. Max concurrent requests: ${maxInFlight}\n`,
    );
  return {
    name: options.name,
    get inFlight() {
      return inFlight;
    },
    drain() {
      draining = true;
    },
    handle(exchange) {
      if (exchange.path === "/_/health")
        return respond(exchange, draining ? 503 : 200, {}, draining ? "" : "OK");
      const full = maxInFlight > 0 && inFlight >= maxInFlight;
      if (full) return refuse(exchange);
      if (exchange.path === "/_/ready" && runner.ready) return runner.ready(exchange);
      inFlight++;
      const late = Date.now() + (options.writeSeconds ?? Number.POSITIVE_INFINITY) * 1000;
      let over = false;
      runner.run(exchange, execLimit(exchange, options.execSeconds), (deliver) => {
        if (over) return;
        over = true;
        if (Date.now() > late) hangUp(exchange);
        else deliver();
        const free = () => inFlight--;
        if (exchange.response.closed) free();
        else exchange.response.once("close", free);
      });
    },
  };
}

/** exec_timeout, or the caller's X-Timeout if that is shorter. */
function execLimit({ request }: Exchange, execSeconds: number): number {
  const asked = parseDuration(String(request.headers["x-timeout"] ?? ""));
  return Math.min(execSeconds, asked ?? execSeconds);
}
