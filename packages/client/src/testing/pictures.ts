import { encode as encodePng } from "fast-png";
import jpeg from "jpeg-js";
import { createRandom } from "../random.ts";
import type { Box } from "../response/difference.ts";

/** A picture full of detail, as RGBA. */
export interface TestPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Seeded noise over a gradient. */
export function drawPicture(width: number, height: number, seed = 1): TestPicture {
  const random = createRandom(seed);
  const data = new Uint8Array(width * height * 4);
  for (let index = 0; index < data.length; index++)
    data[index] = index % 4 === 3 ? 255 : ((index / 16) % 128) + random() * 120;
  return { width, height, data };
}

/** Each box painted over with one colour. */
export function paint(picture: TestPicture, boxes: readonly Box[], level = 200): TestPicture {
  const data = picture.data.slice();
  for (const box of boxes) {
    for (let y = box.y; y < box.y + box.height; y++)
      data.fill(level, (y * picture.width + box.x) * 4, (y * picture.width + box.x + box.width) * 4);
  }
  return { ...picture, data };
}

export function toJpeg(picture: TestPicture, quality = 90): Buffer {
  return Buffer.from(jpeg.encode({ ...picture, data: Buffer.from(picture.data) }, quality).data);
}

export function toPng(picture: TestPicture): Buffer {
  return Buffer.from(encodePng({ ...picture, channels: 4, depth: 8 }));
}
