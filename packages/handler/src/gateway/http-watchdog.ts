import { Agent, request as httpRequest } from "node:http";
import { type Exchange, endToEnd, forwardResponse, respond } from "./exchange.ts";
import { createWatchdog, type Watchdog, type WatchdogOptions } from "./watchdog.ts";

/**
 * A stand-in for of-watchdog in mode http: forwards requests to a persistent server on loopback.
 *
 * Responds 504 with an empty body at exec_timeout, and 500 with an empty body if the function has died.
 */
export function createHttpWatchdog(options: WatchdogOptions, port: number): Watchdog {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  const open = ({ request, path }: Exchange) => {
    const upstream = httpRequest({
      host: "127.0.0.1",
      port,
      agent,
      path,
      method: request.method,
      headers: endToEnd(request.headers),
    });
    // If a function responds and closes before it has read everything, Node removes its own error listener
    // from the socket at the response's end. A write still pending would then crash this process.
    upstream.once("socket", (socket) => {
      if (socket.listenerCount("error", ignore) === 0) socket.on("error", ignore);
    });
    return upstream;
  };
  return createWatchdog(options, {
    run(exchange, execSeconds, done) {
      const upstream = open(exchange);
      const limit = setTimeout(() => {
        done(() => respond(exchange, 504, { "x-openfaas-internal": "of-watchdog" }));
        upstream.destroy();
      }, execSeconds * 1000);
      upstream.once("response", (incoming) => {
        clearTimeout(limit);
        done(() => forwardResponse(exchange, incoming.statusCode ?? 500, incoming.headers, incoming));
        incoming.once("error", () => exchange.response.destroy());
        incoming.once("end", () => {
          if (!upstream.writableEnded) upstream.destroy(); // it responded before it had read everything
        });
      });
      upstream.on("error", () => {
        clearTimeout(limit);
        done(() => respond(exchange, 500));
      });
      // If the client disconnects, its request is cancelled.
      exchange.response.once("close", () => {
        clearTimeout(limit);
        if (!exchange.response.writableFinished) upstream.destroy();
        done(() => {});
      });
      exchange.body.pipe(upstream);
    },
    ready(exchange) {
      const upstream = open(exchange);
      upstream.once("response", (incoming) =>
        forwardResponse(exchange, incoming.statusCode ?? 500, incoming.headers, incoming),
      );
      upstream.on("error", () => respond(exchange, 500));
      exchange.body.pipe(upstream);
    },
  });
}

/** While the request is in flight, its own listener handles the same error. */
function ignore(): void {}
