import { type GatewayOptions, type ReplicaChange, startLocalFunction } from "@slbench/handler";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { ensureDetector } from "../setup/detector.ts";

/** Prints each change of the number of replicas wanted. */
function createScaleLog(): (change: ReplicaChange) => void {
  let shown: number | undefined;
  return ({ wanted, ready, starting, queued }) => {
    if (wanted === shown) return;
    shown = wanted;
    process.stderr.write(
      `replicas: ${wanted} wanted, ${ready} ready, ${starting} starting; queue: ${queued}\n`,
    );
  };
}

/**
 * Runs the function until SIGINT or SIGTERM.
 * @throws {SlbenchError} SERVE_DIED when the gateway ends by itself, SETUP_CHANGED
 * @throws {HandlerError} GATEWAY_PORT, GATEWAY_REPLICA
 */
export async function serve(options: Partial<GatewayOptions>): Promise<void> {
  const { packages } = await ensureDetector(options.backend);
  const password = process.env.SLBENCH_GATEWAY_PASSWORD;
  const running = await startLocalFunction({
    ...options,
    ...(packages !== undefined && { detectorPackages: packages }),
    ...(password !== undefined && password !== "" && { adminPassword: password }),
    ...(options.autoscale !== undefined && { onScale: createScaleLog() }),
  });
  process.stderr.write(`Serving ${running.url} (backend ${running.backend}); Ctrl-C ends it\n`);
  const asked = new Promise<undefined>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => resolve(undefined));
  });
  const died = await Promise.race([asked, running.died]);
  if (died !== undefined) {
    throw new SlbenchError<ToolErrorCode>("SERVE_DIED", `the gateway ended (${died})`, {
      hint: "see the lines above and start it again",
    });
  }
  await running.stop();
}
