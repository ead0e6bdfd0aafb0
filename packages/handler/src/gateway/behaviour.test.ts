// One test for each row of docs/decisions/local-gateway.md.
import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { noneDetector } from "../detectors/none.ts";
import { createFunctionServer } from "../http/server.ts";
import { createForkWatchdog } from "./fork-watchdog.ts";
import { createGatewayServer } from "./gateway-server.ts";
import { createHttpWatchdog } from "./http-watchdog.ts";
import { createMetrics } from "./metrics.ts";
import { type GatewayOptions, gatewayDefaults } from "./options.ts";
import { invokeAny, type Pool } from "./pool.ts";
import type { Watchdog, WatchdogOptions } from "./watchdog.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  const server = createServer(handle);
  return start(server);
}
async function start(server: ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

/** What a client sees: a response, or a connection that closes without one. */
interface Seen {
  readonly status: number | "closed";
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

function ask(port: number, path = "/", headers: Record<string, string> = {}, body = ""): Promise<Seen> {
  return new Promise((resolve) => {
    const outgoing = request(
      { port, path, method: "POST", headers: { ...headers, "content-length": Buffer.byteLength(body) } },
      (incoming) => {
        let text = "";
        incoming.setEncoding("utf8").on("data", (part: string) => {
          text += part;
        });
        incoming.once("close", () =>
          resolve({ status: incoming.statusCode ?? 0, body: text, headers: incoming.headers }),
        );
      },
    );
    outgoing.on("error", () => resolve({ status: "closed", body: "", headers: {} }));
    // If a response arrives while the body is still being sent, Node leaves the socket without a listener.
    outgoing.once("socket", (socket) => socket.on("error", () => {}));
    outgoing.end(body);
  });
}

/** A function whose behaviour depends on the path; `held` contains the requests that wait for a release. */
let held: ServerResponse[] = [];
let functionPort = 0;
beforeEach(async () => {
  held = [];
  functionPort = await listen((incoming, response) => {
    const path = incoming.url ?? "/";
    incoming.resume();
    if (path.startsWith("/hold")) held.push(response);
    else if (path.startsWith("/die")) incoming.socket.destroy();
    else if (path.startsWith("/teapot")) response.writeHead(418, { "x-own": "yes" }).end("short and stout");
    else if (path.startsWith("/cold")) response.end(String(incoming.headers["x-slbench-cold-start"]));
    else if (path === "/_/ready") response.writeHead(200).end("warm");
    else incoming.once("close", () => response.end(`got ${path} ${incoming.headers["x-call-id"] ?? ""}`));
  });
});

const limits: WatchdogOptions = { name: "one", maxInFlight: 2, execSeconds: 20 };

async function serveWatchdog(watchdog: Watchdog): Promise<number> {
  return listen((incoming, response) =>
    watchdog.handle({
      request: incoming,
      response,
      body: incoming,
      path: incoming.url ?? "/",
      started: process.hrtime.bigint(),
    }),
  );
}

describe("of-watchdog, mode=http", () => {
  const http = (options: Partial<WatchdogOptions> = {}) =>
    serveWatchdog(createHttpWatchdog({ ...limits, ...options }, functionPort));

  test("exec_timeout reached: 504, empty, of-watchdog, with its duration", async () => {
    const seen = await ask(await http({ execSeconds: 0.05 }), "/hold");
    expect(seen).toMatchObject({ status: 504, body: "", headers: { "x-openfaas-internal": "of-watchdog" } });
    expect(Number(seen.headers["x-duration-seconds"])).toBeGreaterThanOrEqual(0.05);
  });

  test("X-Timeout shortens the limit", async () => {
    const seen = await ask(await http(), "/hold", { "x-timeout": "50ms" });
    expect(seen.status).toBe(504);
    expect(Number(seen.headers["x-duration-seconds"])).toBeLessThan(10);
  });

  test("X-Timeout cannot lengthen it", async () => {
    const seen = await ask(await http({ execSeconds: 0.05 }), "/hold", { "x-timeout": "1m" });
    expect(seen.status).toBe(504);
    expect(Number(seen.headers["x-duration-seconds"])).toBeLessThan(10);
  });

  test("write_timeout shorter than the function: closed, only when the function ends", async () => {
    const port = await http({ writeSeconds: 0.02 });
    let settled = false;
    const asked = ask(port, "/hold").then((seen) => {
      settled = true;
      return seen;
    });
    await expect.poll(() => held.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(settled).toBe(false);
    held[0]?.end("too late");
    expect((await asked).status).toBe("closed");
  });

  test("max_inflight reached: 429 from faas-middleware; free again after a response", async () => {
    const port = await http();
    const busy = [ask(port, "/hold"), ask(port, "/hold")];
    await expect.poll(() => held.length).toBe(2);
    expect(await ask(port)).toMatchObject({
      status: 429,
      body: "Concurrent request limit exceeded. Max concurrent requests: 2\n",
      headers: { "x-openfaas-internal": "faas-middleware" },
    });
    expect((await ask(port, "/_/ready")).status).toBe(429);
    for (const response of held) response.end("done");
    await Promise.all(busy);
    await expect.poll(async () => (await ask(port)).status).toBe(200);
  });

  test("a client that disconnects frees its slot", async () => {
    const port = await http({ maxInFlight: 1 });
    const leaving = new AbortController();
    const gone = fetch(`http://127.0.0.1:${port}/hold`, { signal: leaving.signal }).catch(() => "gone");
    await expect.poll(() => held.length).toBe(1);
    leaving.abort();
    expect(await gone).toBe("gone");
    await expect.poll(async () => (await ask(port)).status).toBe(200);
  });

  test("the function's own status, headers and body are forwarded", async () => {
    expect(await ask(await http(), "/teapot")).toMatchObject({
      status: 418,
      body: "short and stout",
      headers: { "x-own": "yes" },
    });
  });

  test("the function is killed during a request: 500, empty", async () => {
    expect(await ask(await http(), "/die")).toMatchObject({ status: 500, body: "" });
  });

  test("/_/health: 200 OK; 503 after SIGTERM", async () => {
    const watchdog = createHttpWatchdog(limits, functionPort);
    const port = await serveWatchdog(watchdog);
    expect(await ask(port, "/_/health")).toMatchObject({ status: 200, body: "OK" });
    watchdog.drain();
    expect((await ask(port, "/_/health")).status).toBe(503);
  });

  test("/_/ready: the function's response", async () => {
    expect(await ask(await http(), "/_/ready")).toMatchObject({ status: 200, body: "warm" });
  });
});

describe("classic watchdog, a process per request", () => {
  const fork = (script: string, options: Partial<WatchdogOptions> = {}) =>
    serveWatchdog(
      createForkWatchdog(
        { ...limits, ...options },
        { command: process.execPath, args: ["-e", script], env: { GREETING: "hi" } },
      ),
    );

  test("body on standard input, headers in the environment, response on standard output", async () => {
    const script =
      'let b="";process.stdin.on("data",(d)=>b+=d).on("end",()=>' +
      "console.log(process.env.GREETING,process.env.Http_X_Some_Thing,process.env.Http_Method,b))";
    expect(await ask(await fork(script), "/", { "x-some-thing": "there" }, "body")).toMatchObject({
      status: 200,
      body: "hi there POST body\n",
      headers: { "content-type": "application/json" },
    });
  });

  test("exec_timeout reached: 408 Killed process., and the process has ended", async () => {
    const seen = await ask(await fork("setInterval(()=>{},1000)", { execSeconds: 0.1 }));
    expect(seen).toMatchObject({ status: 408, body: "Killed process.\n" });
  });

  test("the function fails: 500, exit status and its output", async () => {
    expect(await ask(await fork('console.log("no luck");process.exitCode=3'))).toMatchObject({
      status: 500,
      body: "exit status 3\nno luck\n",
    });
  });

  test("the function is killed: 500 and the signal", async () => {
    expect(await ask(await fork('process.kill(process.pid,"SIGKILL")'))).toMatchObject({
      status: 500,
      body: "signal: killed\n",
    });
  });

  test("a program that cannot be started: 500", async () => {
    const watchdog = createForkWatchdog(limits, { command: "/no/such/program", args: [], env: {} });
    expect((await ask(await serveWatchdog(watchdog))).status).toBe(500);
  });

  test("write_timeout shorter than the function: closed", async () => {
    expect((await ask(await fork("0", { writeSeconds: 0.001 }))).status).toBe("closed");
  });

  test("max_inflight reached: the same 429", async () => {
    const reader = { command: process.execPath, args: ["-e", "process.stdin.resume()"], env: {} };
    const watchdog = createForkWatchdog({ ...limits, maxInFlight: 1 }, reader);
    const port = await serveWatchdog(watchdog);
    const first = request({ port, method: "POST", headers: { "content-length": 5 } });
    first.write("abc");
    await expect.poll(() => watchdog.inFlight).toBe(1);
    expect((await ask(port)).status).toBe(429);
    const firstResponse = once(first, "response");
    first.end("de");
    const [response] = await firstResponse;
    expect(response.statusCode).toBe(200);
    response.resume();
    await expect.poll(() => watchdog.inFlight).toBe(0);
    expect((await ask(port)).status).toBe(200);
  });

  test("/_/health: 200 OK", async () => {
    expect(await ask(await fork("0"), "/_/health")).toMatchObject({ status: 200, body: "OK" });
  });
});

describe("through the gateway", () => {
  const open = async (
    options: Partial<GatewayOptions> = {},
    watchdogs?: readonly Watchdog[],
    invoke?: Pool["invoke"],
  ) => {
    const settings = { ...gatewayDefaults, ...options };
    const ready = watchdogs ?? [
      createHttpWatchdog({ ...limits, execSeconds: settings.timeoutSeconds }, functionPort),
    ];
    const count = { wanted: 1, ready: ready.length, starting: 0, ending: 0, queued: 0 };
    const pool: Pool = {
      ...{ backend: "none", count: () => count, invoke: invoke ?? invokeAny(ready, settings.functionName) },
      ...{ drain() {}, stop: async () => {} },
    };
    return start(createGatewayServer(settings, () => pool, createMetrics("slblur.openfaas-fn")));
  };
  const path = "/function/slblur";

  test("upstream_timeout shorter than the function: 502, empty", async () => {
    const port = await open({ upstreamTimeoutSeconds: 0.05 });
    expect(await ask(port, `${path}/hold`)).toMatchObject({ status: 502, body: "" });
  });

  test("upstream_timeout reached while waiting for a replica: 502, empty", async () => {
    const port = await open({ upstreamTimeoutSeconds: 0.05 }, [], () => {});
    expect(await ask(port, path)).toMatchObject({ status: 502, body: "" });
  });

  test("read = write = upstream timeout: closed with no status", async () => {
    const port = await open({ upstreamTimeoutSeconds: 0.05, writeTimeoutSeconds: 0.05 });
    expect((await ask(port, `${path}/hold`)).status).toBe("closed");
  });

  test("exec_timeout shorter than upstream: the watchdog's 504 unchanged", async () => {
    const port = await open({ timeoutSeconds: 0.05 });
    expect(await ask(port, `${path}/hold`)).toMatchObject({
      status: 504,
      body: "",
      headers: { "x-openfaas-internal": "of-watchdog" },
    });
  });

  test("exec_timeout shorter than upstream: the classic watchdog's 408 unchanged", async () => {
    const slow = { command: process.execPath, args: ["-e", "setInterval(()=>{},1000)"], env: {} };
    const port = await open({}, [createForkWatchdog({ ...limits, execSeconds: 0.1 }, slow)]);
    expect(await ask(port, path)).toMatchObject({ status: 408, body: "Killed process.\n" });
  });

  test("no replica: 503; unknown function: 404", async () => {
    const port = await open({}, []);
    expect(await ask(port, path)).toMatchObject({
      status: 503,
      body: "No endpoints available for: slblur.",
    });
    expect((await ask(port, "/function/other")).status).toBe(404);
    expect((await ask(port, "/")).status).toBe(404);
  });

  test("wrong credentials on /system/*: 401; correct ones: the functions; /function/* stays open", async () => {
    const port = await open({ adminPassword: "secret" });
    const authorization = (password: string) =>
      `Basic ${Buffer.from(`admin:${password}`).toString("base64")}`;
    for (const headers of [{}, { authorization: authorization("wrong") }, { authorization: "Bearer x" }]) {
      expect(await ask(port, "/system/functions", headers as Record<string, string>)).toMatchObject({
        status: 401,
        body: "invalid credentials",
      });
    }
    const seen = await ask(port, "/system/functions", { authorization: authorization("secret") });
    expect(JSON.parse(seen.body)).toEqual([{ name: "slblur", replicas: 1, availableReplicas: 1 }]);
    expect((await ask(port, path)).status).toBe(200);
    expect((await ask(await open(), "/system/functions", { authorization: authorization("") })).status).toBe(
      401,
    );
  });

  test("responses carry X-Call-Id, X-Start-Time and X-Duration-Seconds; the function receives the id", async () => {
    const port = await open();
    const before = Date.now();
    const { headers, body } = await ask(port, `${path}/a/b?c=d`);
    expect(headers["x-call-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(body).toBe(`got /a/b?c=d ${headers["x-call-id"]}`);
    const started = Number(BigInt(String(headers["x-start-time"])) / 1_000_000n);
    expect(started).toBeGreaterThanOrEqual(before);
    expect(started).toBeLessThanOrEqual(Date.now());
    expect(headers["x-duration-seconds"]).toMatch(/^\d+\.\d{6}$/);
    expect((await ask(port, path, { "x-call-id": "mine" })).headers["x-call-id"]).toBe("mine");
  });

  test("a client cannot tell the function that it starts cold", async () => {
    const seen = await ask(await open(), `${path}/cold`, { "x-slbench-cold-start": "true" });
    expect(seen.body).toBe("undefined");
  });

  test("/healthz, and the function's health by its namespaced name", async () => {
    const port = await open();
    expect(await ask(port, "/healthz")).toMatchObject({ status: 200, body: "OK" });
    expect(await ask(port, "/function/slblur.openfaas-fn/_/health")).toMatchObject({
      status: 200,
      body: "OK",
    });
  });

  test("/metrics counts requests by code, in flight, and their durations", async () => {
    const port = await open({ upstreamTimeoutSeconds: 10, writeTimeoutSeconds: 10 });
    await ask(port, path);
    await ask(port, `${path}/teapot`);
    await ask(port, `${path}/teapot`);
    const waiting = ask(port, `${path}/hold`);
    await expect.poll(() => held.length).toBe(1);
    const { body, headers } = await ask(port, "/metrics");
    expect(headers["content-type"]).toContain("version=0.0.4");
    const name = 'function_name="slblur.openfaas-fn"';
    expect(body).toContain(`gateway_function_invocation_total{${name},code="200"} 1`);
    expect(body).toContain(`gateway_function_invocation_total{${name},code="418"} 2`);
    expect(body).toContain(`gateway_function_invocation_started{${name}} 4`);
    expect(body).toContain(`gateway_function_invocation_inflight{${name}} 1`);
    expect(body).toContain(`gateway_functions_seconds_count{${name},code="418"} 2`);
    expect(body).toMatch(
      /gateway_functions_seconds_bucket\{le="25",function_name="slblur.openfaas-fn",code="200"\} 1/,
    );
    held[0]?.end();
    await waiting;
    await expect
      .poll(async () => (await ask(port, "/metrics")).body)
      .toContain(`gateway_function_invocation_inflight{${name}} 0`);
  });

  test("a response sent before the body was read completely arrives whole", async () => {
    const small = createFunctionServer({ detector: noneDetector, replica: "r", maxBodyBytes: 1_000 });
    const port = await open({}, [createHttpWatchdog(limits, await start(small))]);
    for (let i = 0; i < 5; i++) {
      const seen = await ask(port, path, {}, "a".repeat(5_000_000));
      expect(seen.status).toBe(413);
      expect(JSON.parse(seen.body)).toMatchObject({ error: { code: "BODY_TOO_LARGE" } });
    }
  });
});
