// The gateway's own process: one port in front of the replicas. Ends with the process that started it.
import type { AddressInfo } from "node:net";
import { finish } from "../finish.ts";
import { startForks } from "./forks.ts";
import { createGatewayServer } from "./gateway-server.ts";
import { createMetrics } from "./metrics.ts";
import { type GatewayMessage, type GatewayOptions, gatewayDefaults } from "./options.ts";
import type { Pool } from "./pool.ts";
import { startReplicas } from "./replicas.ts";

const tell = (message: GatewayMessage) => process.send?.(message);
const say = (line: string) => process.stderr.write(`slbench gateway: ${line}\n`);
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
process.on("SIGINT", () => {}); // a terminal's Ctrl-C is the business of who started us
process.on("SIGTERM", () => {
  pool?.drain();
  finish(server, () => void end());
});

server.once("error", (error: NodeJS.ErrnoException) => {
  tell({ failed: { code: error.code ?? "UNKNOWN", message: error.message } });
  process.exit(1);
});
// The port first: a busy one is known before any model is loaded.
server.listen(options.port, options.host, async () => {
  try {
    const changed = () => metrics.setReplicas(pool?.ready.length ?? 0);
    pool = await (options.mode === "fork" ? startForks(options) : startReplicas(options, say, changed));
    changed();
    if (!process.connected) return void end();
    tell({ ready: { port: (server.address() as AddressInfo).port, backend: pool.backend } });
  } catch (error) {
    tell({ failed: { code: "REPLICA", message: error instanceof Error ? error.message : String(error) } });
    process.exit(1);
  }
});
