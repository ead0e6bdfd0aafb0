// The gateway process: one port in front of the replicas. It ends when its parent process ends.
import type { AddressInfo } from "node:net";
import { finish } from "../finish.ts";
import { startForks } from "./forks.ts";
import { createGatewayServer } from "./gateway-server.ts";
import { createMetrics } from "./metrics.ts";
import { type GatewayMessage, type GatewayOptions, gatewayDefaults } from "./options.ts";
import type { Pool } from "./pool.ts";
import { startReplicas } from "./replicas.ts";

const notify = (message: GatewayMessage) => process.send?.(message);
const log = (line: string) => process.stderr.write(`slbench gateway: ${line}\n`);
const options: GatewayOptions = {
  ...gatewayDefaults,
  ...(JSON.parse(process.argv[2] ?? "{}") as Partial<GatewayOptions>),
};

let pool: Pool | undefined;
const metrics = createMetrics(`${options.functionName}.openfaas-fn`);
const server = createGatewayServer(options, () => pool, metrics);

const end = async () => {
  await pool?.stop();
  process.exit(0);
};
process.on("disconnect", end);
process.on("SIGINT", () => {}); // the parent process handles a terminal's Ctrl-C
process.on("SIGTERM", () => {
  pool?.drain();
  finish(server, () => void end());
});

server.once("error", (error: NodeJS.ErrnoException) => {
  notify({ failed: { code: error.code ?? "UNKNOWN", message: error.message } });
  process.exit(1);
});
// Listen first, so that a busy port fails before any model is loaded.
server.listen(options.port, options.host, async () => {
  try {
    const changed = () => metrics.setReplicas(pool?.ready.length ?? 0);
    pool = await (options.mode === "fork" ? startForks(options) : startReplicas(options, log, changed));
    changed();
    if (!process.connected) return void end();
    notify({ ready: { port: (server.address() as AddressInfo).port, backend: pool.backend } });
  } catch (error) {
    notify({ failed: { code: "REPLICA", message: error instanceof Error ? error.message : String(error) } });
    process.exit(1);
  }
});
