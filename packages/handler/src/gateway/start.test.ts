// Tests with real gateway and replica processes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { ReplicaChange } from "./options.ts";
import { type LocalFunction, type LocalFunctionOptions, startLocalFunction } from "./start.ts";

const frame = await readFile(new URL("../../testdata/pictures/one-tiny.jpg", import.meta.url));
vi.setConfig({ testTimeout: 60_000 });
const running: LocalFunction[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

async function open(options: LocalFunctionOptions = {}): Promise<LocalFunction> {
  const started = await startLocalFunction({ port: 0, backend: "none", ...options });
  running.push(started);
  return started;
}

interface Received {
  readonly status: number;
  readonly body: string;
}
const post = async (url: string, body: Uint8Array | string = frame): Promise<Received> => {
  const response = await fetch(url, { method: "POST", body: body as BodyInit });
  return { status: response.status, body: await response.text() };
};
const replicaOf = ({ body }: Received) => (JSON.parse(body) as { readonly replica: string }).replica;

/** A request whose body is not complete yet: it is in flight at some replica until `end()`. */
function begin(url: string): { end(): void; response: Promise<Received | "closed"> } {
  const outgoing = request(url, { method: "POST", headers: { "content-length": frame.length } });
  outgoing.write(frame.subarray(0, 100));
  const response = new Promise<Received | "closed">((resolve) => {
    outgoing.once("error", () => resolve("closed"));
    outgoing.once("response", (incoming) => {
      let body = "";
      incoming.setEncoding("utf8").on("data", (part: string) => {
        body += part;
      });
      incoming.once("end", () => resolve({ status: incoming.statusCode ?? 0, body }));
    });
  });
  return { end: () => outgoing.end(frame.subarray(100)), response };
}

/** Processes by their parent, from /proc. */
async function childrenOf(parent: number): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
    if (Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === parent) found.push(Number(name));
  }
  return found;
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const metric = async (url: string, line: string): Promise<number> => {
  const text = await (await fetch(new URL("/metrics", url))).text();
  return Number(
    text
      .split("\n")
      .find((one) => one.startsWith(line))
      ?.split(" ")
      .at(-1),
  );
};

describe("startLocalFunction()", () => {
  test("serves requests; stop() ends every process and may be called twice", async () => {
    const local = await open({ replicas: 2 });
    expect(local.url).toBe(`http://127.0.0.1:${local.port}/function/slblur`);
    expect(local.backend).toBe("none");
    if (process.platform === "linux") {
      // Node's own start takes more.
      expect(await metric(local.url, "slbench_function_cpu_seconds_total")).toBeGreaterThan(0.03);
      expect(await metric(local.url, "slbench_function_cores")).toBeGreaterThan(0);
    }
    expect((await post(local.url)).status).toBe(200);
    const pids = [local.pid, ...(await childrenOf(local.pid))];
    expect(pids.length).toBe(3);
    await local.stop();
    await local.stop();
    expect(pids.filter(isAlive)).toEqual([]);
  });

  test("rejects a host that is no address of this machine", async () => {
    // 192.0.2.0/24 is for documentation: RFC 5737.
    await expect(open({ host: "192.0.2.1" })).rejects.toMatchObject({
      code: "OPTION_WRONG",
      message: "192.0.2.1 is no address of this machine",
    });
  });

  test("uses another port if the requested one is taken, or names it in an error", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    await expect(open({ port })).rejects.toMatchObject({
      code: "GATEWAY_PORT",
      message: expect.stringContaining(String(port)),
    });
    const busy: number[] = [];
    const local = await open({ port, onBusyPort: (taken) => busy.push(taken) });
    expect(busy).toEqual([port]);
    expect(local.port).not.toBe(port);
    other.close();
  });

  test("listens on loopback only", async () => {
    const local = await open();
    const everywhere = createTcpServer().listen(local.port, "127.0.0.2");
    await once(everywhere, "listening"); // fails if the port is taken on every address
    everywhere.close();
  });

  test("a replica that dies fails only its own requests with 500 and is replaced", async () => {
    const local = await open({ replicas: 2 });
    const requests = Array.from({ length: 12 }, () => begin(local.url));
    await expect.poll(() => metric(local.url, "gateway_function_invocation_inflight")).toBe(requests.length);
    const [victim = 0] = await childrenOf(local.pid);
    process.kill(victim, "SIGKILL");
    const first = await Promise.race(requests.map(({ response }) => response));
    expect(first).toEqual({ status: 500, body: "" });
    for (const { end } of requests) end();
    const responses = await Promise.all(requests.map(({ response }) => response));
    const statuses = responses.map((response) => (response === "closed" ? 0 : response.status));
    expect([...new Set(statuses)].sort()).toEqual([200, 500]);
    await expect.poll(() => metric(local.url, "gateway_service_count"), { timeout: 20_000 }).toBe(2);
    const names = new Set<string>();
    for (let i = 0; i < 20; i++) names.add(replicaOf(await post(local.url)));
    expect(names).toContain("slblur-3");
    expect(names.size).toBe(2);
  });

  test("SIGTERM: requests in flight complete, then the gateway ends", async () => {
    const local = await open();
    const last = begin(local.url);
    await expect.poll(() => metric(local.url, "gateway_function_invocation_inflight")).toBe(1);
    process.kill(local.pid, "SIGTERM");
    await expect
      .poll(() =>
        post(local.url).then(
          ({ status }) => status,
          () => "refused",
        ),
      )
      .toBe("refused");
    last.end();
    expect(await last.response).toMatchObject({ status: 200 });
    expect(await local.died).toBe("exit 0");
  });

  test.each(["SIGKILL", "SIGTERM"] as const)(
    "all processes end with a parent that gets %s",
    async (signal) => {
      const script =
        `import { startLocalFunction } from ${JSON.stringify(new URL("start.ts", import.meta.url).href)};` +
        'const fn = await startLocalFunction({ port: 0, backend: "none", replicas: 2 });console.log(String(fn.pid));';
      const parent = spawn(
        process.execPath,
        ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", script],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      onTestFinished(() => void parent.kill("SIGKILL"));
      const [line] = (await once(parent.stdout, "data")) as [Buffer];
      const gateway = Number(line.toString());
      const pids = [gateway, ...(await childrenOf(gateway))];
      expect(pids.length).toBe(3);
      parent.kill(signal);
      await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
    },
  );

  test("a function that cannot start is an error with its reason, and leaves no process behind", async () => {
    await expect(open({ maxBodyBytes: -1 })).rejects.toMatchObject({
      code: "GATEWAY_REPLICA",
      message: expect.stringContaining("SLBENCH_MAX_BODY is -1"),
    });
    expect(await childrenOf(process.pid)).toEqual([]);
  });
});

describe("mode fork", () => {
  test("starts a process for each request", async () => {
    const local = await open({ mode: "fork" });
    const responses = [await post(local.url), await post(local.url)];
    for (const { status, body } of responses) {
      expect(status).toBe(200);
      expect(JSON.parse(body)).toMatchObject({ coldStart: true, replica: "slblur-1", backend: "none" });
    }
  });

  test("an error of the function is a 500 with its message", async () => {
    const local = await open({ mode: "fork" });
    const { status, body } = await post(local.url, "hello!");
    expect(status).toBe(500);
    expect(body).toMatch(/^exit status 1\n\{"error":\{"code":"BODY_NOT_BASE64"/);
  });
});

describe("autoscale", () => {
  test("starts a replica for a request and ends it after its keep-alive; the response says that it waited", async () => {
    const changes: ReplicaChange[] = [];
    const local = await open({
      autoscale: { rule: "per-request", keepAliveSeconds: 0.1, maxReplicas: 2 },
      concurrency: 1,
      onScale: (change) => changes.push(change),
    });
    await expect
      .poll(() =>
        metric(local.url, 'slbench_gateway_replicas{function_name="slblur.openfaas-fn",state="ready"'),
      )
      .toBe(0);
    const held = [begin(local.url), begin(local.url), begin(local.url)];
    await expect.poll(() => metric(local.url, "slbench_gateway_queue")).toBe(1);
    for (const { end } of held) end();
    const responses = await Promise.all(held.map(({ response }) => response));
    const bodies = responses.map(
      (response) => JSON.parse((response as Received).body) as { coldStart: boolean; replica: string },
    );
    expect(new Set(bodies.map(({ replica }) => replica))).toEqual(new Set(["slblur-2", "slblur-3"]));
    expect(bodies.map(({ coldStart }) => coldStart)).toEqual([true, true, true]);
    expect(responses).toMatchObject(Array(3).fill({ status: 200 }));
    await expect.poll(() => childrenOf(local.pid)).toEqual([]);
    expect(Math.max(...changes.map(({ ready, starting }) => ready + starting))).toBe(2);
    expect(changes.at(-1)).toMatchObject({ wanted: 0, ready: 0, starting: 0, ending: 0 });
  });

  test("a client that disconnects while it waits is noticed, however large its body", async () => {
    const local = await open({
      autoscale: { rule: "per-request", keepAliveSeconds: 0, maxReplicas: 1, startSeconds: 3600 },
    });
    const leaving = new AbortController();
    const body = new Uint8Array(3_000_000);
    const gone = fetch(local.url, { method: "POST", body, signal: leaving.signal }).catch(() => "gone");
    await expect.poll(() => metric(local.url, "slbench_gateway_queue")).toBe(1);
    leaving.abort();
    expect(await gone).toBe("gone");
    await expect.poll(() => metric(local.url, "slbench_gateway_queue")).toBe(0);
  });

  test.each([
    [{ mode: "fork" }, "autoscale is given with mode fork"],
    [{ concurrency: 2 }, "rule per-request is given with a concurrency of 2"],
  ] as const)("rejects %o", async (options, message) => {
    const autoscale = { rule: "per-request", keepAliveSeconds: 1, maxReplicas: 2 } as const;
    await expect(open({ autoscale, ...options })).rejects.toMatchObject({ code: "OPTION_WRONG", message });
  });
});
