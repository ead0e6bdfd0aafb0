import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { startOtlp } from "./otlp.ts";

interface Received {
  readonly path: string | undefined;
  readonly body: string;
}

const NEVER = "never";

/** A collector on loopback, which keeps what it receives. */
async function startCollector(status: number | typeof NEVER = 200) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    received.push({ path: request.url, body: Buffer.concat(chunks).toString() });
    if (status !== NEVER) response.writeHead(status, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    received,
    endpoint: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

interface OtlpMetric {
  readonly name: string;
  readonly sum?: OtlpPoints & { readonly isMonotonic: boolean };
  readonly gauge?: OtlpPoints;
}
interface OtlpPoints {
  readonly dataPoints: readonly {
    readonly asDouble?: number;
    readonly asInt?: number | string;
    readonly attributes: readonly {
      readonly key: string;
      readonly value: { readonly stringValue: string };
    }[];
  }[];
}

it("sends requests, users and cells to a collector, at the latest when the run ends", async () => {
  const collector = await startCollector();
  const warnings: string[] = [];
  const { url, progress, close } = await startOtlp({
    endpoint: collector.endpoint,
    warn: (message) => warnings.push(message),
  });
  expect(url).toBe(`${collector.endpoint.href}v1/metrics`);
  progress.planned({
    ...{ experiment: "face-blur", folder: "/nowhere", order: "random order" },
    cells: [
      {
        ...{ name: "u01-t0-r1", users: 1, thinkTimeSeconds: 0, condition: "1 user, think 0 s" },
        ...{ repetition: 1, state: "planned" },
      },
    ],
  });
  progress.cellStarted({
    ...{ number: 1, cells: 1, users: 1, condition: "1 user, think 0 s", plannedRequests: 10 },
  });
  progress.update({ started: 1, ended: 0, requests: 5, answered: 4, failures: { timeout: 1 } });
  await close();
  await collector.close();
  expect(warnings).toEqual([]);
  const last = collector.received.at(-1);
  expect(last?.path).toBe("/v1/metrics");
  const [resource] = JSON.parse(last?.body ?? "{}").resourceMetrics;
  expect(JSON.stringify(resource.resource)).toContain('"slbench"');
  const metrics: readonly OtlpMetric[] = resource.scopeMetrics[0].metrics;
  const pointsOf = (name: string) => {
    const { sum, gauge } = metrics.find((one) => one.name === name) ?? {};
    return (sum ?? gauge)?.dataPoints.map(({ asDouble, asInt, attributes }) => [
      Number(asDouble ?? asInt),
      ...attributes.map(({ value }) => value.stringValue),
    ]);
  };
  expect(metrics.find(({ name }) => name === "slbench_requests")?.sum?.isMonotonic).toBe(true);
  expect(pointsOf("slbench_requests")).toEqual([
    [4, "u01-t0-r1", "ok"],
    [1, "u01-t0-r1", "timeout"],
  ]);
  expect(pointsOf("slbench_active_users")).toEqual([[1]]);
  expect(pointsOf("slbench_cells")).toEqual([
    [0, "planned"],
    [1, "running"],
  ]);
});

it.each([
  ["refuses", () => startCollector(400)],
  ["fails", () => startCollector(500)],
  ["never answers", () => startCollector(NEVER)],
  [
    "is not there",
    async () => {
      const collector = await startCollector();
      await collector.close();
      return { ...collector, close: async () => {} };
    },
  ],
])("warns once if the collector %s, and ends all the same", { timeout: 15_000 }, async (_, start) => {
  const collector = await start();
  const warnings: string[] = [];
  const { close } = await startOtlp({
    endpoint: collector.endpoint,
    warn: (message) => warnings.push(message),
  });
  await close();
  await collector.close();
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(`metrics do not reach ${collector.endpoint.href}v1/metrics: `);
});
