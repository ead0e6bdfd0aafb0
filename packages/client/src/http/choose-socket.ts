import type { RequestSpec } from "../spec/request-spec.ts";
import type { OpenSocket } from "./socket.ts";

/**
 * The cheapest kind of socket: Bun's own for plain HTTP under Bun, because loading `node:net` there costs more
 * than a whole start; otherwise `node:net` and `node:tls`.
 */
export async function chooseSocket(url: URL, tls: RequestSpec["tls"] = {}): Promise<OpenSocket> {
  if ("Bun" in globalThis && url.protocol === "http:") return (await import("./socket-bun.ts")).openBunSocket;
  if (url.protocol === "http:") return (await import("./socket-node.ts")).openNodeSocket;
  return (await import("./socket-tls.ts")).createTlsOpener(tls);
}
