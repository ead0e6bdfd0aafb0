// The gateway process: one port in front of the replicas. It ends when its parent process ends.
import type { AddressInfo } from "node:net";
import { finish } from "../http/finish.ts";
import { startElasticPool } from "./elastic-pool.ts";
import { startForks } from "./forks.ts";
import { createGatewayServer } from "./gateway-server.ts";
import { createMetrics } from "./metrics.ts";
import { type GatewayMessage, type GatewayOptions, gatewayDefaults } from "./options.ts";
import type { Pool, ReplicaCount } from "./pool.ts";
import { createReplicaProcesses } from "./replica-processes.ts";
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

function startPool(): Promise<Pool> {
  const { autoscale } = options;
  if (options.mode === "fork") return startForks(options);
  if (autoscale === undefined) return startReplicas(options, log, showReplicas);
  const limits = { ...options, autoscale };
  // The pool keeps to the limit of requests per replica; its watchdogs need none.
  return startElasticPool(limits, createReplicaProcesses({ ...options, concurrency: 0 }), log, showReplicas);
}

let shown: ReplicaCount | undefined;
/** Updates the metrics, and tells the parent process if the number of replicas has changed. */
function showReplicas(): void {
  const count = pool?.count();
  if (count === undefined) return;
  metrics.setReplicas(count);
  const isSame = (["wanted", "ready", "starting", "ending"] as const).every(
    (name) => shown?.[name] === count[name],
  );
  if (isSame) return;
  shown = count;
  if (options.autoscale !== undefined) notify({ scaled: { epochMicros: Date.now() * 1000, ...count } });
}

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
    pool = await startPool();
    showReplicas();
    if (!process.connected) return void end();
    notify({ ready: { port: (server.address() as AddressInfo).port, backend: pool.backend } });
  } catch (error) {
    notify({ failed: { code: "REPLICA", message: error instanceof Error ? error.message : String(error) } });
    process.exit(1);
  }
});
