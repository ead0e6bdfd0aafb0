import { randomUUID } from "node:crypto";
import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { GatewayOptions } from "./options.ts";
import type { Replica, ReplicaSet } from "./replicas.ts";

/** Headers that belong to one connection, not to the message. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
  "te",
  "trailer",
  "proxy-connection",
]);

/**
 * Passes one request to a replica and its answer back, as gateway and of-watchdog in mode http do:
 * 503 without replicas, 429 at max_inflight, 504 with an empty body at the time limit, 500 with an
 * empty body when the replica dies. Measured behaviour, see docs/decisions/local-gateway.md.
 */
export function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  replicas: ReplicaSet,
  options: GatewayOptions,
): void {
  const started = process.hrtime.bigint();
  response.setHeader("x-call-id", (request.headers["x-call-id"] as string | undefined) ?? randomUUID());
  response.setHeader("x-start-time", String(BigInt(Date.now()) * 1_000_000n));
  const answer = (status: number, body = "", headers: Record<string, string> = {}) => {
    if (response.headersSent || response.destroyed) return void response.destroy();
    request.resume(); // what is still on its way is read and dropped
    response.writeHead(status, { ...headers, "x-duration-seconds": duration(started) });
    response.end(body);
  };
  const replica = replicas.pick();
  if (replica === undefined) return void answer(503, `No endpoints available for: ${options.functionName}.`);
  if (options.concurrency > 0 && replica.inFlight >= options.concurrency) {
    return void answer(
      429,
      `Concurrent request limit exceeded. Max concurrent requests: ${options.concurrency}\n`,
      { "x-openfaas-internal": "faas-middleware" },
    );
  }
  forward(request, response, path, replica, options, started, answer);
}

function forward(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  replica: Replica,
  options: GatewayOptions,
  started: bigint,
  answer: (status: number, body?: string, headers?: Record<string, string>) => void,
): void {
  replica.inFlight++;
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !HOP_BY_HOP.has(name)),
  );
  const upstream = httpRequest({
    host: "127.0.0.1",
    port: replica.port,
    path,
    method: request.method,
    headers,
  });
  let done = false;
  const finish = () => {
    if (done) return false;
    done = true;
    clearTimeout(limit);
    replica.inFlight--;
    return true;
  };
  const limit = setTimeout(
    () => {
      if (!finish()) return;
      answer(504, "", { "x-openfaas-internal": "of-watchdog" });
      upstream.destroy();
    },
    requestLimitMs(request, options),
  );
  upstream.on("response", (incoming) => {
    const kept = Object.entries(incoming.headers).filter(([name]) => !HOP_BY_HOP.has(name));
    response.writeHead(incoming.statusCode ?? 500, {
      ...Object.fromEntries(kept),
      "x-duration-seconds": duration(started),
    });
    incoming.on("end", finish);
    incoming.on("error", () => {
      finish();
      response.destroy();
    });
    incoming.pipe(response);
  });
  upstream.on("error", () => {
    if (finish()) answer(500);
  });
  // A client that goes away takes its request with it.
  response.on("close", () => {
    if (!response.writableEnded && finish()) upstream.destroy();
  });
  request.pipe(upstream);
}

/** exec_timeout, or what the caller's X-Timeout says where that is shorter (seconds, `1s`, `500ms`). */
function requestLimitMs(request: IncomingMessage, options: GatewayOptions): number {
  const limit = options.timeoutSeconds * 1000;
  const [, value, unit] =
    /^([0-9.]+)(ms|s)$/.exec((request.headers["x-timeout"] as string | undefined) ?? "") ?? [];
  if (value === undefined) return limit;
  return Math.min(limit, Number(value) * (unit === "ms" ? 1 : 1000));
}

function duration(started: bigint): string {
  return (Number(process.hrtime.bigint() - started) / 1e9).toFixed(6);
}
