import type { Backend, FaceDetector } from "./detector.ts";
import { blurBoxes } from "./picture/blur.ts";
import { decodeImage, encodeImage, type PictureFormat } from "./picture/codec.ts";
import type { Face } from "./picture/image.ts";

export const THRESHOLD = 0.4;

export interface BlurRequest {
  /** JPEG or PNG. */
  readonly bytes: Uint8Array;
  /** Minimum score of a face, 0..1; default 0.4. */
  readonly threshold?: number;
  /** Format of the output picture; default: the input's format. */
  readonly format?: PictureFormat;
}

/** Seconds per stage; their sum is slightly less than `totalSeconds`. */
export interface StageSeconds {
  readonly decode: number;
  readonly detect: number;
  readonly blur: number;
  readonly encode: number;
}

export interface BlurResult {
  readonly picture: Uint8Array;
  readonly format: PictureFormat;
  readonly width: number;
  readonly height: number;
  readonly faces: readonly Face[];
  readonly mlSeconds: number;
  readonly totalSeconds: number;
  readonly stageSeconds: StageSeconds;
  /** Waiting for another picture in the network; not part of `totalSeconds` or of a stage. */
  readonly networkWaitSeconds: number;
  readonly backend: Backend;
}

/**
 * Blurs the faces in one picture.
 * @param signal ends the work between two stages
 * @throws {HandlerError} if the body is not a picture
 * @throws the signal's reason once it is aborted
 */
export async function blurFaces(
  request: BlurRequest,
  detector: FaceDetector,
  maxPixels?: number,
  signal?: AbortSignal,
): Promise<BlurResult> {
  const start = performance.now();
  const { image, format } = await decodeImage(request.bytes, maxPixels);
  signal?.throwIfAborted();
  const decoded = performance.now();
  let waitedMs = 0;
  const faces = await detector.detect(image, request.threshold ?? THRESHOLD, (waited) => {
    waitedMs = waited * 1000;
  });
  signal?.throwIfAborted();
  const detected = performance.now();
  blurBoxes(image, faces);
  const blurred = performance.now();
  const outputFormat = request.format ?? format;
  const picture = await encodeImage(image, outputFormat);
  const end = performance.now();
  // Whole microseconds: further digits are noise, and every response and report would carry them.
  const seconds = (from: number, to: number) => Math.round((to - from) * 1000) / 1e6;
  return {
    picture,
    format: outputFormat,
    width: image.width,
    height: image.height,
    faces,
    mlSeconds: seconds(decoded, detected - waitedMs),
    totalSeconds: seconds(start, end - waitedMs),
    stageSeconds: {
      decode: seconds(start, decoded),
      detect: seconds(decoded, detected - waitedMs),
      blur: seconds(detected, blurred),
      encode: seconds(blurred, end),
    },
    networkWaitSeconds: seconds(0, waitedMs),
    backend: detector.backend,
  };
}
