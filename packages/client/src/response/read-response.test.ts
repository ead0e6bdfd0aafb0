import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { pictureOf } from "./picture.ts";
import { type ResponseFormat, readJson, readResponse } from "./read-response.ts";

const read = (body: string | Buffer, format: ResponseFormat, headers: Record<string, string> = {}) =>
  readResponse(
    { status: 200, header: (name) => headers[name], headerLines: () => [], body: Buffer.from(body) },
    format,
  );

describe("readJson()", () => {
  it("returns what JSON.parse() returns without the picture, wherever the picture is", () => {
    const base64 = fc.base64String({ minLength: 4 }).map((text) => `/9j/${text}`);
    const others = fc.dictionary(
      fc.string().filter((name) => name !== "image" && name !== "__proto__"),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(others, others, base64, fc.constantFrom(undefined, 2), (before, after, image, indent) => {
        const value = { ...before, image, ...after };
        const body = Buffer.from(JSON.stringify(value, undefined, indent));
        expect(readJson(body)).toEqual({ ...JSON.parse(body.toString()), image: "" });
      }),
    );
  });

  test.each([
    ["no JSON", "<html>", /not JSON/],
    ["half a JSON", '{"image":"AAAA', /not JSON/],
    ["no object", "[1]", /has no image/],
    ["no image", '{"faces":[]}', /has no image/],
    ["an empty image", '{"image":""}', /has no image/],
    ["an image that is null", '{"image":null,"x":"y"}', /has no image/],
    ["an image further down", '{"a":{"image":"/9j/AAAA"}}', /has no image/],
    ["an image that is not base64", '{"image":"!!!not base64","faces":[]}', /neither JPEG nor PNG/],
    ["an image that is a text", '{"image":"aGVsbG8gd29ybGQ=","faces":[]}', /neither JPEG nor PNG/],
    ["another image further down", '{"a":{"image":"/9j/AAAA"},"image":"AAAA"}', /neither JPEG nor PNG/],
  ])("reports what is wrong with %s", (_name, text, message) => {
    expect(readJson(Buffer.from(text))).toMatch(message);
  });
});

describe("readResponse()", () => {
  test.each([
    ["JPEG", "/9j/4AAQ"],
    ["PNG", "iVBORw0KGgo="],
    ["JPEG with escapes", "\\/9j\\/4AAQ"],
  ])("takes %s for a picture", (_name, image) => {
    expect(read(`{"image": "${image}", "faces": []}`, "json")).toEqual({ faces: 0 });
  });

  it("reads a JSON response, and headers for the fields that it lacks", () => {
    const body = JSON.stringify({ image: "/9j/AAAA", faces: [{}, {}], mlSeconds: 0.5, backend: "wasm" });
    const headers = {
      "x-slbench-total-seconds": "0.75",
      "x-slbench-cold-start": "true",
      "x-slbench-faces": "9",
    };
    expect(read(body, "json", headers)).toEqual({
      ...{ mlSeconds: 0.5, handlerSeconds: 0.75, faces: 2, backend: "wasm", coldStart: true },
    });
  });

  test.each(["{'img': '/9j/AAAA'}", "{'img': b'/9j/AAAA'}", '{"img": "iVBORw0KGgo="}'])(
    "reads an older function's text with %s",
    (image) => {
      const times = { mlSeconds: 0.15, handlerSeconds: 0.2 };
      expect(read(`Elapsed ML time: 1.5e-1\nTotal time: 0.2\n${image}\n`, "text")).toEqual(times);
      expect(read(`${image}\nElapsed ML time: 1.5e-1\nTotal time: 0.2\n`, "text")).toEqual(times);
    },
  );

  it("reads a picture's headers", () => {
    const headers = {
      "x-slbench-ml-seconds": "0.05",
      "x-slbench-faces": "2",
      "x-slbench-cold-start": "false",
    };
    const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
    expect(read(picture, "image", headers)).toEqual({ mlSeconds: 0.05, faces: 2, coldStart: false });
  });

  test.each([
    ["nothing", "", "json", /empty/],
    ["text without times", "hello", "text", /Elapsed ML time/],
    ["no picture", "GIF89a", "image", /neither JPEG nor PNG/],
    ["text without a picture", "Elapsed ML time: 1\nTotal time: 2\n", "text", /no 'img'/],
    [
      "text with another file",
      "Elapsed ML time: 1\nTotal time: 2\n{'img': 'R0lGODlh'}",
      "text",
      /neither JPEG nor PNG/,
    ],
  ] as const)("says what is wrong with %s", (_name, body, format, message) => {
    expect(read(body, format)).toMatch(message);
  });
});

describe("pictureOf()", () => {
  const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
  test.each([
    ["json", JSON.stringify({ faces: [], image: jpeg.toString("base64") })],
    ["text", `Total time: 1\n{'img': '${jpeg.toString("base64")}'}`],
  ] as const)("takes the picture out of %s", (format, body) => {
    expect(pictureOf(Buffer.from(body), format)).toEqual({ bytes: jpeg, type: "jpg" });
  });

  it("returns undefined if there is none", () => {
    expect(pictureOf(Buffer.from('{"image":"AAAA"}'), "json")).toBeUndefined();
    expect(pictureOf(Buffer.from("text"), "text")).toBeUndefined();
    expect(pictureOf(Buffer.alloc(0), "image")).toBeUndefined();
  });
});
