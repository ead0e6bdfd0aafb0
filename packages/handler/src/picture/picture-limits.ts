import { pipeline } from "node:stream/promises";
import { createInflate } from "node:zlib";
import { HandlerError } from "../errors.ts";

/** Largest number of scans in a JPEG; cameras and encoders write 1 to 11. */
export const MAX_SCANS = 100;
/** Largest pixels × scans of a JPEG; every scan passes over the whole picture. */
export const MAX_SCANNED_PIXELS = 500_000_000;
/** Longest side, from JPEG's own limit. A PNG could have 2^31 rows of one pixel, each with its own cost. */
export const MAX_SIDE_PX = 65_535;
/** Largest size of a PNG's samples in bytes: 50 million pixels of 4 × 8 bits; half if interlaced. */
export const MAX_SAMPLE_BYTES = 200_000_000;

/** Packed pixels of a PNG up to here are not counted first: they unpack to 1 GB at most, in a fraction of a second. */
export const MAX_UNCOUNTED_BYTES = 1_000_000;

const START_OF_SCAN = Buffer.from([0xff, 0xda]);

/**
 * Rejects a JPEG that needs far more work than its size suggests. The decoder cannot be stopped in the middle of
 * a progressive picture, so the work is counted before decoding.
 * @throws {HandlerError} IMAGE_TOO_COMPLEX
 */
export function checkJpegWork(bytes: Uint8Array): void {
  const scans = countScans(bytes);
  const { marker, width, height } = readFrameHeader(bytes) ?? { marker: 0xc0, width: 0, height: 0 };
  if (marker >= 0xc9) {
    // A few bytes of arithmetic code can encode any number of coefficients.
    throw tooComplex("the JPEG is arithmetic-coded", "save the picture with Huffman coding, as cameras do");
  }
  if (scans > MAX_SCANS) {
    throw tooComplex(`the JPEG has ${scans} scans; the limit is ${MAX_SCANS}`, SAVE_BASELINE);
  }
  if (scans * width * height > MAX_SCANNED_PIXELS) {
    throw tooComplex(
      `the JPEG has ${scans} scans over ${width} × ${height} pixels; the limit is ${MAX_SCANNED_PIXELS} pixels over all scans`,
      SAVE_BASELINE,
    );
  }
}

const SAVE_BASELINE = "save the picture as a baseline JPEG, or make it smaller";

/** An upper bound: every scan begins with these two bytes, however the segments are parsed. */
function countScans(bytes: Uint8Array): number {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let scans = 0;
  for (let at = all.indexOf(START_OF_SCAN); at >= 0; at = all.indexOf(START_OF_SCAN, at + 2)) scans++;
  return scans;
}

interface FrameHeader {
  /** The second byte of the SOF marker: 0xc0 baseline, 0xc2 progressive, 0xc9 and above arithmetic. */
  readonly marker: number;
  readonly width: number;
  readonly height: number;
}

/** The SOF segment, located as libjpeg does; undefined if there is none before the first scan. */
function readFrameHeader(bytes: Uint8Array): FrameHeader | undefined {
  const word = (at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  let at = 2;
  while (at < bytes.length) {
    // Anything before the next 0xff is skipped; 0xff may be repeated.
    while (at < bytes.length && bytes[at] !== 0xff) at++;
    while (bytes[at] === 0xff) at++;
    const marker = bytes[at++] ?? 0xd9;
    if (marker === 0xda || marker === 0xd9) return undefined;
    const hasNoLength = marker === 0x00 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    if (hasNoLength) continue;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { marker, height: word(at + 3), width: word(at + 5) };
    at += word(at);
  }
  return undefined;
}

const PNG_SIGNATURE_BYTES = 8;
/** Length, type and checksum around a chunk's data. */
const CHUNK_FRAME_BYTES = 12;
/** Samples per pixel by colour type. */
const PNG_CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * Rejects a PNG whose header exceeds the limits, or whose data unpack to more than its header promises: the
 * decoder would unpack all of it, up to 1000 to 1, and cannot be stopped meanwhile.
 * @throws {HandlerError} IMAGE_TOO_LARGE, IMAGE_TOO_COMPLEX, IMAGE_BROKEN
 */
export async function checkPngWork(bytes: Uint8Array): Promise<void> {
  if (bytes.length < 29) return; // the decoder reports what is missing
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  if (Math.max(width, height) > MAX_SIDE_PX) {
    throw tooLarge(`the picture is ${width} × ${height} pixels; no side may exceed ${MAX_SIDE_PX}`);
  }
  const bits = view.getUint8(24) * (PNG_CHANNELS[view.getUint8(25)] ?? 4);
  const sampleBytes = Math.ceil((width * height * bits) / 8);
  const isInterlaced = view.getUint8(28) !== 0;
  const maxBytes = isInterlaced ? MAX_SAMPLE_BYTES / 2 : MAX_SAMPLE_BYTES; // held completely, and passed over 7 times
  if (sampleBytes > maxBytes) {
    throw tooLarge(`the picture unpacks to ${sampleBytes} bytes; the limit is ${maxBytes}`);
  }
  // A row has a byte for its filter and may end within a byte; interlaced, there are nearly twice as many rows.
  const expected = sampleBytes + (isInterlaced ? 4 : 2) * height + UNPACKED_SLACK;
  await checkUnpackedSize(pixelChunks(bytes), expected);
}

/** What encoders may leave behind the last row: a few bytes of padding. */
const UNPACKED_SLACK = 65_536;
/** Deflate stores what it cannot compress, with 5 bytes for each 16 kB at worst. */
const MAX_PACKED_RATIO = 1.01;

async function checkUnpackedSize(packed: readonly Uint8Array[], expected: number): Promise<void> {
  const packedBytes = packed.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (packedBytes <= MAX_UNCOUNTED_BYTES) return;
  const tooMuch = () =>
    tooComplex(
      `the PNG holds more than the ${expected - UNPACKED_SLACK} bytes that its size needs`,
      "save the picture again with an ordinary encoder",
    );
  if (packedBytes > MAX_PACKED_RATIO * expected) throw tooMuch();
  let unpacked = 0;
  try {
    await pipeline(packed, createInflate({ chunkSize: 1 << 18 }), async (pieces: AsyncIterable<Buffer>) => {
      for await (const { byteLength } of pieces) {
        unpacked += byteLength;
        if (unpacked > expected) throw tooMuch();
      }
    });
  } catch (cause) {
    if (cause instanceof HandlerError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HandlerError(
      "IMAGE_BROKEN",
      422,
      `the picture cannot be decoded: ${reason}`,
      "check that the file is whole",
      cause,
    );
  }
}

/** The data of all IDAT chunks. */
function pixelChunks(png: Uint8Array): readonly Uint8Array[] {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const found: Uint8Array[] = [];
  for (let at = PNG_SIGNATURE_BYTES; at + CHUNK_FRAME_BYTES <= png.length; ) {
    const end = at + CHUNK_FRAME_BYTES + view.getUint32(at);
    if (view.getUint32(at + 4) === PIXELS_TYPE)
      found.push(png.subarray(at + 8, Math.min(end - 4, png.length)));
    at = end;
  }
  return found;
}

/**
 * Removes the text chunks of a PNG. There may be any number of them, compressed 1000 to 1, and no pixel depends
 * on them. Returns the same bytes if there is no text.
 */
export function withoutTexts(png: Uint8Array): Uint8Array {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const kept: Uint8Array[] = [];
  let keptTo = 0;
  let at = PNG_SIGNATURE_BYTES;
  while (at + CHUNK_FRAME_BYTES <= png.length) {
    const end = at + CHUNK_FRAME_BYTES + view.getUint32(at);
    if (isText(view.getUint32(at + 4))) {
      if (at > keptTo) kept.push(png.subarray(keptTo, at));
      keptTo = Math.min(end, png.length);
    }
    at = end;
  }
  if (keptTo === 0) return png;
  kept.push(png.subarray(keptTo));
  return Buffer.concat(kept);
}

/** IDAT as a big-endian number. */
const PIXELS_TYPE = 0x49444154;
/** tEXt, zTXt and iTXt as big-endian numbers. */
const TEXT_TYPES = [0x74455874, 0x7a545874, 0x69545874];
const isText = (type: number) => TEXT_TYPES.includes(type);

const tooComplex = (message: string, hint: string) =>
  new HandlerError("IMAGE_TOO_COMPLEX", 422, message, hint);

const tooLarge = (message: string) =>
  new HandlerError("IMAGE_TOO_LARGE", 413, message, "send a smaller picture");
