import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { GrowingBytes } from "../http/growing-bytes.ts";
import { checkRequestSpec } from "../spec/check-request.ts";
import { slblurSpec } from "../testing/request-file.ts";
import { byNumber, listPayloads, readPayload } from "./payloads.ts";
import { createEncoder } from "./request.ts";

const folder = mkdtempSync(join(tmpdir(), "slbench-frames-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("listPayloads()", () => {
  it("gives pictures only, 2 before 10", () => {
    for (const name of ["f-10.jpg", "f-2.JPEG", "f-1.png", "manifest.json", "jpg"])
      writeFileSync(join(folder, name), "x");
    expect(listPayloads(folder)).toEqual(["f-1.png", "f-2.JPEG", "f-10.jpg"]);
  });

  it.skipIf(process.platform === "win32")(
    "leaves out pipes and folders, by whatever name, not links to files",
    () => {
      const mixed = mkdtempSync(join(folder, "mixed-"));
      execFileSync("mkfifo", [join(mixed, "1.jpg")]);
      symlinkSync(join(mixed, "1.jpg"), join(mixed, "2.jpg"));
      symlinkSync(folder, join(mixed, "3.jpg"));
      writeFileSync(join(mixed, "4.jpg"), "x");
      symlinkSync(join(mixed, "4.jpg"), join(mixed, "5.jpg"));
      symlinkSync(join(mixed, "missing"), join(mixed, "6.jpg"));
      expect(listPayloads(mixed)).toEqual(["4.jpg", "5.jpg", "6.jpg"]);
    },
  );

  it("throws CLIENT_NO_PAYLOADS for a missing folder and for one without pictures", () => {
    const empty = mkdtempSync(join(folder, "empty-"));
    for (const path of [empty, join(folder, "missing")])
      expect(() => listPayloads(path)).toThrow(
        expect.objectContaining({ code: "CLIENT_NO_PAYLOADS", exitCode: 1 }),
      );
  });
});

describe("byNumber()", () => {
  it("gives the same order, with every name, however they come", () => {
    const name = fc.string({ unit: fc.constantFrom("a", "B", "-", "0", "1", "9", "."), maxLength: 8 });
    const shuffled = fc
      .uniqueArray(name, { maxLength: 12 })
      .chain((names) =>
        fc.tuple(fc.constant(names), fc.shuffledSubarray(names, { minLength: names.length })),
      );
    fc.assert(
      fc.property(shuffled, ([names, others]) => {
        const ordered = byNumber(names);
        expect(byNumber(others)).toEqual(ordered);
        expect([...ordered].sort()).toEqual([...names].sort());
      }),
    );
  });

  it("orders numbers as numbers, wherever they stand", () => {
    const number = fc.bigInt({ min: 0n, max: 10n ** 40n });
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(number, number), { selector: String }), (pairs) => {
        const sorted = [...pairs].sort(([a, b], [c, d]) => (a === c ? Number(b > d) : Number(a > c)) * 2 - 1);
        const named = ([clip, frame]: readonly [bigint, bigint]) => `clip-${clip} f${frame}.jpg`;
        expect(byNumber(pairs.map(named))).toEqual(sorted.map(named));
      }),
    );
  });
});

describe("readPayload() and createEncoder()", () => {
  it("make a request whose body is the file", () => {
    const url = "http://[::1]:8080/function/slblur?x=1";
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300_000, size: "max" }), fc.boolean(), (bytes, isBinary) => {
        writeFileSync(join(folder, "frame.png"), bytes);
        const file = new GrowingBytes();
        readPayload(folder, "frame.png", file);
        const spec = checkRequestSpec({
          ...slblurSpec(url, { encode: isBinary ? "binary" : "base64" }),
          response: { form: "slblur-image", valid: {} },
        });
        const encode = createEncoder({ spec, headers: {}, user: undefined });
        const { bytes: request, sizeBytes } = encode("frame.png", 1, file.view(), new GrowingBytes());
        const end = request.indexOf("\r\n\r\n") + 4;
        const body = request.subarray(end);
        const sent = isBinary ? body : Buffer.from(body.toString(), "base64");
        expect(sent.equals(bytes)).toBe(true);
        expect(sizeBytes).toBe(body.length);
        expect(request.toString("latin1", 0, end).split("\r\n")).toEqual(
          expect.arrayContaining([
            "POST /function/slblur?x=1 HTTP/1.1",
            "Host: [::1]:8080",
            "Accept: image/*",
            `Content-Type: ${isBinary ? "image/png" : "text/plain"}`,
            `Content-Length: ${body.length}`,
          ]),
        );
      }),
      { numRuns: 20 },
    );
  });

  it("throw CLIENT_BAD_PAYLOAD for a file that is gone", () => {
    expect(() => readPayload(folder, "gone.jpg", new GrowingBytes())).toThrow(
      expect.objectContaining({ code: "CLIENT_BAD_PAYLOAD" }),
    );
  });
});
