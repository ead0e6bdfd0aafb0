// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${env:NAME} is literal text here
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseExperiment } from "@slbench/jmeter-plans";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { initExperiment } from "./init.ts";
import { proposeResponse } from "./propose.ts";

const json = (body: object, headers = {}) => ({
  ...{ status: 200, seconds: 0.1, contentType: "application/json", headers, body: JSON.stringify(body) },
});

describe("proposeResponse()", () => {
  test.each([
    [
      "a classifier",
      json({ label: "cat", score: 1, inference_ms: 3 }),
      { valid: { status: 200, json: ["/label"] }, times: { mlSeconds: "{ json: /inference_ms, unit: ms }" } },
    ],
    ["a chat", json({ choices: [{ message: { content: "hi" } }] }), { preset: "openai-chat" }],
    ["a SeBS function", json({ is_cold: true, container_id: "a", result: {} }), { preset: "sebs" }],
    [
      "a SeBS function on OpenWhisk",
      json({ is_cold: true, request_id: "a", result: {} }),
      { preset: "sebs" },
    ],
    ["KServe", json({ outputs: [{ datatype: "FP32", data: [1] }] }), { preset: "kserve-v2" }],
    [
      "cold start and replica",
      json({ meta: { cold_start: false, instance_id: "i-1" } }),
      { coldStart: "json: /meta/cold_start", replica: "json: /meta/instance_id" },
    ],
    [
      "a time in a header",
      json({ result: 1 }, { "x-duration-seconds": "0.2" }),
      { times: { handlerSeconds: "{ header: x-duration-seconds }" } },
    ],
    [
      "Server-Timing",
      json({ result: 1 }, { "server-timing": 'cache;desc="hit", model;dur=3, db-read;dur=1' }),
      { times: { mlSeconds: '{ serverTiming: "model" }', dbReadSeconds: '{ serverTiming: "db-read" }' } },
    ],
    [
      "a time both in Server-Timing and in the body",
      json({ result: 1, timings: { model_ms: 3, queue_ms: 1 } }, { "server-timing": "model;dur=3" }),
      {
        times: {
          mlSeconds: '{ serverTiming: "model" }',
          queueSeconds: "{ json: /timings/queue_ms, unit: ms }",
        },
      },
    ],
    [
      "times in an object",
      json({ result: 1, latency_ms: { model: 3, preprocess: 1 }, timings: { total: 0.1 }, items: 3 }),
      {
        times: {
          mlSeconds: "{ json: /latency_ms/model, unit: ms }",
          preprocessSeconds: "{ json: /latency_ms/preprocess, unit: ms }",
          handlerSeconds: "{ json: /timings/total }",
        },
      },
    ],
    [
      "two times of the model",
      json({ result: 1, modelMs: 3, inference_time: 1 }),
      { times: { mlSeconds: "{ json: /modelMs, unit: ms }", inferenceSeconds: "{ json: /inference_time }" } },
    ],
    [
      "a stream of a chat",
      {
        ...{ status: 200, seconds: 0.1 },
        contentType: "text/event-stream",
        headers: {},
        body: 'data: {"object":"chat.completion.chunk"}',
      },
      { preset: "openai-chat-stream" },
    ],
    [
      "plain text",
      { status: 200, seconds: 0.1, contentType: "text/plain", headers: {}, body: "hello" },
      { valid: { status: 200 }, times: {} },
    ],
  ])("reads %s", (_, seen, proposal) => {
    const proposed = proposeResponse(seen);
    expect(proposed).toMatchObject(proposal);
    if ("times" in proposal) expect(proposed.times).toEqual(proposal.times);
  });
});

test("proposeResponse() writes pointers that a flow map can hold", () => {
  const { valid, ...proposed } = proposeResponse(json({ "latency, ms": 5, "a: cold": true, result: 1 }));
  expect(valid.json).toEqual(["/result"]);
  expect(proposed).toMatchObject({
    times: { handlerSeconds: '{ json: "/latency, ms", unit: ms }' },
    coldStart: 'json: "/a: cold"',
  });
});

test.each(["uptime", "datetime", "created_time", "expires_seconds", "timestamp_ms"])(
  "proposeResponse() takes %s for no duration",
  (name) => {
    const headers = { [`x-${name}-seconds`]: "5" };
    expect(proposeResponse(json({ result: 1, [name]: 5 }, headers)).times).toEqual({});
  },
);

test("proposeResponse() takes no number for a time because of a name that every object has", () => {
  expect(proposeResponse(json({ result: 1, items: 3, constructor: 4 })).times).toEqual({});
});

describe("initExperiment()", () => {
  const work = mkdtempSync(join(tmpdir(), "slbench-init-"));
  let server: Server;
  let url = "";
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === "/echo") {
        response.writeHead(200, { "Content-Type": request.headers["content-type"] });
        request.pipe(response);
        return;
      }
      request.resume();
      if (request.url === "/private" && request.headers.authorization !== "Bearer open sesame") {
        response.writeHead(401).end("who are you?");
        return;
      }
      if (request.url === "/private") {
        response.end(JSON.stringify({ label: "cat", echo: request.headers.authorization }));
        return;
      }
      response.writeHead(request.url === "/none" ? 404 : 200, { "Content-Type": "application/json" });
      const answer = () => response.end('{"label":"cat","inference_ms":3}');
      if (request.url === "/slow") setTimeout(answer, 200);
      else answer();
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
    rmSync(work, { recursive: true, force: true });
  });

  test("writes an experiment that can be run, with the payload it was given", async () => {
    const payload = join(work, "a cat: 1.jpg");
    writeFileSync(payload, "picture");
    const { files, seen } = await initExperiment({ url, payload, out: join(work, "payload") });
    expect(seen).toContain('POST 200 application/json: {"label":"cat"');
    const experiment = parseExperiment(readFileSync(files[0]!, "utf8"), "experiment.yaml");
    expect(experiment.request.files).toBe(payload);
    expect(experiment.load).toMatchObject({ start: "together", repetitions: 3 });
    expect(experiment.response).toMatchObject({
      valid: { status: 200, json: { "/label": "present" } },
      times: { mlSeconds: { json: "/inference_ms", unit: "ms" } },
    });
  });

  test("names a payload in the experiment's folder by its relative path", async () => {
    const out = join(work, "relative");
    mkdirSync(join(out, "texts"), { recursive: true });
    const payload = join(out, "texts", "a.json");
    writeFileSync(payload, "{}");
    const { files } = await initExperiment({ url, payload, out });
    const experiment = parseExperiment(readFileSync(files[0]!, "utf8"), "experiment.yaml");
    expect(experiment.request.files).toBe(join("texts", "a.json"));
  });

  test.each([
    ["/v1/classify?size=2", "classify", 120],
    ["/function/face%20blur", "face-blur", 120],
    ["/", "function", 120],
  ])("names the experiment after %s, with enough requests for a verdict", async (path, name, requests) => {
    const { files } = await initExperiment({
      url: `${url}${path}`,
      out: join(work, name, String(path.length)),
    });
    const experiment = parseExperiment(readFileSync(files[0]!, "utf8"), "experiment.yaml");
    expect(experiment).toMatchObject({ name, load: { requestsPerUser: requests } });
  });

  test("writes every header, payload and name as a text", async () => {
    const payload = join(work, "123");
    writeFileSync(payload, "picture");
    const { files } = await initExperiment({
      ...{ url: `${url}/true`, out: work, payload },
      header: ["X-Flag: true", "X-Version: 1.0", "X-None: -", "X-Empty: ~"],
    });
    const experiment = parseExperiment(readFileSync(files[0]!, "utf8"), "experiment.yaml");
    expect(experiment).toMatchObject({
      name: "true",
      function: { headers: { "X-Flag": "true", "X-Version": "1.0", "X-None": "-", "X-Empty": "~" } },
      request: { files: "123" },
    });
  });

  test("sends the first line of JSON lines, and measures with all of them", async () => {
    const payload = join(work, "questions.jsonl");
    writeFileSync(payload, '\n{"q":1}\n{"q":2}\n');
    const { files, seen } = await initExperiment({ url: `${url}/echo`, payload, out: join(work, "lines") });
    expect(seen).toContain('POST 200 application/json: {"q":1}');
    const { request } = parseExperiment(readFileSync(files[0]!, "utf8"), "experiment.yaml");
    expect(request).toMatchObject({ lines: payload, contentType: "application/json" });
  });

  test("asks a slow function less often, and says so", async () => {
    const { files } = await initExperiment({ url: `${url}/slow`, out: join(work, "slow") });
    const [, requests] =
      /requestsPerUser: (\d+) # 120 would show/.exec(readFileSync(files[0]!, "utf8")) ?? [];
    expect(Number(requests)).toBeLessThan(80);
  });

  test.each(["python", "node"] as const)(
    "writes a %s function that is measured in three runs",
    async (kind) => {
      const { files } = await initExperiment({ function: kind, out: join(work, kind) });
      const experiment = parseExperiment(readFileSync(files.at(-1)!, "utf8"), "experiment.yaml");
      expect(experiment.load).toMatchObject({ start: "together", repetitions: 3 });
    },
  );

  test("never replaces a file", async () => {
    const options = { url, out: join(work, "twice") };
    await initExperiment(options);
    await expect(initExperiment(options)).rejects.toMatchObject({ code: "FILE_EXISTS", exitCode: 2 });
  });

  test.each([
    ["no function at all", {}, "USAGE_INIT"],
    ["an address without http", { url: "example.com" }, "USAGE_INIT"],
    ["a header without a value", { url: "http://127.0.0.1:9/", header: ["Authorization"] }, "USAGE_INIT"],
    ["a payload that is missing", { url: "http://127.0.0.1:9/", payload: "/none.jpg" }, "FILE_NO_PAYLOADS"],
    ["nothing at the address", { url: "http://127.0.0.1:9/" }, "RUN_FUNCTION_UNREACHABLE"],
  ])("rejects %s", async (_, options, code) => {
    await expect(initExperiment({ ...options, out: join(work, "rejected") })).rejects.toMatchObject({ code });
  });

  test("sends a header with a secret, and writes its name only", async () => {
    const options = { url: `${url}/private`, out: join(work, "private") };
    await expect(initExperiment(options)).rejects.toMatchObject({
      hint: expect.stringContaining("--header"),
    });
    const header = ["Authorization: Bearer ${env:SLBENCH_INIT_TEST}"];
    await expect(initExperiment({ ...options, header })).rejects.toMatchObject({ code: "CLIENT_SECRET" });
    process.env.SLBENCH_INIT_TEST = "open sesame";
    try {
      const { files, seen } = await initExperiment({ ...options, header });
      const text = readFileSync(files[0]!, "utf8");
      expect(parseExperiment(text, "experiment.yaml").function.headers).toEqual({
        Authorization: "Bearer ${env:SLBENCH_INIT_TEST}",
      });
      expect(`${text}${seen}`).not.toContain("sesame");
    } finally {
      delete process.env.SLBENCH_INIT_TEST;
    }
  });

  test("shows what a function says that does not accept the request", async () => {
    const asked = initExperiment({ url: `${url}/none`, out: join(work, "none") });
    await expect(asked).rejects.toMatchObject({
      code: "RUN_FUNCTION_FAILS",
      message: expect.stringContaining("404"),
    });
  });
});
