import type { Image } from "../image.ts";

/**
 * The picture as the network wants it: padded to a square with black on the right or below, scaled to
 * `size` × `size` without smoothing, −1..1, RGB row by row.
 *
 * Sampling is TensorFlow's `resize_bilinear` without half-pixel centres; only pixels that the network sees
 * are read, so a large picture costs no more than a small one.
 */
export function letterbox(image: Image, size: number): Float32Array {
  const out = new Float32Array(size * size * 3).fill(-1);
  const { width, height, data } = image;
  const scale = Math.max(width, height) / size;
  const columns = taps(width, scale, size);
  const rows = taps(height, scale, size);
  const stride = width * 3;
  for (let y = 0; y < rows.count; y++) {
    const upper = (rows.first[y] as number) * stride;
    const lower = (rows.second[y] as number) * stride;
    const upperWeight = (rows.firstWeight[y] as number) / 127.5;
    const lowerWeight = (rows.secondWeight[y] as number) / 127.5;
    let target = y * size * 3;
    for (let x = 0; x < columns.count; x++) {
      const left = (columns.first[x] as number) * 3;
      const right = (columns.second[x] as number) * 3;
      const leftWeight = columns.firstWeight[x] as number;
      const rightWeight = columns.secondWeight[x] as number;
      for (let c = 0; c < 3; c++) {
        const above =
          leftWeight * (data[upper + left + c] as number) + rightWeight * (data[upper + right + c] as number);
        const below =
          leftWeight * (data[lower + left + c] as number) + rightWeight * (data[lower + right + c] as number);
        out[target++] = upperWeight * above + lowerWeight * below - 1;
      }
    }
  }
  return out;
}

interface Taps {
  /** Places of the scaled line that lie on the picture; the others are padding. */
  readonly count: number;
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly firstWeight: Float64Array;
  readonly secondWeight: Float64Array;
}

/** For each place of a scaled line the two pixels that it lies between and their shares. */
function taps(length: number, scale: number, size: number): Taps {
  const count = Math.min(size, Math.ceil(length / scale));
  const first = new Int32Array(count);
  const second = new Int32Array(count);
  const firstWeight = new Float64Array(count);
  const secondWeight = new Float64Array(count);
  const side = Math.round(scale * size);
  for (let i = 0; i < count; i++) {
    const at = i * scale;
    const low = Math.min(Math.floor(at), length - 1);
    const share = at - low;
    first[i] = low;
    firstWeight[i] = 1 - share;
    if (low + 1 < length) {
      second[i] = low + 1;
      secondWeight[i] = share;
    } else {
      second[i] = low; // the next pixel is black padding, or there is none in the square
      secondWeight[i] = low + 1 < side ? 0 : share;
    }
  }
  return { count, first, second, firstWeight, secondWeight };
}
