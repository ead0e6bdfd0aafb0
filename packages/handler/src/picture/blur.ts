import type { Box, Image } from "./image.ts";

export const KERNEL = 25;
const REACH = (KERNEL - 1) / 2;
const AREA = KERNEL * KERNEL;

/**
 * Blurs boxes of a picture in place with a KERNEL × KERNEL box filter, each box on its own. The result equals
 * OpenCV's `blur` of that part of the picture, with the border reflected without its edge (BORDER_REFLECT_101).
 */
export function blurBoxes(image: Image, boxes: readonly Box[]): void {
  for (const box of boxes) blurBox(image, box);
}

function blurBox(image: Image, box: Box): void {
  const { width, height } = box;
  const length = width * 3;
  const sums = sumRows(image, box);
  const rows = reflectedIndices(height);
  // A window of KERNEL rows slides down: one row enters, one leaves.
  const window = new Int32Array(length);
  for (let k = 0; k < KERNEL; k++) {
    const row = (rows[k] as number) * length;
    for (let i = 0; i < length; i++) window[i] = (window[i] as number) + (sums[row + i] as number);
  }
  // Rounded division. A sum is an integer, so sum + AREA / 2 is at least 0.5 away from a multiple of AREA.
  // Multiplication, three times as fast as division, therefore cannot round to the wrong side.
  const half = AREA / 2;
  const share = 1 / AREA;
  for (let y = 0; y < height; y++) {
    const target = ((box.y + y) * image.width + box.x) * 3;
    const out = (rows[y] as number) * length;
    const incoming = (rows[y + KERNEL] ?? 0) * length;
    for (let i = 0; i < length; i++) {
      const sum = window[i] as number;
      image.data[target + i] = ((sum + half) * share) | 0;
      window[i] = sum - (sums[out + i] as number) + (sums[incoming + i] as number);
    }
  }
}

/** For each pixel and channel of a box, the sum over the KERNEL columns around it. */
function sumRows(image: Image, { x, y, width, height }: Box): Int32Array {
  const sums = new Int32Array(width * height * 3);
  const columns = reflectedIndices(width);
  const row = new Uint8Array(columns.length * 3); // including its reflected ends
  for (let line = 0; line < height; line++) {
    const source = ((y + line) * image.width + x) * 3;
    row.set(image.data.subarray(source, source + width * 3), REACH * 3);
    for (let k = 0; k < columns.length; k++) {
      if (k === REACH) k += width; // already copied
      const from = source + (columns[k] as number) * 3;
      row[k * 3] = image.data[from] as number;
      row[k * 3 + 1] = image.data[from + 1] as number;
      row[k * 3 + 2] = image.data[from + 2] as number;
    }
    const target = line * width * 3;
    let [red, green, blue] = [0, 0, 0];
    for (let k = 0; k < KERNEL * 3; k += 3) {
      red += row[k] as number;
      green += row[k + 1] as number;
      blue += row[k + 2] as number;
    }
    for (let out = 0, come = KERNEL * 3; out < width * 3; out += 3, come += 3) {
      sums[target + out] = red;
      sums[target + out + 1] = green;
      sums[target + out + 2] = blue;
      if (come >= row.length) break;
      red += (row[come] as number) - (row[out] as number);
      green += (row[come + 1] as number) - (row[out + 1] as number);
      blue += (row[come + 2] as number) - (row[out + 2] as number);
    }
  }
  return sums;
}

/** Pixel indices -REACH..size-1+REACH, reflected at both ends into 0..size-1. */
function reflectedIndices(size: number): Int32Array {
  const indices = new Int32Array(size + KERNEL - 1);
  const period = Math.max(1, 2 * (size - 1));
  for (let k = 0; k < indices.length; k++) {
    const folded = Math.abs((((k - REACH) % period) + period) % period);
    indices[k] = size === 1 ? 0 : folded < size ? folded : period - folded;
  }
  return indices;
}
