// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are literal text here
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { checkRequestSpec, environmentNames, parseRequestSpec } from "./check-request.ts";

const minimal = { schema: "slbench.request/1", url: "http://127.0.0.1:8080/function/f" };

describe("checkRequestSpec()", () => {
  it("fills in the defaults", () => {
    expect(checkRequestSpec(minimal)).toEqual({
      ...minimal,
      ...{
        method: "POST",
        headers: {},
        timeoutSeconds: 25,
        payloads: "files",
        encode: "binary",
        order: "same",
      },
      response: { valid: {} },
    });
  });

  it("accepts every field", () => {
    const spec = {
      ...{
        ...minimal,
        method: "PUT",
        headers: { Authorization: "Bearer ${env:TOKEN}" },
        timeoutSeconds: 0.5,
      },
      ...{ tls: { ca: "-----BEGIN CERTIFICATE-----\n", insecure: false }, payloads: "lines" },
      ...{ contentType: "application/json", encode: "binary", body: '{"prompt": ${text}, "n": ${sequence}}' },
      order: "per-user",
      response: {
        valid: {
          status: [200, 201],
          json: { "/label": "present", "/n": 1, "/ok": true },
          text: "^a",
          expected: "e",
        },
        times: {
          ...{ mlSeconds: { json: "/ms", unit: "ms" }, queueSeconds: { header: "x-queue" } },
          dbSeconds: { serverTiming: "db" },
        },
        ...{ coldStart: { json: "/cold" }, replica: { header: "x-replica" }, faces: { json: "/faces" } },
        ...{
          backend: { json: "/backend" },
          units: { json: "/usage/0", name: "tokens" },
          stream: "sse",
          content: ["/delta/content"],
          save: 0.5,
        },
      },
    };
    expect(checkRequestSpec(spec)).toEqual(spec);
    const multipart = { field: "file", filename: "a.wav", fields: { model: "small" } };
    expect(checkRequestSpec({ ...minimal, multipart }).multipart).toEqual(multipart);
  });

  test.each([
    ["another schema", { schema: "slbench.request/2" }, /schema is "slbench.request\/2"/],
    ["an unknown field", { uri: "x" }, /unknown field uri/],
    ["no address", { url: undefined }, /url is missing/],
    ["another scheme", { url: "ftp://a/" }, /url is "ftp:/],
    [
      "credentials, without quoting them",
      { url: "http://me:secret@a/" },
      /user name or password: use the header/,
    ],
    ["an unknown method", { method: "HEAD" }, /method is "HEAD": use GET, POST/],
    ["a header with a line break", { headers: { a: "b\r\nc: d" } }, /headers\.a holds a line break/],
    ["a bad header name", { headers: { "a b": "c" } }, /invalid name "a b"/],
    ["a header of the client", { headers: { "Content-Length": "1" } }, /set by the client itself/],
    ["another placeholder in a header", { headers: { a: "${TOKEN}" } }, /unknown placeholder \$\{TOKEN\}/],
    ["an unclosed placeholder in a header", { headers: { a: "${env" } }, /unknown placeholder/],
    ["a time above a timer's limit", { timeoutSeconds: 3e6 }, /timeoutSeconds is 3000000/],
    ["a certificate that is a path", { tls: { ca: "ca.pem" } }, /tls\.ca is no certificate/],
    ["an unknown placeholder", { body: "${image}" }, /unknown placeholder \$\{image\}: use \$\{base64\}/],
    ["an unclosed placeholder", { body: "${text" }, /unknown placeholder/],
    ["a payload in a body without payloads", { body: "${text}", payloads: "none" }, /body uses a payload/],
    ["body and multipart", { body: "a", multipart: { field: "f" } }, /exclude each other/],
    ["base64 of a template", { body: "a", encode: "base64" }, /encode has no effect/],
    ["a form's name with a quote", { multipart: { field: 'a"b' } }, /quote or line break/],
    ["a body of GET", { method: "GET" }, /GET request has no body/],
    ["a status that is none", { response: { valid: { status: 99 } } }, /status is 99/],
    [
      "a pointer without slash",
      { response: { valid: { json: { label: "present" } } } },
      /"label" is no JSON Pointer/,
    ],
    ["an expression that is none", { response: { valid: { text: "(" } } }, /response\.valid\.text: Invalid/],
    ["a time without Seconds", { response: { times: { ml: { json: "/a" } } } }, /for example mlSeconds/],
    [
      "a time with two sources",
      { response: { times: { aSeconds: { json: "/a", header: "b" } } } },
      /either json or/,
    ],
    [
      "a unit of Server-Timing",
      { response: { times: { aSeconds: { serverTiming: "a", unit: "s" } } } },
      /unknown field response\.times\.aSeconds\.unit/,
    ],
    ["an unknown unit", { response: { times: { aSeconds: { json: "/a", unit: "m" } } } }, /unit is "m"/],
    ["units without name", { response: { units: { json: "/a" } } }, /units\.name is missing/],
    ["content without a stream", { response: { content: ["/a"] } }, /content is for streams/],
    [
      "content that is no list",
      { response: { stream: "sse", content: "/a" } },
      /content is "\/a", not a list/,
    ],
    [
      "content that is no pointer",
      { response: { stream: "sse", content: ["a"] } },
      /content: "a" is no JSON/,
    ],
    ["an unknown stream", { response: { stream: "xml" } }, /stream is "xml"/],
    ["a share above 1", { response: { save: 2 } }, /save is 2/],
    ["a form with a stream", { response: { form: "slblur-json", stream: "sse" } }, /response\.form needs/],
    ["a list", [], /not an object/],
  ])("rejects %s", (_name, part, message) => {
    const value = Array.isArray(part) ? part : { ...minimal, ...part };
    const error = expect.objectContaining({
      code: "CLIENT_BAD_REQUEST",
      message: expect.stringMatching(message),
    });
    expect(() => checkRequestSpec(value)).toThrow(error);
    expect(() => checkRequestSpec(value)).not.toThrow(/secret/);
  });

  it("throws CLIENT_BAD_REQUEST and nothing else, whatever the JSON", () => {
    const field = fc.constantFrom(
      "schema",
      "url",
      "headers",
      "tls",
      "body",
      "multipart",
      "response",
      "method",
    );
    const value = fc.oneof(fc.jsonValue(), fc.dictionary(field, fc.jsonValue()));
    fc.assert(
      fc.property(value, (json) => {
        try {
          parseRequestSpec(JSON.stringify(json));
        } catch (error) {
          expect(error).toMatchObject({ code: "CLIENT_BAD_REQUEST" });
        }
      }),
    );
    expect(() => parseRequestSpec("{")).toThrow(expect.objectContaining({ code: "CLIENT_BAD_REQUEST" }));
  });
});

test("environmentNames() lists each name once", () => {
  expect(environmentNames({ a: "Bearer ${env:A}", b: "${env:B}-${env:A}", c: "plain" })).toEqual(["A", "B"]);
});
