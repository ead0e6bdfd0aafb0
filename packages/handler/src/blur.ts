import type { Box, Image } from "./image.ts";

export const KERNEL = 25;

/**
 * Blurs boxes of a picture in place with a KERNEL × KERNEL box filter, each box by itself: exactly what
 * OpenCV's `blur` gives for that part of the picture, the border reflected without its edge (101).
 */
export function blurBoxes(image: Image, boxes: readonly Box[]): void {
  for (const box of boxes) blurBox(image, box);
}

function blurBox(image: Image, box: Box): void {
  const { width, height } = box;
  const stride = image.width * 3;
  const columns = reflectedIndices(width);
  const rows = reflectedIndices(height);
  // Sums over KERNEL columns for every row of the box, then over KERNEL rows: 2 additions per pixel each.
  const horizontal = new Uint32Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const source = (box.y + y) * stride + box.x * 3;
    for (let channel = 0; channel < 3; channel++) {
      const at = (k: number) => image.data[source + (columns[k] as number) * 3 + channel] as number;
      let sum = 0;
      for (let k = 0; k < KERNEL; k++) sum += at(k);
      for (let x = 0; x < width; x++) {
        horizontal[(y * width + x) * 3 + channel] = sum;
        if (x + 1 < width) sum += at(x + KERNEL) - at(x);
      }
    }
  }
  const rowLength = width * 3;
  const sums = new Uint32Array(rowLength);
  const add = (k: number, sign: 1 | -1) => {
    const row = (rows[k] as number) * rowLength;
    for (let i = 0; i < rowLength; i++)
      sums[i] = (sums[i] as number) + sign * (horizontal[row + i] as number);
  };
  for (let k = 0; k < KERNEL; k++) add(k, 1);
  const half = (KERNEL * KERNEL - 1) / 2;
  for (let y = 0; y < height; y++) {
    const target = (box.y + y) * stride + box.x * 3;
    for (let i = 0; i < rowLength; i++) {
      image.data[target + i] = Math.floor(((sums[i] as number) + half) / (KERNEL * KERNEL));
    }
    if (y + 1 < height) {
      add(y, -1);
      add(y + KERNEL, 1);
    }
  }
}

/** For each place of a window that slides over 0..size-1: the pixel that stands there, reflected at the ends. */
function reflectedIndices(size: number): Int32Array {
  const reach = (KERNEL - 1) / 2;
  const indices = new Int32Array(size + KERNEL - 1);
  const period = Math.max(1, 2 * (size - 1));
  for (let k = 0; k < indices.length; k++) {
    const folded = Math.abs((((k - reach) % period) + period) % period);
    indices[k] = size === 1 ? 0 : folded < size ? folded : period - folded;
  }
  return indices;
}
