import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HandlerError } from "../errors.ts";
import { readRequest } from "./request.ts";

const text = (value: string) => Buffer.from(value);
const json = (value: unknown) => text(JSON.stringify(value));
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
const base64 = jpeg.toString("base64");

describe("readRequest() reads", () => {
  test.each<[string, Uint8Array, string, object]>([
    ["base64 text without a type", text(base64), "", { bytes: jpeg }],
    ["base64 text in lines", text(`${base64.slice(0, 3)}\r\n${base64.slice(3)}\n`), "", { bytes: jpeg }],
    [
      "base64 text as curl --data sends it",
      text(base64),
      "application/x-www-form-urlencoded",
      { bytes: jpeg },
    ],
    ["a data URL", text(`data:image/jpeg;base64,${base64}`), "text/plain", { bytes: jpeg }],
    ["URL-safe base64", text("-_-_"), "", { bytes: Buffer.from("-_-_", "base64url") }],
    ["picture bytes by their type", jpeg, "image/jpeg", { bytes: jpeg }],
    ["picture bytes by their first byte", jpeg, "application/x-www-form-urlencoded", { bytes: jpeg }],
    ["JSON", json({ image: base64 }), "application/json; charset=utf-8", { bytes: jpeg }],
    ["JSON without a type", json({ image: base64 }), "", { bytes: jpeg }],
    [
      "options in JSON",
      json({ image: base64, threshold: 0.7, format: "png" }),
      "application/json",
      { bytes: jpeg, threshold: 0.7, format: "png" },
    ],
  ])("%s", (_name, body, type, wanted) => {
    const { bytes, ...rest } = readRequest(body, type);
    expect({ bytes: Buffer.from(bytes), ...rest }).toEqual(wanted);
  });
});

describe("readRequest() rejects", () => {
  test.each<[string, Uint8Array, string, string, number]>([
    ["an empty body", text(""), "", "BODY_EMPTY", 400],
    ["spaces", text("  \n "), "", "BODY_NOT_BASE64", 400],
    ["a character that is not base64", text("AAA!"), "", "BODY_NOT_BASE64", 400],
    ["base64 with an incomplete last byte", text("AAAAA"), "", "BODY_NOT_BASE64", 400],
    ["padding in the middle", text("AA==AAAA"), "", "BODY_NOT_BASE64", 400],
    ["a video", text("x"), "video/mp4", "BODY_TYPE", 415],
    ["a form with a file", text("--x"), "multipart/form-data; boundary=x", "BODY_TYPE", 415],
    ["truncated JSON", text('{"image": "AAA'), "application/json", "BODY_NOT_JSON", 400],
    ["JSON null", text("null"), "application/json", "BODY_NOT_JSON", 400],
    ["a JSON list", text("[1]"), "application/json", "BODY_NOT_JSON", 400],
    ["JSON without a picture", json({ picture: base64 }), "application/json", "BODY_NOT_JSON", 400],
    ["a picture that is a number", json({ image: 7 }), "application/json", "BODY_NOT_JSON", 400],
    ["deep JSON", text("[".repeat(1_000_000)), "application/json", "BODY_NOT_JSON", 400],
    ["a threshold above 1", json({ image: base64, threshold: 1.5 }), "", "OPTION_WRONG", 400],
    ["a threshold as text", json({ image: base64, threshold: "0.5" }), "", "OPTION_WRONG", 400],
    ["an unsupported format", json({ image: base64, format: "webp" }), "", "OPTION_WRONG", 400],
  ])("%s", (_name, body, type, code, status) => {
    expect(() => readRequest(body, type)).toThrowError(
      expect.objectContaining({ code, status, hint: expect.any(String) }),
    );
  });
});

test("readRequest() names the position of a character that is not base64", () => {
  expect(() => readRequest(text("AAAA\nAA*A"), "")).toThrow('"*" at character 8');
});

test("readRequest() returns the encoded bytes for any line wrapping", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), fc.integer({ min: 1, max: 80 }), (bytes, width) => {
      const lines =
        Buffer.from(bytes)
          .toString("base64")
          .match(new RegExp(`.{1,${width}}`, "g")) ?? [];
      expect(Buffer.from(readRequest(text(lines.join("\n")), "text/plain").bytes)).toEqual(
        Buffer.from(bytes),
      );
    }),
  );
});

test("readRequest() throws nothing but HandlerError", () => {
  const types = fc.constantFrom(
    "",
    "text/plain",
    "application/json",
    "image/png",
    "application/octet-stream",
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), types, (body, type) => {
      try {
        expect(readRequest(body, type).bytes).toBeInstanceOf(Uint8Array);
      } catch (error) {
        expect(error).toBeInstanceOf(HandlerError);
      }
    }),
  );
});
