// An echo function, and the gateway in front of it, to measure the gateway's own share: `echo-server.ts` or `echo-server.ts --gateway PORT`. Prints its port, ends with its standard input.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createGatewayServer } from "../../packages/handler/src/gateway/gateway-server.ts";
import { createHttpWatchdog } from "../../packages/handler/src/gateway/http-watchdog.ts";
import { createMetrics } from "../../packages/handler/src/gateway/metrics.ts";
import { gatewayDefaults } from "../../packages/handler/src/gateway/options.ts";
import { invokeAny, type Pool } from "../../packages/handler/src/gateway/pool.ts";

function echo(): Server {
  return createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.end(Buffer.concat(chunks));
  });
}

function gateway(port: number): Server {
  const watchdog = createHttpWatchdog({ name: "echo", maxInFlight: 0, execSeconds: 25 }, port);
  const pool: Pool = {
    backend: "none",
    count: () => ({ wanted: 1, ready: 1, starting: 0, ending: 0, queued: 0 }),
    invoke: invokeAny([watchdog], gatewayDefaults.functionName),
    drain() {},
    stop: async () => {},
  };
  return createGatewayServer(gatewayDefaults, () => pool, createMetrics("slblur.openfaas-fn"));
}

const [flag, port] = process.argv.slice(2);
const server = flag === "--gateway" ? gateway(Number(port)) : echo();
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
process.stdin.resume().once("end", () => process.exit(0));
