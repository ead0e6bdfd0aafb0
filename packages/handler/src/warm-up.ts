import { blurBoxes } from "./blur.ts";
import { encodeImage } from "./codec.ts";
import type { FaceDetector } from "./detector.ts";
import { blurFaces } from "./handler.ts";

/** Size of the frames that are measured, and of a face in them. */
const WIDTH = 1308;
const HEIGHT = 888;
const FACE = { x: 0, y: 0, width: 150, height: 200 };

/**
 * Takes one grey picture the whole way, so that the first user does not pay for what happens only once:
 * the graph is optimised, memory is allocated, the blur is compiled.
 */
export async function warmUp(detector: FaceDetector): Promise<void> {
  const image = { width: WIDTH, height: HEIGHT, data: new Uint8Array(WIDTH * HEIGHT * 3).fill(128) };
  for (let i = 0; i < 3; i++) blurBoxes(image, [FACE]);
  const bytes = await encodeImage(image, "jpeg");
  await blurFaces({ bytes }, detector);
}
