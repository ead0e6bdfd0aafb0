// The gateway's own process: one port in front of the replicas. Ends with the process that started it.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type GatewayMessage, type GatewayOptions, gatewayDefaults } from "./options.ts";
import { passOn } from "./proxy.ts";
import { type ReplicaSet, startReplicas } from "./replicas.ts";

const tell = (message: GatewayMessage) => process.send?.(message);
const options: GatewayOptions = {
  ...gatewayDefaults,
  ...(JSON.parse(process.argv[2] ?? "{}") as Partial<GatewayOptions>),
};

let replicas: ReplicaSet | undefined;
const end = () => {
  replicas?.stop();
  process.exit(0);
};
process.on("disconnect", end);
process.on("SIGTERM", end);
process.on("SIGINT", () => {}); // a terminal's Ctrl-C is the business of who started us

const server = createServer((request, response) => {
  const path = new URL(request.url ?? "/", "http://gateway").pathname;
  if (path === "/healthz") return void response.end("OK");
  const [, name, rest = ""] = /^\/function\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  if (name !== options.functionName || replicas === undefined) {
    response.writeHead(404);
    return void response.end(
      name === undefined ? "404 page not found\n" : `error finding function ${name}: not found\n`,
    );
  }
  passOn(request, response, rest || "/", replicas, options);
});
server.requestTimeout = 0;
server.on("error", (error: NodeJS.ErrnoException) => {
  tell({ failed: { code: error.code ?? "UNKNOWN", message: error.message } });
  process.exit(1);
});
// The port first: a busy one is known before any model is loaded.
server.listen(options.port, options.host, async () => {
  try {
    replicas = await startReplicas(options);
    const [first] = replicas.ready;
    tell({ ready: { port: (server.address() as AddressInfo).port, backend: first?.backend ?? "none" } });
  } catch (error) {
    tell({ failed: { code: "REPLICA", message: error instanceof Error ? error.message : String(error) } });
    process.exit(1);
  }
});
