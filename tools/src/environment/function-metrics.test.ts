import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseExperiment } from "@slbench/jmeter-plans";
import { afterEach, describe, expect, it, test } from "vitest";
import { openFunction } from "./function.ts";
import {
  type FunctionMetrics,
  parseProcessorCounts,
  readFunctionMetrics,
  timeBetween,
} from "./function-metrics.ts";

/** The sum of what is found and the cores, or what is missing. */
function parse(text: string, settings: Pick<FunctionMetrics, "counter" | "cores">) {
  const found = parseProcessorCounts(text, settings);
  if ("missing" in found) return `${found.missing}: ${found.field}`;
  return { cpuSeconds: [...found.series.values()].reduce((sum, one) => sum + one, 0), cores: found.cores };
}

describe("parseProcessorCounts()", () => {
  const serve =
    "slbench_function_cpu_seconds_total 3.5\nslbench_function_cores 2\nprocess_cpu_seconds_total 1\n";
  const pods = [
    "# HELP cpu Seconds",
    'cpu{pod="ocr-0",container="a"} 10 1700000000000',
    'cpu{pod="ocr-0",container="b"} 2.5e-1',
    'cpu {pod="ocr-1", container="a"}\t100 1700000000.123 # {trace="x"} 1',
    'cpu_other{pod="ocr-0"} 7',
    'cpu{pod="a \\"quoted\\" } name"} 1',
    'cpu{pod="torn"} 1e-',
    'cpu{pod="none"} NaN',
  ].join("\n");
  test.each([
    [
      "two series with blanks in their labels",
      'cpu{pod = "a"} 1\ncpu{pod = "b"} 2\n',
      { counter: "cpu", cores: 1 },
      { cpuSeconds: 3, cores: 1 },
    ],
    ["what slbench serve reports", serve, {}, { cpuSeconds: 3.5, cores: 2 }],
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
    [
      "one series",
      pods,
      { counter: 'cpu{container="a",pod="ocr-1"}', cores: 1 },
      { cpuSeconds: 100, cores: 1 },
    ],
    ["the sum of all series", pods, { counter: "cpu", cores: 1 }, { cpuSeconds: 111.25, cores: 1 }],
    [
      "lines that end as on Windows",
      "process_cpu_seconds_total  1\r\n",
      { cores: 1 },
      { cpuSeconds: 1, cores: 1 },
    ],
    [
      "no such counter",
      pods,
      { cores: 1 },
      "no slbench_function_cpu_seconds_total or process_cpu_seconds_total found: counter",
    ],
    ["no such series", pods, { counter: 'cpu{pod="ocr-9"}', cores: 1 }, 'no cpu{pod="ocr-9"} found: counter'],
    [
      "no cores",
      "process_cpu_seconds_total 1\n",
      {},
      "no slbench_function_cores found, and function.metrics.cores is not set: cores",
    ],
    [
      "cores that are not known",
      `process_cpu_seconds_total 1\nslbench_function_cores NaN\n`,
      {},
      expect.stringMatching(/: cores$/),
    ],
  ])("finds %s", (_, text, settings, found) => {
    expect(parse(text, settings)).toEqual(found);
  });
});

describe("timeBetween()", () => {
  const counts = (series: Readonly<Record<string, number>>) => ({
    series: new Map(Object.entries(series)),
    cores: 2,
  });
  const before = counts({ a: 10, b: 1 });
  test.each([
    ["adds up what the series grew by", before, counts({ b: 1.5, a: 12 }), { cpuSeconds: 2.5, cores: 2 }],
    ["does not know it if a series was reset", before, counts({ a: 99, b: 0.5 }), undefined],
    ["does not know it if a series went", before, counts({ a: 99 }), undefined],
    ["does not know it if a series came", before, counts({ a: 12, c: 9 }), undefined],
    ["does not know it if nothing was counted", before, before, undefined],
    ["does not know it without the first counts", undefined, before, undefined],
    ["does not know it without the last ones", before, undefined, undefined],
  ])("%s", (_, first, last, found) => {
    expect(timeBetween(first, last)).toEqual(found);
  });
});

describe("function.metrics", () => {
  const servers: { close(): void }[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function serve(respond: () => string | number): Promise<string> {
    const server = createServer((_, response) => {
      const given = respond();
      if (typeof given === "number") response.writeHead(given).end();
      else response.end(given);
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
    let response: string | number = "process_cpu_seconds_total 1\n";
    const target = await open({ url: await serve(() => response), cores: 2 });
    const end = await target.watchProcessorTime?.();
    response = "process_cpu_seconds_total 5\n";
    expect(await end?.()).toEqual({ cpuSeconds: 4, cores: 2 });
    response = 503;
    expect(await end?.()).toBeUndefined();
  });

  it("is checked before the run", async () => {
    const url = await serve(() => "up 1\n");
    await expect(open({ url, cores: 2 })).rejects.toMatchObject({
      code: "RUN_FUNCTION_METRICS",
      message: expect.stringContaining(`from ${url}: no slbench_function_cpu_seconds_total or `),
      hint: expect.stringContaining("function.metrics.counter"),
    });
  });

  it.each([
    [503, /status 503/],
    ["", /no slbench_function_cpu_seconds_total/],
  ])("says what is wrong with a response of %j", async (response, why) => {
    const url = await serve(() => response);
    await expect(readFunctionMetrics({ url, cores: 1 })).rejects.toThrow(why);
  });

  it("names no token of the address", async () => {
    const url = `${await serve(() => 403)}?token=secret`;
    const error = await readFunctionMetrics({ url, cores: 1 }).catch(String);
    expect(error).toContain("status 403");
    expect(error).not.toContain("secret");
  });

  it("says why nothing responded", async () => {
    await expect(readFunctionMetrics({ url: "http://127.0.0.1:9/metrics", cores: 1 })).rejects.toMatchObject({
      message: expect.stringMatching(/127\.0\.0\.1:9/),
      hint: expect.stringContaining("curl"),
    });
  });
});
