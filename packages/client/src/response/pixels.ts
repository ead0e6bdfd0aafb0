import { convertIndexedToRgb, decode as decodePng } from "fast-png";
import jpeg from "jpeg-js";

/** A picture as rows of pixels, `channels` values of 0 to 255 each. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

/**
 * Decodes a JPEG or PNG.
 * @throws {Error} if it is neither, or is damaged
 */
export function decodePixels(bytes: Uint8Array): Pixels {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) {
    const { width, height, data } = jpeg.decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
    });
    return { width, height, channels: 3, data };
  }
  const png = decodePng(bytes);
  const { width, height } = png;
  if (png.palette !== undefined) {
    const channels = png.palette[0]?.length ?? 3;
    return { width, height, channels, data: Uint8Array.from(convertIndexedToRgb(png)) };
  }
  if (png.depth === 8) return { width, height, channels: png.channels, data: Uint8Array.from(png.data) };
  if (png.depth === 16)
    return { width, height, channels: png.channels, data: Uint8Array.from(png.data, (value) => value >> 8) };
  throw new Error(`a PNG with ${png.depth} bits per value`);
}
