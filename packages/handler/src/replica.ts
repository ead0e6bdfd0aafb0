// One replica: a process that serves the function on a loopback port of its own and ends with its gateway.
import type { AddressInfo } from "node:net";
import { encodeImage } from "./codec.ts";
import type { Backend } from "./detector.ts";
import { loadDetector } from "./detectors/load.ts";
import { blurFaces } from "./handler.ts";
import { createFunctionServer } from "./server.ts";

export interface ReplicaOptions {
  readonly backend: Backend | "auto";
  readonly replica: string;
  readonly maxBodyBytes: number;
}

/** What a replica tells its gateway. */
export type ReplicaMessage =
  | { readonly ready: { readonly port: number; readonly backend: Backend } }
  | { readonly failed: string };

const tell = (message: ReplicaMessage) => process.send?.(message);

process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => {}); // a terminal's Ctrl-C is the gateway's business

try {
  const options = JSON.parse(process.argv[2] ?? "{}") as ReplicaOptions;
  const detector = await loadDetector(options.backend, (line) =>
    process.stderr.write(`slbench function: ${line}\n`),
  );
  // The first detection allocates and compiles; the first user does not pay for it.
  const blank = { width: 1308, height: 888, data: new Uint8Array(1308 * 888 * 3) };
  const bytes = await encodeImage(blank, "jpeg");
  for (let i = 0; i < 3; i++) await blurFaces({ bytes }, detector);
  const server = createFunctionServer({
    detector,
    replica: options.replica,
    maxBodyBytes: options.maxBodyBytes,
  });
  server.keepAliveTimeout = 0;
  server.listen(0, "127.0.0.1", () => {
    tell({ ready: { port: (server.address() as AddressInfo).port, backend: detector.backend } });
  });
} catch (error) {
  tell({ failed: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  process.disconnect?.();
}
