import fc from "fast-check";
import { expect, test } from "vitest";
import { letterbox } from "./letterbox.ts";

/** TensorFlow's resize_bilinear (no half-pixel centres) of the padded square, as defined by its kernel. */
function naive(width: number, height: number, data: Uint8Array, size: number): Float32Array {
  const side = Math.max(width, height);
  const pixel = (x: number, y: number, c: number) =>
    x < width && y < height ? (data[(y * width + x) * 3 + c] as number) : 0;
  const out = new Float32Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [sourceY, sourceX] = [(y * side) / size, (x * side) / size];
      const [top, left] = [Math.floor(sourceY), Math.floor(sourceX)];
      const [bottom, right] = [Math.min(top + 1, side - 1), Math.min(left + 1, side - 1)];
      for (let c = 0; c < 3; c++) {
        const above = pixel(left, top, c) + (pixel(right, top, c) - pixel(left, top, c)) * (sourceX - left);
        const below =
          pixel(left, bottom, c) + (pixel(right, bottom, c) - pixel(left, bottom, c)) * (sourceX - left);
        out[(y * size + x) * 3 + c] = (above + (below - above) * (sourceY - top)) / 127.5 - 1;
      }
    }
  }
  return out;
}

test.each(["channels last", "channels first"] as const)(
  "letterbox() with %s equals padding followed by TensorFlow's bilinear resize",
  (layout) => {
    const picture = fc
      .tuple(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 24 }),
      )
      .chain(([width, height, size]) =>
        fc.record({
          width: fc.constant(width),
          height: fc.constant(height),
          size: fc.constant(size),
          data: fc.uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 }),
        }),
      );
    fc.assert(
      fc.property(picture, ({ width, height, size, data }) => {
        const used = new Float32Array(size * size * 3).fill(7);
        const found = letterbox({ width, height, data }, size, layout, used);
        const wanted = naive(width, height, data, size);
        expect(found.length).toBe(wanted.length);
        for (let i = 0; i < wanted.length; i++) {
          const at = layout === "channels last" ? i : (i % 3) * size * size + Math.floor(i / 3);
          expect(Math.abs((found[at] as number) - (wanted[i] as number))).toBeLessThan(1e-5);
        }
      }),
      { numRuns: 100 },
    );
  },
);
