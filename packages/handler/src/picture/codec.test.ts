import { readFile } from "node:fs/promises";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import type { HandlerError } from "../errors.ts";
import { forgePng } from "../testing/forge-png.ts";
import { decodeImage, encodeImage, MAX_PIXELS } from "./codec.ts";

const frame = await readFile(new URL("../../testdata/pictures/one-tiny.jpg", import.meta.url));
const png = await readFile(new URL("../../testdata/pictures/plain.png", import.meta.url));

const solid = (channels: 3 | 4, background: object | string) =>
  sharp({ create: { width: 6, height: 4, channels, background } });

describe("decodeImage() returns RGB with 3 bytes per pixel for", () => {
  test.each([
    ["grey PNG", () => solid(3, "#888").toColourspace("b-w").png(), [136, 136, 136]],
    ["16-bit grey PNG", () => solid(3, "#888").toColourspace("grey16").png(), [136, 136, 136]],
    ["16-bit colour PNG", () => solid(3, "#102030").toColourspace("rgb16").png(), [16, 32, 48]],
    ["palette PNG", () => solid(3, "#102030").png({ palette: true }), [16, 32, 48]],
    [
      "half transparent PNG, laid on black",
      () => solid(4, { r: 200, g: 0, b: 0, alpha: 0.5 }).png(),
      [100, 0, 0],
    ],
    [
      "grey PNG with transparency",
      () => solid(4, { r: 90, g: 90, b: 90, alpha: 1 }).toColourspace("b-w").png(),
      [90, 90, 90],
    ],
    ["grey JPEG", () => solid(3, "#888").greyscale().jpeg(), [136, 136, 136]],
  ])("%s", async (_name, make, pixel) => {
    const { image } = await decodeImage(await make().toBuffer());
    expect(image).toMatchObject({ width: 6, height: 4 });
    expect(image.data.length).toBe(6 * 4 * 3);
    expect([...image.data.subarray(0, 3)]).toEqual(pixel);
  });

  test("a rotated picture, turned upright by its EXIF orientation", async () => {
    const lying = await solid(3, "#fff").jpeg().withMetadata({ orientation: 6 }).toBuffer();
    expect((await decodeImage(lying)).image).toMatchObject({ width: 4, height: 6 });
  });
});

describe("decodeImage() rejects", () => {
  test.each<[string, Uint8Array, string, number]>([
    ["a GIF", Buffer.from("GIF89a\x01\x00\x01\x00"), "IMAGE_TYPE", 415],
    ["nothing", new Uint8Array(), "IMAGE_TYPE", 415],
    ["SVG", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"), "IMAGE_TYPE", 415],
    ["a JPEG's first bytes", frame.subarray(0, 4), "IMAGE_BROKEN", 422],
    ["half a JPEG", frame.subarray(0, frame.length / 2), "IMAGE_BROKEN", 422],
    ["half a PNG", png.subarray(0, png.length / 2), "IMAGE_BROKEN", 422],
    ["a PNG with a false checksum", Uint8Array.from(png).fill(7, 29, 30), "IMAGE_BROKEN", 422],
    [
      "a PNG that holds less than it says",
      forgePng({ width: 600, height: 600, pixels: new Uint8Array(50) }),
      "IMAGE_BROKEN",
      422,
    ],
    [
      "a bomb of 400 million pixels",
      forgePng({ width: 20_000, height: 20_000, pixels: new Uint8Array(50) }),
      "IMAGE_TOO_LARGE",
      413,
    ],
    [
      "the largest PNG there can be",
      forgePng({ width: 2 ** 31 - 1, height: 2 ** 31 - 1, pixels: new Uint8Array(1) }),
      "IMAGE_TOO_LARGE",
      413,
    ],
    ["a JPEG start, then noise", Buffer.from([0xff, 0xd8, 0xff, 1, 2, 3, 4, 5, 6, 7]), "IMAGE_BROKEN", 422],
  ])("%s", async (_name, bytes, code, status) => {
    await expect(decodeImage(bytes)).rejects.toMatchObject({ code, status });
  });

  test("one pixel more than the limit, but not the limit itself", async () => {
    expect(MAX_PIXELS).toBe(50_000_000);
    await expect(decodeImage(png, 320 * 240 - 1)).rejects.toMatchObject({ code: "IMAGE_TOO_LARGE" });
    expect((await decodeImage(png, 320 * 240)).image.width).toBe(320);
  });

  test("every truncated picture", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(frame, png),
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        async (whole, share) => {
          const cut = whole.subarray(0, Math.floor(whole.length * share));
          const error = await decodeImage(cut).then(
            () => undefined,
            (reason: HandlerError) => reason,
          );
          expect(error?.code).toMatch(/^IMAGE_(TYPE|BROKEN)$/);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("encodeImage()", () => {
  test("preserves every pixel as PNG", async () => {
    const { image } = await decodeImage(frame);
    const again = await decodeImage(await encodeImage(image, "png"));
    expect(again.format).toBe("png");
    expect(Buffer.compare(again.image.data, image.data)).toBe(0);
  });

  test("stays close to the original as JPEG, without its metadata", async () => {
    const { image } = await decodeImage(
      await sharp(frame)
        .withExif({ IFD0: { Artist: "somebody" } })
        .toBuffer(),
    );
    const bytes = await encodeImage(image, "jpeg");
    expect((await sharp(bytes).metadata()).exif).toBeUndefined();
    const again = (await decodeImage(bytes)).image.data;
    const difference = again.reduce((sum, value, i) => sum + Math.abs(value - (image.data[i] as number)), 0);
    expect(difference / again.length).toBeLessThan(4);
  });
});
