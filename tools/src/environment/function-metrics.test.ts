import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseExperiment } from "@slbench/jmeter-plans";
import { afterEach, describe, expect, it, test } from "vitest";
import { openFunction } from "./function.ts";
import { parseProcessorTime, readFunctionMetrics } from "./function-metrics.ts";

describe("parseProcessorTime()", () => {
  const serve =
    "slbench_function_cpu_seconds_total 3.5\nslbench_function_cores 2\nprocess_cpu_seconds_total 1\n";
  const pods = [
    "# HELP cpu Seconds",
    'cpu{pod="ocr-0",container="a"} 10 1700000000000',
    'cpu{pod="ocr-0",container="b"} 2.5e-1',
    'cpu{pod="ocr-1",container="a"} 100',
    'cpu_other{pod="ocr-0"} 7',
    'cpu{pod="a \\"quoted\\" } name"} 1',
  ].join("\n");
  test.each([
    ["what slbench serve says", serve, {}, { cpuSeconds: 3.5, cores: 2 }],
    ["given cores before those", serve, { cores: 8 }, { cpuSeconds: 3.5, cores: 8 }],
    ["a named counter", serve, { counter: "process_cpu_seconds_total" }, { cpuSeconds: 1, cores: 2 }],
    [
      "what clients of Prometheus count",
      "process_cpu_seconds_total 12.5\n",
      { cores: 4 },
      { cpuSeconds: 12.5, cores: 4 },
    ],
    [
      "the sum of a pod's series",
      pods,
      { counter: 'cpu{pod="ocr-0"}', cores: 1 },
      { cpuSeconds: 10.25, cores: 1 },
    ],
    ["the sum of all series", pods, { counter: "cpu", cores: 1 }, { cpuSeconds: 111.25, cores: 1 }],
    [
      "lines that end as on Windows",
      "process_cpu_seconds_total 1\r\n",
      { cores: 1 },
      { cpuSeconds: 1, cores: 1 },
    ],
    ["no such counter", pods, { cores: 1 }, /no slbench_function_cpu_seconds_total and no process_cpu/],
    ["no such series", pods, { counter: 'cpu{pod="ocr-9"}', cores: 1 }, /no cpu\{pod="ocr-9"\}/],
    ["no cores", "process_cpu_seconds_total 1\n", {}, /how many cores/],
    [
      "cores that are not known",
      "process_cpu_seconds_total 1\nslbench_function_cores Nan\n",
      {},
      /how many cores/,
    ],
  ])("finds %s", (_, text, settings, found) => {
    const time = parseProcessorTime(text, settings);
    if (found instanceof RegExp) expect(time).toMatch(found);
    else expect(time).toEqual(found);
  });
});

describe("function.metrics", () => {
  const servers: { close(): void }[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function serve(respond: () => string | number): Promise<string> {
    const server = createServer((_, response) => {
      const answer = respond();
      if (typeof answer === "number") response.writeHead(answer).end();
      else response.end(answer);
    });
    servers.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  }

  const open = (metrics: object) =>
    openFunction(
      parseExperiment(
        JSON.stringify({
          name: "f",
          function: { url: "http://127.0.0.1:9/", metrics },
          request: { lines: "texts.txt" },
          load: { users: [1], thinkTimeSeconds: 0, requestsPerUser: 1 },
        }),
        "f.yaml",
      ),
      "f.yaml",
      undefined as never, // nothing is started
      undefined as never,
    );

  it("gives the processor time of a function that slbench did not start, while it can be read", async () => {
    let answer: string | number = "process_cpu_seconds_total 1\n";
    const target = await open({ url: await serve(() => answer), cores: 2 });
    answer = "process_cpu_seconds_total 5\n";
    expect(await target.readProcessorTime?.()).toEqual({ cpuSeconds: 5, cores: 2 });
    answer = 503;
    expect(await target.readProcessorTime?.()).toBeUndefined();
  });

  it("is checked before the run", async () => {
    const url = await serve(() => "up 1\n");
    await expect(open({ url, cores: 2 })).rejects.toMatchObject({
      code: "RUN_FUNCTION_METRICS",
      message: expect.stringContaining(`from ${url}: it has no `),
      hint: expect.stringContaining("function.metrics.counter"),
    });
  });

  it.each([
    [503, /status 503/],
    ["", /it has no /],
  ])("says what is wrong with an answer of %j", async (answer, why) => {
    const url = await serve(() => answer);
    await expect(readFunctionMetrics({ url, cores: 1 })).rejects.toThrow(why);
  });

  it("says why nothing answered", async () => {
    await expect(readFunctionMetrics({ url: "http://127.0.0.1:9/metrics", cores: 1 })).rejects.toMatchObject({
      message: expect.stringMatching(/127\.0\.0\.1:9/),
      hint: expect.stringContaining("curl"),
    });
  });
});
