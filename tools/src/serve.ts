import { type GatewayOptions, startLocalFunction } from "@slbench/handler";
import { ToolError } from "./errors.ts";
import { ensureNativeTensorflow } from "./setup/tensorflow.ts";

/** Runs the function until SIGINT or SIGTERM, or until the gateway dies. */
export async function serve(options: Partial<GatewayOptions>): Promise<void> {
  if (!["auto", "native", "wasm", "none"].includes(options.backend ?? "auto")) {
    throw new ToolError("USAGE_BACKEND", `--backend is "${options.backend}"`, {
      hint: "give auto, native, wasm or none",
      exitCode: 2,
    });
  }
  if (options.backend === "auto" || options.backend === "native") await ensureNativeTensorflow();
  const running = await startLocalFunction(options);
  process.stderr.write(`Serving ${running.url} (backend ${running.backend}); Ctrl-C ends it\n`);
  const asked = new Promise<undefined>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => resolve(undefined));
  });
  const died = await Promise.race([asked, running.died]);
  if (died !== undefined) {
    throw new ToolError("SERVE_DIED", `the gateway ended (${died})`, {
      hint: "see the lines above and start it again",
    });
  }
  await running.stop();
}
