import type { Face, Image } from "../picture/image.ts";
import { type Candidate, suppressOverlaps } from "./overlaps.ts";

/** Largest number of faces reported per picture, as in face-api. */
const MAX_FACES = 100;
/** Boxes that overlap by more than this (intersection over union) are one face. */
const SAME_FACE = 0.5;
/** Per anchor: 4 box codes and 3 class scores (background, face, and an untrained one). */
const CODES = 4;
const CLASSES = 3;

/**
 * Decodes the heads' outputs into faces above the threshold, best first, in whole pixels, clipped to the picture.
 * @param heads the outputs of `buildSsd`
 * @param anchors top, left, bottom, right as fractions of the square, ordered by map, cell, anchor
 * @see Liu et al. 2016, section 2.2: codes are offsets from the anchor, scaled by 10 (centre) and 5 (size)
 */
export function decodeFaces(
  heads: readonly Float32Array[],
  anchors: Float32Array,
  picture: Pick<Image, "width" | "height">,
  threshold: number,
): readonly Face[] {
  const candidates: Candidate[] = [];
  let anchor = 0;
  heads.forEach((head, map) => {
    const perPlace = map === 0 ? 3 : 6;
    const width = perPlace * (CODES + CLASSES);
    for (let place = 0; place < head.length; place += width) {
      for (let a = 0; a < perPlace; a++, anchor++) {
        const score = 1 / (1 + Math.exp(-at(head, place + perPlace * CODES + a * CLASSES + 1)));
        if (score > threshold)
          candidates.push(decodeBox(head, place + a * CODES, anchors, anchor * 4, score));
      }
    }
  });
  const side = Math.max(picture.width, picture.height);
  return suppressOverlaps(candidates, MAX_FACES, SAME_FACE).flatMap((found) => {
    const x = Math.round(Math.max(0, found.left) * side);
    const y = Math.round(Math.max(0, found.top) * side);
    const right = Math.min(picture.width, Math.round(found.right * side));
    const bottom = Math.min(picture.height, Math.round(found.bottom * side));
    if (right <= x || bottom <= y) return []; // in the padding, or thinner than a pixel
    return [{ x, y, width: right - x, height: bottom - y, score: found.score }];
  });
}

function decodeBox(
  codes: Float32Array,
  code: number,
  anchors: Float32Array,
  anchor: number,
  score: number,
): Candidate {
  const [top, left] = [at(anchors, anchor), at(anchors, anchor + 1)];
  const [height, width] = [at(anchors, anchor + 2) - top, at(anchors, anchor + 3) - left];
  const centerY = (at(codes, code) / 10) * height + top + height / 2;
  const centerX = (at(codes, code + 1) / 10) * width + left + width / 2;
  const halfHeight = (Math.exp(at(codes, code + 2) / 5) * height) / 2;
  const halfWidth = (Math.exp(at(codes, code + 3) / 5) * width) / 2;
  return {
    top: centerY - halfHeight,
    left: centerX - halfWidth,
    bottom: centerY + halfHeight,
    right: centerX + halfWidth,
    score,
  };
}

const at = (array: Float32Array, index: number): number => array[index] as number;
