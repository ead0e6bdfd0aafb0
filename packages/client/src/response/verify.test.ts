import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, test } from "vitest";
import type { RequestResult } from "../report/report.ts";
import { drawPicture, paint, toJpeg, toPng } from "../testing/pictures.ts";
import type { ResponseFormat } from "./read-response.ts";
import { createVerifier } from "./verify.ts";

const folder = mkdtempSync(join(tmpdir(), "slbench-verify-"));
afterAll(() => rmSync(folder, { recursive: true }));
const face = { x: 40, y: 30, width: 50, height: 60 };
const other = { x: 150, y: 20, width: 30, height: 30 };
const frame = drawPicture(256, 160);
const blurred = paint(frame, [face]);
writeFileSync(join(folder, "1.jpg"), toJpeg(frame));
writeFileSync(join(folder, "2.png"), toPng(frame));
writeFileSync(join(folder, "3.jpg"), "no picture");

const row = (name: string, faces: number | undefined): RequestResult => ({
  ...{
    sequence: 1,
    payload: name,
    startEpochMicros: 1,
    startMonotonicSeconds: 0,
    roundTripSeconds: 1,
    sentBytes: 1,
  },
  ...(faces !== undefined && { faces }),
  outcome: "ok",
});

function verify(
  body: Buffer,
  { name = "1.jpg", faces = 1, format = "json" as ResponseFormat, minFaces = 1 }: VerifyCase = {},
): RequestResult {
  const check = createVerifier({ payloadsFolder: folder, format, minFaces });
  return check(row(name, faces === "absent" ? undefined : faces), {
    status: 200,
    header: () => undefined,
    headerLines: () => [],
    body,
  });
}

interface VerifyCase {
  readonly name?: string;
  readonly faces?: number | "absent";
  readonly format?: ResponseFormat;
  readonly minFaces?: number;
}

const json = (picture: Buffer, faces: readonly unknown[] = [face], more = {}) =>
  Buffer.from(JSON.stringify({ image: picture.toString("base64"), faces, ...more }));
const text = (picture: Buffer) =>
  Buffer.from(`Elapsed ML time: 0.1\nTotal time: 0.2\n{'img': '${picture.toString("base64")}'}\n`);

describe("createVerifier()", () => {
  test.each([
    ["JPEG in JSON", json(toJpeg(blurred)), {}],
    ["poor JPEG", json(toJpeg(blurred, 25)), {}],
    ["PNG for a PNG", json(toPng(blurred)), { name: "2.png" }],
    ["two faces", json(toJpeg(paint(blurred, [other])), [face, other]), { faces: 2 }],
    [
      "a box over the edge",
      json(toJpeg(paint(frame, [{ x: 0, y: 0, width: 20, height: 20 }])), [
        { x: -10, y: -10, width: 30, height: 30 },
      ]),
      {},
    ],
    ["the size reported", json(toJpeg(blurred), [face], { width: 256, height: 160 }), {}],
    ["no faces if none are required", json(toJpeg(frame), []), { faces: 0, minFaces: 0 }],
    ["a bare picture", toJpeg(blurred), { format: "image" }],
    ["text of an older function", text(toJpeg(blurred)), { format: "text" }],
  ] as [string, Buffer, VerifyCase][])("passes %s", (_name, body, options) => {
    expect(verify(body, options)).toMatchObject({ outcome: "ok" });
  });

  test.each([
    ["an unchanged picture", json(toJpeg(frame)), {}, /face 1 differ by 0\.0/],
    ["one only encoded again", json(toJpeg(frame, 25)), {}, /face 1 differ by/],
    ["the wrong place changed", json(toJpeg(paint(frame, [other]))), {}, /face 1 differ by/],
    ["one of two faces", json(toJpeg(blurred), [face, other]), { faces: 2 }, /face 2 differ by/],
    ["another size", json(toJpeg(drawPicture(128, 160))), {}, /128 × 160, the frame 256 × 160/],
    ["a wrong size reported", json(toJpeg(blurred), [face], { width: 1 }), {}, /reports 1 × undefined/],
    ["half a picture", json(toJpeg(blurred).subarray(0, 900)), {}, /cannot be decoded/],
    ["another file", json(Buffer.from("GIF89a")), {}, /neither JPEG nor PNG/],
    ["no face", json(toJpeg(blurred), []), { faces: 0 }, /0 faces reported, at least 1/],
    [
      "no number of faces",
      toJpeg(blurred),
      { format: "image", faces: "absent" },
      /does not report the number/,
    ],
    ["a face without box", json(toJpeg(blurred), [{ score: 1 }]), {}, /face 1 has no box/],
    [
      "a box outside",
      json(toJpeg(blurred), [{ x: 300, y: 0, width: 9, height: 9 }]),
      {},
      /face 1 has no box/,
    ],
    ["a bare unchanged picture", toJpeg(frame), { format: "image" }, /no part of the picture/],
    ["text with an unchanged picture", text(toJpeg(frame, 25)), { format: "text" }, /no part of the picture/],
  ] as [string, Buffer, VerifyCase, RegExp][])(
    "reports %s as wrong-answer",
    (_name, body, options, message) => {
      const result = verify(body, options);
      expect(result.outcome).toBe("wrong-answer");
      expect(result.message).toMatch(message);
    },
  );

  it("leaves a failed request as it is", () => {
    const check = createVerifier({ payloadsFolder: folder, format: "json", minFaces: 1 });
    const failed: RequestResult = { ...row("1.jpg", 1), outcome: "http-error", message: "HTTP 500" };
    expect(
      check(failed, { status: 500, header: () => undefined, headerLines: () => [], body: Buffer.alloc(0) }),
    ).toBe(failed);
  });

  it("throws CLIENT_BAD_PAYLOAD if the frame itself is no picture", () => {
    expect(() => verify(json(toJpeg(blurred)), { name: "3.jpg" })).toThrow(
      expect.objectContaining({ code: "CLIENT_BAD_PAYLOAD" }),
    );
  });
});
