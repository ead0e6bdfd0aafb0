import { parseDuration } from "./duration.ts";
import { type Exchange, hangUp, respond } from "./exchange.ts";

/** What stands in front of one replica and keeps its limits. */
export interface Watchdog {
  readonly name: string;
  /** Requests that it has passed on and not answered yet. */
  readonly inFlight: number;
  /** Takes one request; answers it sooner or later. */
  handle(exchange: Exchange): void;
  /** After SIGTERM: `/_/health` says 503, requests are still taken. */
  drain(): void;
}

export interface WatchdogOptions {
  readonly name: string;
  /** max_inflight; 0: no limit. */
  readonly maxInFlight: number;
  /** exec_timeout in seconds. */
  readonly execSeconds: number;
  /** write_timeout in seconds: what takes longer is lost when it is done; absent: no limit. */
  readonly writeSeconds?: number;
}

/** How a kind of watchdog runs one request. */
export interface Runner {
  /**
   * Passes the request on. `done` is to be called when the function has answered or failed, with what then
   * goes to the client; the first call counts. The replica is free when that has gone out.
   */
  run(exchange: Exchange, execSeconds: number, done: (deliver: () => void) => void): void;
  /** The function's own answer to `/_/ready`, where it has one. */
  ready?(exchange: Exchange): void;
}

/** The part that both kinds have in common: limits, health, and answers that come too late. */
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

/** exec_timeout, or what the caller's X-Timeout says where that is shorter. */
function execLimit({ request }: Exchange, execSeconds: number): number {
  const asked = parseDuration(String(request.headers["x-timeout"] ?? ""));
  return Math.min(execSeconds, asked ?? execSeconds);
}
