import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { constants, deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { forgePng, pngChunk } from "../testing/forge-png.ts";
import { decodeImage } from "./codec.ts";
import { MAX_SCANS, MAX_UNCOUNTED_BYTES } from "./picture-limits.ts";

const frame = await readFile(new URL("../../testdata/pictures/one-tiny.jpg", import.meta.url));

function segment(marker: number, body: readonly number[]): Buffer {
  const length = body.length + 2;
  return Buffer.from([0xff, marker, length >> 8, length & 255, ...body]);
}

interface ForgedJpeg {
  readonly sidePx: number;
  /** Scans over the coefficients after the first one. */
  readonly scans: number;
  /** 0xc2 progressive, 0xca progressive with arithmetic coding. */
  readonly marker?: number;
  /** Bytes between the start of the picture and its first segment. */
  readonly before?: Buffer;
}

/** A grey square as a progressive JPEG whose later scans are a few bytes each: "no coefficients until the end". */
function forgeJpeg({ sidePx, scans, marker = 0xc2, before = Buffer.alloc(0) }: ForgedJpeg): Buffer {
  const blocks = Math.ceil(sidePx / 8) ** 2;
  const side = [sidePx >> 8, sidePx & 255];
  let runs = "";
  for (let left = blocks; left > 0; left -= 32_767) {
    // A run of blocks without coefficients: one Huffman code, then 14 bits of length above 2^14.
    const run = Math.min(left, 32_767);
    runs += `0${run < 16_384 ? "0".repeat(14) : (run - 16_384).toString(2).padStart(14, "0")}`;
    if (run < 16_384) break;
  }
  runs = runs.padEnd(Math.ceil(runs.length / 8) * 8, "1");
  const coded = runs.match(/.{8}/g)?.flatMap((bits) => {
    const byte = Number.parseInt(bits, 2);
    return byte === 255 ? [255, 0] : [byte];
  });
  const later = Buffer.concat([segment(0xda, [1, 1, 0, 1, 63, 0]), Buffer.from(coded ?? [])]);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    before,
    segment(0xdb, [0, ...Array<number>(64).fill(1)]),
    segment(marker, [8, ...side, ...side, 1, 1, 0x11, 0]),
    segment(0xc4, [0, 1, ...Array<number>(15).fill(0), 0]),
    segment(0xc4, [0x10, 1, ...Array<number>(15).fill(0), 0xe0]),
    segment(0xda, [1, 1, 0, 0, 0, 0]),
    Buffer.alloc(Math.ceil(blocks / 8)),
    ...Array<Buffer>(scans).fill(later),
    Buffer.from([0xff, 0xd9]),
  ]);
}

/** Widths of the rows of a square PNG's seven passes; the side is a multiple of 8. */
function passRows(side: number): readonly number[] {
  const passes = [
    [8, 8],
    [8, 8],
    [4, 8],
    [4, 4],
    [2, 4],
    [2, 2],
    [1, 2],
  ] as const;
  return passes.flatMap(([acrossPx, downPx]) => Array<number>(side / downPx).fill(side / acrossPx));
}

/** Pixels stored as they are, then zeros, 1000 to 1: 300 MB in all. */
function bombBehind(pixels: Buffer): Buffer {
  const stored = deflateRawSync(pixels, { level: 0, finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([
    Buffer.from([0x78, 0x01]),
    stored,
    deflateRawSync(Buffer.alloc(300_000_000), { level: 1 }),
  ]);
}

/** A comment, then bytes outside any segment. */
const skipped = Buffer.concat([segment(0xfe, []), Buffer.from("00112233ff00ffff", "hex")]);

test.each<[string, Buffer, string, number]>([
  ["a JPEG with 10 000 scans", forgeJpeg({ sidePx: 64, scans: 10_000 }), "IMAGE_TOO_COMPLEX", 422],
  ["one scan too many", forgeJpeg({ sidePx: 64, scans: MAX_SCANS }), "IMAGE_TOO_COMPLEX", 422],
  ["50 scans over 49 million pixels", forgeJpeg({ sidePx: 7_000, scans: 50 }), "IMAGE_TOO_COMPLEX", 422],
  [
    "the same after bytes that the decoder skips",
    forgeJpeg({ sidePx: 7_000, scans: 50, before: skipped }),
    "IMAGE_TOO_COMPLEX",
    422,
  ],
  [
    "the same after a comment that contains a small frame header",
    forgeJpeg({ sidePx: 7_000, scans: 50, before: segment(0xfe, [0xff, 0xc2, 0, 11, 8, 0, 8, 0, 8]) }),
    "IMAGE_TOO_COMPLEX",
    422,
  ],
  ["an arithmetic-coded JPEG", forgeJpeg({ sidePx: 64, scans: 1, marker: 0xca }), "IMAGE_TOO_COMPLEX", 422],
  ["a PNG of 65 536 rows", forgePng({ width: 1, height: 65_536 }), "IMAGE_TOO_LARGE", 413],
  [
    "an interlaced PNG of 120 MB",
    forgePng({ width: 4_000, height: 10_000, isInterlaced: true }),
    "IMAGE_TOO_LARGE",
    413,
  ],
  [
    "a PNG of 400 MB in 50 million pixels",
    forgePng({ width: 5_000, height: 10_000, bitDepth: 16, colourType: 6 }),
    "IMAGE_TOO_LARGE",
    413,
  ],
  [
    "a PNG whose data unpack to more than its size needs",
    forgePng({ width: 1_500, height: 1_000, data: bombBehind(Buffer.alloc(1_100_000, 1)) }),
    "IMAGE_TOO_COMPLEX",
    422,
  ],
  [
    "a small PNG with a megabyte of packed pixels",
    forgePng({ width: 100, height: 100, data: Buffer.alloc(1_100_000) }),
    "IMAGE_TOO_COMPLEX",
    422,
  ],
  [
    "a PNG whose pixels are not deflated",
    forgePng({ width: 1_000, height: 1_000, data: Buffer.alloc(1_100_000) }),
    "IMAGE_BROKEN",
    422,
  ],
])("decodeImage() rejects %s", async (_name, bytes, code, status) => {
  await expect(decodeImage(bytes)).rejects.toMatchObject({ code, status });
});

test("decodeImage() accepts a JPEG with the maximum number of scans", async () => {
  const { image } = await decodeImage(forgeJpeg({ sidePx: 64, scans: MAX_SCANS - 1 }));
  expect(image).toMatchObject({ width: 64, height: 64 });
});

test("decodeImage() finds the size after bytes that the decoder skips", async () => {
  const { image } = await decodeImage(forgeJpeg({ sidePx: 640, scans: 1, before: skipped }));
  expect(image.width).toBe(640);
});

test.each([
  ["", false],
  ["interlaced ", true],
])("decodeImage() decodes an %sPNG whose pixels do not compress", async (_name, isInterlaced) => {
  const pixels = randomBytes(2_000_000);
  const side = 640;
  const rows = isInterlaced ? passRows(side) : Array<number>(side).fill(side);
  let at = 0;
  for (const width of rows) {
    pixels[at] = 0;
    at += 1 + 3 * width;
  }
  const png = forgePng({ width: side, height: side, isInterlaced, pixels: pixels.subarray(0, at) });
  expect(png.length).toBeGreaterThan(MAX_UNCOUNTED_BYTES);
  expect((await decodeImage(png)).image).toMatchObject({ width: side, height: side });
});

test("decodeImage() drops a PNG's text chunks before the decoder unpacks them", async () => {
  // Broken chunks: a decoder that read them would reject the picture.
  const texts = ["zTXt", "iTXt", "tEXt"].map((type) => {
    const text = pngChunk(type, Buffer.from("k\0\0 not deflated"));
    text.writeUInt32BE(0, text.length - 4);
    return text;
  });
  const pixel = new Uint8Array([0, 10, 20, 30]);
  const png = forgePng({ width: 1, height: 1, pixels: pixel, beforePixels: texts, afterPixels: texts });
  const { image } = await decodeImage(png);
  expect([...image.data]).toEqual([10, 20, 30]);
});

test.each([
  ["within a text", 8 + 25 + 15],
  ["within a text's header", 8 + 25 + 6],
])("decodeImage() refuses a PNG that ends %s", async (_where, length) => {
  const png = forgePng({ width: 1, height: 1, beforePixels: [pngChunk("zTXt", new Uint8Array(40))] });
  await expect(decodeImage(png.subarray(0, length))).rejects.toMatchObject({ code: "IMAGE_BROKEN" });
});

test("decodeImage() passes an ordinary frame to the decoder unchanged", async () => {
  expect((await decodeImage(frame)).image).toMatchObject({ width: 120, height: 140 });
});
