import { type GatewayOptions, startLocalFunction } from "@slbench/handler";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { checkModelWeights } from "../setup/model-weights.ts";
import { ensureNativeTensorflow } from "../setup/tensorflow.ts";

/**
 * Runs the function until SIGINT or SIGTERM.
 * @throws {SlbenchError} SERVE_DIED when the gateway ends by itself, SETUP_CHANGED
 * @throws {HandlerError} GATEWAY_PORT, GATEWAY_REPLICA
 */
export async function serve(options: Partial<GatewayOptions>): Promise<void> {
  if (options.backend === "auto" || options.backend === "native") await ensureNativeTensorflow();
  if (options.backend !== "none") await checkModelWeights();
  const password = process.env.SLBENCH_GATEWAY_PASSWORD;
  const running = await startLocalFunction({
    ...options,
    ...(password !== undefined && password !== "" && { adminPassword: password }),
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
