// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are literal text here
import { describe, expect, it, test } from "vitest";
import { GrowingBytes } from "../http/growing-bytes.ts";
import { checkRequestSpec } from "../spec/check-request.ts";
import type { RequestSpec } from "../spec/request-spec.ts";
import { slblurSpec } from "../testing/request-file.ts";
import { createEncoder } from "./request.ts";

const url = "http://127.0.0.1:8080/function/f?x=1";

function encode(
  part: Partial<RequestSpec> | object,
  payload: string | Buffer = "",
  { name = "1.bin", sequence = 1, headers = {}, user = "w1-u1" } = {},
) {
  const spec = checkRequestSpec({ schema: "slbench.request/1", url, ...part });
  const encoder = createEncoder({ spec, headers: { ...spec.headers, ...headers }, user });
  const { bytes, sizeBytes } = encoder(name, sequence, Buffer.from(payload), new GrowingBytes());
  const text = bytes.toString("utf8");
  const end = text.indexOf("\r\n\r\n");
  const body = text.slice(end + 4);
  expect(sizeBytes).toBe(Buffer.byteLength(body));
  return { head: text.slice(0, end), body };
}

describe("createEncoder()", () => {
  it("sends the face-blur request byte for byte as before", () => {
    const address = "http://127.0.0.1:8080/function/slblur";
    const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
    const head = (accept: string, type: string, length: number) =>
      "POST /function/slblur HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: slbench-client/0.1.0\r\n" +
      `Accept: ${accept}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`;
    const bytes = (part: Partial<RequestSpec>, name: string) => {
      const encoder = createEncoder({
        spec: checkRequestSpec(slblurSpec(address, part)),
        headers: {},
        user: "u",
      });
      return encoder(name, 1, jpeg, new GrowingBytes()).bytes.toString("latin1");
    };
    const response = (form: "slblur-text" | "slblur-image") => ({ form, valid: {} });
    expect(bytes({}, "1.jpg")).toBe(`${head("application/json", "text/plain", 8)}/9j/4A==`);
    expect(bytes({ encode: "binary", response: response("slblur-image") }, "1.JPEG")).toBe(
      `${head("image/*", "image/jpeg", 4)}${jpeg.toString("latin1")}`,
    );
    expect(bytes({ encode: "binary", response: response("slblur-text") }, "1.png")).toBe(
      `${head("text/plain", "image/png", 4)}${jpeg.toString("latin1")}`,
    );
  });

  it("adds headers, and lets them replace its own", () => {
    const { head } = encode({ method: "PUT" }, "x", {
      headers: { Authorization: "Bearer t", accept: "text/csv", Host: "other", "content-type": "a/b" },
    });
    expect(head.split("\r\n")).toEqual([
      ...[
        "PUT /function/f?x=1 HTTP/1.1",
        "Host: other",
        "User-Agent: slbench-client/0.1.0",
        "Accept: text/csv",
      ],
      ...["Content-Type: a/b", "Content-Length: 1", "Authorization: Bearer t"],
    ]);
  });

  test.each([
    ["a.wav", {}, "audio/wav"],
    ["a.JPG", {}, "image/jpeg"],
    ["a.constructor", {}, "application/octet-stream"],
    ["a", {}, "application/octet-stream"],
    ["a.wav", { contentType: "audio/x" }, "audio/x"],
    ["a.wav", { encode: "base64" }, "text/plain"],
    ["line-1", { payloads: "lines" }, "text/plain"],
    ["a.txt", { body: '{"a": ${text}}' }, "application/json"],
    ["a.txt", { body: "a ${text}" }, "text/plain"],
  ])("sends %s with %j as %s", (name, part, type) => {
    expect(encode(part, "x", { name }).head).toContain(`\r\nContent-Type: ${type}\r\n`);
  });

  it("sends no body without payloads and template", () => {
    expect(encode({ method: "GET", payloads: "none" }).head).not.toMatch(/Content-/);
    expect(encode({ payloads: "none" }).head).toMatch(/\r\nContent-Length: 0$/);
    expect(encode({ payloads: "none", body: "n=${sequence}" }, "", { sequence: 7 }).body).toBe("n=7");
  });

  it("fills in a template", () => {
    const body = '{"p": ${text}, "b": "${base64}", "n": ${sequence}, "u": "${user}", "id": "${uuid}"}';
    const sent = JSON.parse(encode({ body }, 'say "é"\n', { sequence: 3, user: 'a"b' }).body);
    expect(sent).toEqual({
      ...{ p: 'say "é"\n', b: Buffer.from('say "é"\n').toString("base64"), n: 3, u: 'a"b' },
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(encode({ body: '{"input": ${json}}' }, '[1, {"a": null}]').body).toBe(
      '{"input": [1, {"a": null}]}',
    );
  });

  test.each([
    ["${text}", Buffer.from([0xff, 0xfe]), "not UTF-8"],
    ["${json}", Buffer.from("{no"), "not JSON"],
  ])("throws CLIENT_BAD_PAYLOAD for %s of a payload that does not fit", (body, payload, message) => {
    expect(() => encode({ body }, payload)).toThrow(
      expect.objectContaining({ code: "CLIENT_BAD_PAYLOAD", message: expect.stringContaining(message) }),
    );
  });

  it("sends a form that a form parser reads back", async () => {
    const multipart = { field: "file", fields: { model: "small", note: "a\nb" } };
    const { head, body } = encode({ multipart, contentType: "audio/wav" }, "RIFF\r\n--x", {
      name: 'a"1.wav',
    });
    const type = /^Content-Type: (.*)$/m.exec(head)?.[1]?.trim() ?? "";
    const form = await new Response(body, { headers: { "content-type": type } }).formData();
    expect(form.get("model")).toBe("small");
    expect(String(form.get("note")).replaceAll("\r\n", "\n")).toBe("a\nb");
    const file = form.get("file") as File;
    expect([file.type, await file.text()]).toEqual(["audio/wav", "RIFF\r\n--x"]);
    expect(encode({ multipart: { field: "f", filename: "x.wav" } }, "a").body).toContain('filename="x.wav"');
  });
});
