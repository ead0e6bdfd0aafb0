import type { FaceDetector } from "./detector.ts";
import { blurFaces } from "./handler.ts";
import { blurBoxes } from "./picture/blur.ts";
import { encodeImage } from "./picture/codec.ts";

/** Size of a frame of the sample video, and of a face in it. */
const WIDTH = 1308;
const HEIGHT = 888;
const FACE = { x: 0, y: 0, width: 150, height: 200 };

/**
 * Processes one grey picture, so that the first user does not pay for one-time work: optimising the graph,
 * allocating memory, compiling the blur.
 */
export async function warmUp(detector: FaceDetector): Promise<void> {
  const image = { width: WIDTH, height: HEIGHT, data: new Uint8Array(WIDTH * HEIGHT * 3).fill(128) };
  for (let i = 0; i < 3; i++) blurBoxes(image, [FACE]);
  const bytes = await encodeImage(image, "jpeg");
  await blurFaces({ bytes }, detector);
}
