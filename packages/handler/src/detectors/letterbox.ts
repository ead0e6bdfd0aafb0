import type { Image } from "../picture/image.ts";

/** The order of the network's input: TensorFlow's (red, green, blue of each pixel) or ONNX's (all red first). */
export type Layout = "channels last" | "channels first";

/**
 * Converts a picture to the network's input: padded with black on the right or below to a square, scaled to
 * `size` × `size` without smoothing, −1..1, RGB, row by row.
 *
 * Sampling equals TensorFlow's `resize_bilinear` without half-pixel centres. It reads only the pixels that the
 * network sees, so a large picture costs no more than a small one.
 * @param out buffer of `size` · `size` · 3 numbers; returned
 */
export function letterbox(
  image: Image,
  size: number,
  layout: Layout = "channels last",
  out: Float32Array = new Float32Array(size * size * 3),
): Float32Array {
  const { width, height, data } = image;
  const scale = Math.max(width, height) / size;
  const columns = taps(width, scale, size);
  const rows = taps(height, scale, size);
  const stride = width * 3;
  const [pixel, channel] = layout === "channels last" ? [3, 1] : [1, size * size];
  out.fill(-1);
  for (let y = 0; y < rows.count; y++) {
    const upper = (rows.first[y] as number) * stride;
    const lower = (rows.second[y] as number) * stride;
    const upperWeight = (rows.firstWeight[y] as number) / 127.5;
    const lowerWeight = (rows.secondWeight[y] as number) / 127.5;
    let target = y * size * pixel;
    for (let x = 0; x < columns.count; x++) {
      const left = (columns.first[x] as number) * 3;
      const right = (columns.second[x] as number) * 3;
      const leftWeight = columns.firstWeight[x] as number;
      const rightWeight = columns.secondWeight[x] as number;
      const a = upperWeight * leftWeight;
      const b = upperWeight * rightWeight;
      const c = lowerWeight * leftWeight;
      const d = lowerWeight * rightWeight;
      const i = upper + left;
      const j = upper + right;
      const k = lower + left;
      const l = lower + right;
      // Unrolled: a loop over the three channels takes twice the time.
      out[target] = a * at(data, i) + b * at(data, j) + c * at(data, k) + d * at(data, l) - 1;
      out[target + channel] =
        a * at(data, i + 1) + b * at(data, j + 1) + c * at(data, k + 1) + d * at(data, l + 1) - 1;
      out[target + 2 * channel] =
        a * at(data, i + 2) + b * at(data, j + 2) + c * at(data, k + 2) + d * at(data, l + 2) - 1;
      target += pixel;
    }
  }
  return out;
}

const at = (data: Uint8Array, index: number): number => data[index] as number;

interface Taps {
  /** Positions of the scaled line that lie on the picture; the rest is padding. */
  readonly count: number;
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly firstWeight: Float64Array;
  readonly secondWeight: Float64Array;
}

/** For each position of a scaled line: the two neighbouring pixels and their weights. */
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
      second[i] = low; // the next pixel is black padding or outside the square
      secondWeight[i] = low + 1 < side ? 0 : share;
    }
  }
  return { count, first, second, firstWeight, secondWeight };
}
