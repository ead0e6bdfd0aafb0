import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type ClientErrorCode, SlbenchError } from "../errors.ts";
import type { HttpResponse } from "../http/http-connection.ts";
import type { RequestResult } from "../report/report.ts";
import { type Box, clip, meanDifference, tileDifferences } from "./difference.ts";
import { pictureOf } from "./picture.ts";
import { decodePixels, type Pixels } from "./pixels.ts";
import { type ResponseFormat, readJson } from "./read-response.ts";

/**
 * A blurred face differs from the original by about 20 of 255, a picture that was only re-encoded by less than 1
 * (docs/decisions/client-verify.md).
 */
const MIN_DIFFERENCE = 2;
/** Low-quality JPEG differs everywhere; inside a box it must differ by this much more than around it. */
const MIN_CONTRAST = 2;

export interface VerifyOptions {
  readonly payloadsFolder: string;
  readonly format: ResponseFormat;
  /** Fewest faces that a response must report. */
  readonly minFaces: number;
}

/** Checks responses against their frames: a wrong one changes from `ok` to `wrong-answer` with the reason. */
export function createVerifier(
  options: VerifyOptions,
): (result: RequestResult, response: HttpResponse) => RequestResult {
  return (result, response) => {
    if (result.outcome !== "ok") return result;
    const message = findFault(result, response, options);
    return message === undefined ? result : { ...result, outcome: "wrong-answer", message };
  };
}

/** What is wrong with a response, or undefined. */
function findFault(
  result: RequestResult,
  response: HttpResponse,
  { payloadsFolder, format, minFaces }: VerifyOptions,
): string | undefined {
  const picture = pictureOf(response.body, format);
  if (picture === undefined) return "the picture is neither JPEG nor PNG";
  let after: Pixels;
  try {
    after = decodePixels(picture.bytes);
  } catch (error) {
    return `the picture cannot be decoded: ${error instanceof Error ? error.message : String(error)}`;
  }
  const before = decodePayload(payloadsFolder, result.payload);
  if (after.width !== before.width || after.height !== before.height)
    return `the picture is ${size(after)}, the frame ${size(before)}`;
  if (result.faces === undefined) return "the response does not report the number of faces";
  if (result.faces < minFaces) return `${result.faces} faces reported, at least ${minFaces} required`;
  if (format !== "json") return result.faces === 0 ? undefined : findChangedTile(before, after);
  const json = readJson(response.body);
  const faces = typeof json === "object" && Array.isArray(json.faces) ? (json.faces as unknown[]) : [];
  if (typeof json === "object" && (!agrees(json.width, after.width) || !agrees(json.height, after.height)))
    return `the response reports ${json.width} × ${json.height}, its picture is ${size(after)}`;
  return findUnchangedFace(before, after, faces);
}

/** @throws {SlbenchError} CLIENT_BAD_PAYLOAD: the response is not at fault */
function decodePayload(folder: string, name: string): Pixels {
  try {
    return decodePixels(readFileSync(join(folder, name)));
  } catch (cause) {
    const hint = "leave --verify out, or cut the frames again: slbench frames video.mp4 --out DIR";
    throw new SlbenchError<ClientErrorCode>(
      "CLIENT_BAD_PAYLOAD",
      `cannot read the frame ${name} to check its response`,
      {
        hint,
        cause,
      },
    );
  }
}

function findUnchangedFace(before: Pixels, after: Pixels, faces: readonly unknown[]): string | undefined {
  const boxes: Box[] = [];
  for (const [index, face] of faces.entries()) {
    const box = isBox(face) ? clip(face, before) : undefined;
    if (box === undefined) return `face ${index + 1} has no box inside the picture`;
    boxes.push(box);
  }
  const least = minDifference(tileDifferences(before, after, boxes));
  for (const [index, box] of boxes.entries()) {
    const difference = meanDifference(before, after, box);
    if (difference < least)
      return `the pixels of face ${index + 1} differ by ${difference.toFixed(1)} of 255, at least ${least.toFixed(1)} required`;
  }
  return undefined;
}

/** Without boxes the only possible check is whether some part of the picture changed more than the rest. */
function findChangedTile(before: Pixels, after: Pixels): string | undefined {
  const differences = tileDifferences(before, after, []);
  const largest = differences.reduce((most, value) => Math.max(most, value), 0);
  const least = minDifference(differences);
  if (largest >= least) return undefined;
  return `no part of the picture differs by more than ${largest.toFixed(1)} of 255, at least ${least.toFixed(1)} required`;
}

/** Based on the median tile, so that a change in half of the scene does not raise it. */
function minDifference(tiles: readonly number[]): number {
  const sorted = tiles.toSorted((left, right) => left - right);
  return Math.max(MIN_DIFFERENCE, MIN_CONTRAST * (sorted[Math.floor(sorted.length / 2)] ?? 0));
}

function isBox(face: unknown): face is Box {
  if (typeof face !== "object" || face === null) return false;
  const { x, y, width, height } = face as Partial<Box>;
  return [x, y, width, height].every(Number.isFinite);
}

function agrees(reported: unknown, found: number): boolean {
  return reported === undefined || reported === found;
}

function size({ width, height }: Pick<Pixels, "width" | "height">): string {
  return `${width} × ${height}`;
}
