import { randomUUID, timingSafeEqual } from "node:crypto";
import type { Server } from "node:http";
import { createGuardedServer } from "../http/guarded-server.ts";
import { type Exchange, hangUp, respond } from "./exchange.ts";
import type { GatewayMetrics } from "./metrics.ts";
import type { GatewayOptions } from "./options.ts";
import type { Pool } from "./pool.ts";

const PLAIN = { "content-type": "text/plain; charset=utf-8" };

/**
 * The gateway: finds the function, passes requests on to its replicas, enforces its own time limits and counts requests.
 * @param pool undefined until the replicas are ready
 */
export function createGatewayServer(
  options: GatewayOptions,
  pool: () => Pool | undefined,
  metrics: GatewayMetrics,
): Server {
  const upstreamSeconds = options.upstreamTimeoutSeconds ?? options.timeoutSeconds + 1;
  const writeSeconds = options.writeTimeoutSeconds ?? options.timeoutSeconds + 2;

  /** Responds 502 at upstream_timeout. If write_timeout is not longer, only closes the connection. */
  const limit = (exchange: Exchange): void => {
    const { response } = exchange;
    const upstream = setTimeout(() => respond(exchange, 502), upstreamSeconds * 1000);
    const write = setTimeout(() => hangUp(exchange), writeSeconds * 1000);
    if (writeSeconds <= upstreamSeconds) clearTimeout(upstream);
    response.once("close", () => {
      clearTimeout(upstream);
      clearTimeout(write);
    });
  };

  const invoke = (exchange: Exchange): void => {
    const { response } = exchange;
    const end = metrics.begin();
    response.once("close", () => end(response.headersSent ? response.statusCode : 0));
    const replicas = pool();
    if (replicas === undefined) {
      return void respond(exchange, 503, PLAIN, `No endpoints available for: ${options.functionName}.`);
    }
    delete exchange.request.headers["x-slbench-cold-start"]; // the gateway's own word to the function
    limit(exchange);
    replicas.invoke(exchange);
  };

  const system = (exchange: Exchange, path: string): void => {
    if (!isAdmin(exchange.request.headers.authorization, options.adminPassword)) {
      return void respond(
        exchange,
        401,
        { ...PLAIN, "www-authenticate": 'Basic realm="Restricted"' },
        "invalid credentials",
      );
    }
    if (path !== "/system/functions") return void respond(exchange, 404, PLAIN, "404 page not found\n");
    const { wanted = 0, ready = 0 } = pool()?.count() ?? {};
    const functions = [{ name: options.functionName, replicas: wanted, availableReplicas: ready }];
    respond(exchange, 200, { "content-type": "application/json" }, JSON.stringify(functions));
  };

  // also serves as OpenFaaS's read_timeout
  return createGuardedServer({ requestSeconds: writeSeconds }, (request, response) => {
    const started = process.hrtime.bigint();
    request.headers["x-call-id"] ??= randomUUID(); // also passed to the function
    response.setHeader("x-call-id", request.headers["x-call-id"]);
    response.setHeader("x-start-time", String(BigInt(Date.now()) * 1_000_000n));
    const url = request.url ?? "/";
    const [, name, rest = ""] = /^\/function\/([^/?]+)(.*)$/s.exec(url) ?? [];
    const exchange: Exchange = {
      request,
      response,
      body: request,
      path: rest.startsWith("/") ? rest : `/${rest}`,
      started,
    };
    const [path = "/"] = url.split("?");
    if (name === options.functionName || name === `${options.functionName}.openfaas-fn`) invoke(exchange);
    else if (name !== undefined) respond(exchange, 404, PLAIN, `error finding function ${name}: not found\n`);
    else if (path === "/healthz") respond(exchange, 200, PLAIN, "OK");
    else if (path === "/metrics") {
      metrics.render().then(
        (text) => respond(exchange, 200, { "content-type": metrics.contentType }, text),
        () => respond(exchange, 500),
      );
    } else if (path.startsWith("/system/")) system(exchange, path);
    else respond(exchange, 404, PLAIN, "404 page not found\n");
  });
}

function isAdmin(header: string | undefined, password: string | undefined): boolean {
  if (password === undefined) return false;
  const [, given = ""] = /^Basic (.+)$/.exec(header ?? "") ?? [];
  const found = Buffer.from(given, "base64");
  const wanted = Buffer.from(`admin:${password}`);
  return found.length === wanted.length && timingSafeEqual(found, wanted);
}
