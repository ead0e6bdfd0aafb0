import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blurBoxes, KERNEL } from "./blur.ts";
import { decodeImage } from "./codec.ts";
import type { Box, Image } from "./image.ts";

const folder = new URL("../../testdata/opencv/", import.meta.url);
interface Case {
  readonly picture: string;
  readonly what: string;
  readonly boxes: readonly (readonly [number, number, number, number])[];
  readonly expected: string;
}
const { cases } = JSON.parse(await readFile(new URL("cases.json", folder), "utf8")) as {
  readonly cases: readonly Case[];
};
const read = async (name: string) => (await decodeImage(await readFile(new URL(name, folder)))).image;

describe("blurBoxes() equals OpenCV's blur (testdata/make-opencv-blur.py)", () => {
  test.each(cases)("$picture, $what", async ({ picture, boxes, expected }) => {
    const image = await read(picture);
    const before = Buffer.from(image.data);
    blurBoxes(
      image,
      boxes.map(([x, y, width, height]) => ({ x, y, width, height })),
    );
    const wanted = await read(expected);
    expect(Buffer.compare(image.data, wanted.data)).toBe(0);
    // A box of one pixel is its own mean; all others change.
    if (!boxes.every(([, , width, height]) => width * height === 1)) {
      expect(Buffer.compare(image.data, before)).not.toBe(0);
    }
  });
});

/** The definition: the mean over the window, with the border reflected without its edge. */
function naive(image: Image, box: Box): Uint8Array {
  const out = Uint8Array.from(image.data);
  const reflect = (place: number, size: number): number => {
    if (size === 1) return 0;
    if (place < 0) return reflect(-place, size);
    return place < size ? place : reflect(2 * (size - 1) - place, size);
  };
  const reach = (KERNEL - 1) / 2;
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) {
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let dy = -reach; dy <= reach; dy++) {
          for (let dx = -reach; dx <= reach; dx++) {
            const row = box.y + reflect(y + dy, box.height);
            const column = box.x + reflect(x + dx, box.width);
            sum += image.data[(row * image.width + column) * 3 + c] as number;
          }
        }
        out[((box.y + y) * image.width + box.x + x) * 3 + c] = Math.round(sum / KERNEL ** 2);
      }
    }
  }
  return out;
}

test("blurBoxes() equals the definition and changes no pixel outside the box", () => {
  const scene = fc
    .record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 40 }) })
    .chain(({ width, height }) =>
      fc.record({
        data: fc.uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 }),
        size: fc.constant({ width, height }),
        corners: fc.tuple(
          ...[width, width, height, height].map((size) => fc.integer({ min: 0, max: size - 1 })),
        ),
      }),
    );
  fc.assert(
    fc.property(scene, ({ data, size, corners: [x1 = 0, x2 = 0, y1 = 0, y2 = 0] }) => {
      const box = {
        x: Math.min(x1, x2),
        y: Math.min(y1, y2),
        width: Math.abs(x1 - x2) + 1,
        height: Math.abs(y1 - y2) + 1,
      };
      const wanted = naive({ ...size, data }, box);
      const image = { ...size, data: Uint8Array.from(data) };
      blurBoxes(image, [box]);
      expect(Buffer.compare(image.data, wanted)).toBe(0);
    }),
    { numRuns: 25 },
  );
});
