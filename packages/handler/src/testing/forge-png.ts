import { crc32, deflateSync } from "node:zlib";

/** One chunk of a PNG file, with its length and checksum. */
export function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.byteLength);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

export interface ForgedPng {
  readonly width: number;
  readonly height: number;
  readonly bitDepth?: number;
  readonly colourType?: number;
  readonly isInterlaced?: boolean;
  readonly pixels?: Uint8Array;
  /** The data of IDAT instead of the deflated pixels. */
  readonly data?: Uint8Array;
  readonly beforePixels?: readonly Buffer[];
  readonly afterPixels?: readonly Buffer[];
}

/** A PNG with any size in its header and any bytes as its pixels; all checksums are valid. */
export function forgePng({
  width,
  height,
  bitDepth = 8,
  colourType = 2,
  pixels,
  ...more
}: ForgedPng): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bitDepth, colourType, 0, 0, more.isInterlaced ? 1 : 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk("IHDR", header),
    ...(more.beforePixels ?? []),
    pngChunk("IDAT", more.data ?? deflateSync(pixels ?? new Uint8Array(1))),
    ...(more.afterPixels ?? []),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}
