import type { Pixels } from "./pixels.ts";

/** A rectangle in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The part of a box that lies inside a picture, in whole pixels; undefined if it lies outside. */
export function clip(box: Box, picture: Pick<Pixels, "width" | "height">): Box | undefined {
  const x = Math.max(0, Math.floor(box.x));
  const y = Math.max(0, Math.floor(box.y));
  const width = Math.min(picture.width, Math.ceil(box.x + box.width)) - x;
  const height = Math.min(picture.height, Math.ceil(box.y + box.height)) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}

/** Mean absolute difference of two pictures of equal size inside a box that lies inside both: 0 to 255. */
export function meanDifference(before: Pixels, after: Pixels, box: Box): number {
  const colours = Math.min(before.channels, after.channels, 3);
  let sum = 0;
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let x = box.x; x < box.x + box.width; x++) {
      const at = y * before.width + x;
      for (let colour = 0; colour < colours; colour++) {
        const left = before.data[at * before.channels + colour] ?? 0;
        const right = after.data[at * after.channels + colour] ?? 0;
        sum += Math.abs(left - right);
      }
    }
  }
  return sum / (box.width * box.height * colours);
}

const TILE = 32;

/** The mean differences of a picture's 32 × 32 tiles, without those that touch one of the boxes. */
export function tileDifferences(before: Pixels, after: Pixels, boxes: readonly Box[]): readonly number[] {
  const differences: number[] = [];
  for (let y = 0; y < before.height; y += TILE) {
    for (let x = 0; x < before.width; x += TILE) {
      const tile = clip({ x, y, width: TILE, height: TILE }, before);
      if (tile !== undefined && !boxes.some((box) => overlap(tile, box)))
        differences.push(meanDifference(before, after, tile));
    }
  }
  return differences;
}

function overlap(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}
