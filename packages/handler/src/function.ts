import { type Call, handleCall } from "./call.ts";
import type { Backend } from "./detector.ts";
import { loadDetector } from "./detectors/load.ts";
import type { HttpResponse } from "./http/response.ts";
import { readOptions } from "./options.ts";
import { createTurns } from "./turns.ts";
import { warmUp } from "./warm-up.ts";

/** The function for a host with its own HTTP server, for example OpenFaaS's node22 template. */
export interface FaceBlur {
  readonly backend: Backend;
  /** Handles one request. Never rejects: an invalid picture gets a 4xx response. */
  call(call: Call): Promise<HttpResponse>;
}

/**
 * Loads the detector and warms it up. Requests are handled one at a time, or two if the network has a thread of its own.
 * @param env SLBENCH_BACKEND, SLBENCH_REPLICA, SLBENCH_MAX_PIXELS; see packages/handler/README.md
 * @throws {HandlerError} OPTION_WRONG, DETECTOR_UNAVAILABLE
 */
export async function createFaceBlur(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<FaceBlur> {
  const { backend, replica, maxPixels } = readOptions(env);
  const detector = await loadDetector(backend, (line) => process.stderr.write(`slbench function: ${line}\n`));
  await warmUp(detector);
  const inTurn = createTurns(detector.requestsAtOnce);
  let coldStart = true;
  return {
    backend: detector.backend,
    call(call) {
      const arrived = performance.now();
      return inTurn(() => {
        const waitSeconds = (performance.now() - arrived) / 1000;
        const state = { replica, coldStart, processAgeSeconds: process.uptime(), waitSeconds };
        coldStart = false;
        return handleCall(call, detector, state, maxPixels);
      });
    },
  };
}
