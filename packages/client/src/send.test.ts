import { describe, expect, it, test } from "vitest";
import type { Exchange } from "./http/http-connection.ts";
import type { RequestResult } from "./report/report.ts";
import { createFieldReader, type ExpectedResponses } from "./response/read-fields.ts";
import { createResultMaker, needsFieldReader } from "./send.ts";
import { checkRequestSpec } from "./spec/check-request.ts";
import type { ResponseSpec } from "./spec/response-spec.ts";

interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | object;
  /** Pieces with their arrival in ms: the body of a stream. */
  readonly pieces?: readonly (readonly [string, number])[];
}

function exchangeOf({ status = 200, headers = {}, body = "", pieces }: Reply): Exchange {
  const ends: number[] = [];
  for (const [text] of pieces ?? []) ends.push((ends.at(-1) ?? 0) + Buffer.byteLength(text));
  const text =
    pieces?.map(([piece]) => piece).join("") ?? (typeof body === "string" ? body : JSON.stringify(body));
  return {
    ...{ startEpochMicros: 1, startMonotonicSeconds: 1, roundTripSeconds: 1, status },
    response: {
      ...{ status, header: (name) => headers[name], headerLines: (name) => [headers[name] ?? []].flat() },
      body: Buffer.from(text),
      ...(pieces !== undefined && { arrivals: { ends, ms: pieces.map(([, ms]) => ms) } }),
    },
  };
}

const request = { name: "1.jpg", bytes: Buffer.alloc(0), sizeBytes: 1 };
const specOf = (response: object): ResponseSpec =>
  checkRequestSpec({ schema: "slbench.request/1", url: "http://a/", response }).response;

function makerOf(spec: ResponseSpec, expected?: ExpectedResponses, redact?: (text: string) => string) {
  const fieldReader = needsFieldReader(spec) ? createFieldReader(spec, expected) : undefined;
  return createResultMaker({ response: spec, fieldReader, redact });
}

function make(response: object, reply: Reply, expected?: string): RequestResult {
  const maker = makerOf(specOf(response), expected === undefined ? undefined : () => Buffer.from(expected));
  return maker.make(1, request, exchangeOf(reply));
}

describe("createResultMaker()", () => {
  test.each([
    ["200", { status: 200 }, {}, { outcome: "ok" }],
    ["204", { status: 204 }, {}, { outcome: "ok" }],
    [
      "500 with what the function wrote",
      { status: 500, body: "out of\nmemory" },
      {},
      { outcome: "http-error", message: "HTTP 500: out of memory" },
    ],
    ["401", { status: 401 }, {}, { outcome: "http-error", message: "HTTP 401" }],
    [
      "302",
      { status: 302, headers: { location: "/login" } },
      {},
      { outcome: "redirect", message: "HTTP 302 to /login" },
    ],
    [
      "101",
      { status: 101, headers: { upgrade: "websocket" } },
      {},
      { outcome: "invalid-response", message: "HTTP 101: the server switched to websocket" },
    ],
    ["304", { status: 304 }, {}, { outcome: "redirect" }],
    [
      "429",
      { status: 429, headers: { "retry-after": "3" }, body: "busy" },
      {},
      { outcome: "throttled", retryAfterSeconds: 3, message: "HTTP 429: busy" },
    ],
    [
      "429 with a date",
      {
        status: 429,
        headers: { "retry-after": "Thu, 26 Nov 2026 13:34:32 GMT", date: "Thu, 26 Nov 2026 13:34:22 GMT" },
      },
      {},
      { outcome: "throttled", retryAfterSeconds: 10 },
    ],
    ["429 that is accepted", { status: 429 }, { status: [200, 429] }, { outcome: "ok" }],
    ["302 that is accepted", { status: 302 }, { status: 302 }, { outcome: "ok" }],
    [
      "200 that is not accepted",
      { status: 200 },
      { status: [201, 202] },
      { outcome: "invalid-response", message: "HTTP 200, not 201 or 202" },
    ],
  ] as const)("reports %s", (_name, reply, valid, row) => {
    expect(make({ valid }, reply)).toMatchObject(row);
  });

  test.each([
    ["a present value", { json: { "/a/0": "present" } }, { a: [0] }, undefined],
    ["a boolean", { json: { "/ok": true } }, { ok: true }, undefined],
    [
      "a missing value",
      { json: { "/label": "present" } },
      { score: 1 },
      'the response has no /label: {"score":1}',
    ],
    ["null", { json: { "/label": "present" } }, { label: null }, /has no \/label/],
    ["another value", { json: { "/n": 1 } }, { n: "1" }, '/n is "1", not 1'],
    ["no JSON", { json: { "/a": "present" } }, "<html>", "the response is not JSON: <html>"],
    ["an empty body", { json: { "/a": "present" } }, "", "the response is not JSON: its body is empty"],
    ["matching text", { text: "^label: (cat|dog)$" }, "label: cat", undefined],
    ["other text", { text: "^label: (cat|dog)$" }, "label: cow", /does not match .*: label: cow/],
  ] as const)("checks %s", (_name, valid, body, message) => {
    const row = make({ valid }, { body });
    if (message === undefined) expect(row).toMatchObject({ outcome: "ok" });
    else {
      expect(row.outcome).toBe("invalid-response");
      expect(row.message).toMatch(message);
    }
  });

  test.each([
    ["gzip", "the response is compressed (Content-Encoding: gzip), so its body cannot be checked"],
    ["identity", "the response is not JSON: \u001f"],
  ])("names a compression that was not asked for: %s", (coding, message) => {
    const reply = { headers: { "content-encoding": coding }, body: "\u001f\u008b" };
    const row = make({ valid: { json: { "/a": "present" } } }, reply);
    expect(row).toMatchObject({ outcome: "invalid-response", message: expect.stringContaining(message) });
    expect(make({ valid: { json: { "/a": 1 } } }, { ...reply, body: { a: 1 } }).outcome).toBe("ok");
  });

  test.each([
    ["the same bytes", "label: cat", "label: cat", "ok"],
    ["a line feed more", "label: cat", "label: cat\n", "ok"],
    ["the same JSON in another order", '{"a":1,"b":[2]}', '{ "b": [2], "a": 1 }', "ok"],
    ["another number", '{"a":1}', '{"a":2}', "invalid-response"],
    ["a list for an object", '{"0":1}', "[1]", "invalid-response"],
    ["a field more", '{"a":1,"b":2}', '{"a":1}', "invalid-response"],
  ])("compares with the expected response: %s", (_name, body, expected, outcome) => {
    expect(make({ valid: {} }, { body }, expected).outcome).toBe(outcome);
  });

  it("reads times with units, units, flags and names from JSON and headers", () => {
    const response = {
      times: {
        mlSeconds: { json: "/ms", unit: "ms" },
        handlerSeconds: { header: "X-Duration-Seconds" },
        queueSeconds: { json: "/queue", unit: "us" },
      },
      ...{ coldStart: { json: "/cold" }, replica: { header: "x-instance" }, faces: { json: "/found" } },
      ...{ backend: { json: "/engine" }, units: { json: "/usage/tokens", name: "tokens" } },
    };
    const body = {
      ms: 12.5,
      queue: "250",
      cold: "false",
      found: [{}, {}],
      engine: "onnx",
      usage: { tokens: 7 },
    };
    const headers = { "x-duration-seconds": "0.25", "x-instance": "r1" };
    const row = make(response, { body, headers });
    expect(row).toMatchObject({
      ...{ mlSeconds: 0.0125, handlerSeconds: 0.25, times: { queueSeconds: 0.00025 }, coldStart: false },
      ...{ replica: "r1", faces: 2, backend: "onnx", units: 7, outcome: "ok" },
    });
  });

  it("leaves out values that are no numbers, and lists sources that no response has", () => {
    const response = {
      times: { mlSeconds: { json: "/ms" }, queueSeconds: { header: "x-queue" } },
      units: { json: "/n", name: "tokens" },
    };
    const maker = makerOf(specOf(response));
    expect(maker.neverFound()).toEqual([]);
    for (const body of [{ n: 1 }, { n: "many" }]) {
      const row = maker.make(1, request, exchangeOf({ body }));
      expect(row).not.toHaveProperty("mlSeconds");
      expect(row).not.toHaveProperty("times");
    }
    expect(maker.neverFound()).toEqual(["times.mlSeconds (/ms)", "times.queueSeconds (header x-queue)"]);
  });

  it("measures a stream from the arrivals of its events, and reads the last event that has a value", () => {
    const response = {
      ...{ stream: "sse", units: { json: "/usage/tokens", name: "tokens" } },
      valid: { json: { "/choice": "present" } },
    };
    const pieces = [
      ['data: {"choice":"a"}\n\n', 100],
      ['data: {"choice":"b","usage":null}\n\n', 150],
      ['data: {"choice":"c"}\n\ndata: {"usage":{"tokens":4}}\n\n', 400],
      ["data: [DONE]\n\n", 401],
    ] as const;
    expect(make(response, { pieces })).toMatchObject({
      ...{ outcome: "ok", units: 4, events: 4, firstEventSeconds: 0.1, longestGapSeconds: 0.25 },
      secondsPerUnit: 0.1,
    });
    expect(make(response, { pieces: [[": nothing\n\n", 1]] })).toMatchObject({
      ...{ outcome: "invalid-response", events: 0, message: "the stream has no event: : nothing" },
    });
  });

  it("counts only the events of a stream that carry content, if the specification says which do", () => {
    const response = {
      ...{ stream: "sse", content: ["/delta/content", "/delta/tools"] },
      units: { json: "/usage/tokens", name: "tokens" },
    };
    const event = (delta: object, more: object = {}) => `data: ${JSON.stringify({ delta, ...more })}\n\n`;
    const ends = [
      [event({}, { finish: "stop" }), 700],
      ['data: {"delta":{},"usage":{"tokens":3}}\n\n', 900],
      ["data: [DONE]\n\n", 901],
    ] as const;
    const pieces = [
      [event({ role: "assistant", content: "" }), 10],
      [event({ content: null, tools: [] }), 20],
      [event({ content: "a" }), 100],
      [event({ content: "b" }), 150],
      [event({ tools: [{}] }), 300],
      ...ends,
    ] as const;
    expect(make(response, { pieces })).toMatchObject({
      ...{ outcome: "ok", units: 3, events: 3, firstEventSeconds: 0.1, longestGapSeconds: 0.15 },
      secondsPerUnit: 0.1,
    });
    expect(make(response, { pieces: ends })).toMatchObject({
      ...{ outcome: "invalid-response", events: 0 },
      message: expect.stringMatching(
        /^the stream has no event with \/delta\/content or \/delta\/tools: data:/,
      ),
    });
  });

  it("reads the face-blur response with its fast reader, and further fields beside it", () => {
    const body = { image: "/9j/AAAA", faces: [{}], mlSeconds: 0.5, extra: 3 };
    expect(make({ form: "slblur-json" }, { body })).toMatchObject({
      outcome: "ok",
      faces: 1,
      mlSeconds: 0.5,
    });
    const times = { extraSeconds: { json: "/extra" } };
    expect(make({ form: "slblur-json", times }, { body })).toMatchObject({
      faces: 1,
      times: { extraSeconds: 3 },
    });
    expect(make({ form: "slblur-json" }, { body: {} })).toMatchObject({ outcome: "invalid-response" });
  });

  it("removes secrets that the function echoes", () => {
    const redact = (text: string) => text.replaceAll("s3cret", "***");
    const replica = { json: "/replica" };
    const maker = makerOf(specOf({ replica, valid: { json: { "/a": "present" } } }), undefined, redact);
    const body = { replica: "s3cret" };
    const headers = { "x-call-id": "s3cret" };
    for (const status of [200, 500])
      expect(JSON.stringify(maker.make(1, request, exchangeOf({ status, body, headers })))).not.toContain(
        "s3cret",
      );
  });
});
