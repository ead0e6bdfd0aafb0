// The function's process. `main.js`: an HTTP server (of-watchdog, mode http; the local gateway's replicas).
// `main.js --once`: one request on standard input (classic watchdog). Options come from the environment.
import type { AddressInfo } from "node:net";
import { loadDetector } from "./detectors/load.ts";
import { HandlerError } from "./errors.ts";
import { finish } from "./http/finish.ts";
import { createFunctionServer } from "./http/server.ts";
import { handleOnce } from "./once.ts";
import { type FunctionMessage, readOptions } from "./options.ts";
import { warmUp } from "./warm-up.ts";

const log = (line: string) => process.stderr.write(`slbench function: ${line}\n`);
const notify = (message: FunctionMessage) => process.send?.(message);

async function serve(): Promise<void> {
  if (process.connected) {
    process.on("disconnect", () => process.exit(0)); // the gateway has ended
    process.on("SIGINT", () => {}); // the gateway handles a terminal's Ctrl-C
    process.on("message", () => {
      const { user, system } = process.cpuUsage();
      notify({ cpuSeconds: (user + system) / 1e6 });
    });
  }
  const options = readOptions(process.env);
  const detector = await loadDetector(options.backend, log);
  await warmUp(detector);
  const server = createFunctionServer({ ...options, detector });
  server.keepAliveTimeout = 0; // the watchdog ends connections
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  process.once("SIGTERM", () => finish(server, () => process.exit(0)));
  if (process.connected) notify({ ready: { port, backend: detector.backend } });
  else log(`${detector.backend} backend on http://${options.host}:${port} after ${process.uptime()} s`);
}

async function once(): Promise<void> {
  const options = readOptions(process.env);
  const { output, exitCode } = await handleOnce(process.stdin, process.env, options, () =>
    loadDetector(options.backend, log),
  );
  process.stdout.write(output, () => process.exit(exitCode));
}

try {
  await (process.argv.includes("--once") ? once() : serve());
} catch (error) {
  const reason = error instanceof HandlerError ? `${error.message}; ${error.hint}` : String(error);
  if (process.connected) notify({ failed: reason });
  else log(reason);
  process.exitCode = 1;
  if (process.connected) process.disconnect();
}
