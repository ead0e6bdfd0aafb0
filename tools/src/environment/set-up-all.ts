import type { GatewayOptions } from "@slbench/handler";
import { findFfmpeg } from "../frames/find-ffmpeg.ts";
import { findJMeter } from "../jmeter/home.ts";
import { ensureClientExecutable } from "../setup/client.ts";
import { ensureDetector } from "../setup/detector.ts";
import { type SetupLog, stderrLog } from "../setup/steps.ts";

/**
 * Sets up whatever is missing; a second call finds everything in place.
 * @param backend what detects the faces; default: the fastest available
 * @throws {SlbenchError} when Java or Maven is missing, or the client cannot be compiled
 */
export async function setUpAll(
  backend?: GatewayOptions["backend"],
  log: SetupLog = stderrLog,
): Promise<void> {
  const jmeter = await findJMeter(log);
  const client = await ensureClientExecutable(log);
  const detector = await ensureDetector(backend, log);
  // Not needed if the frames are already cut.
  const ffmpeg = await findFfmpeg(log).catch((error: Error) => `not available: ${error.message}`);
  log.line(`setup: JMeter ${jmeter.jmeterVersion} in ${jmeter.home}`);
  log.line(`setup: client ${client.path} (${client.builtWith})`);
  log.line(`setup: ffmpeg ${ffmpeg}`);
  log.line(`setup: function on ${detector.title}`);
}
