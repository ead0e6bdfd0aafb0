import type { OpenSocket } from "./socket.ts";

/**
 * The kind of socket that is cheapest here: Bun's own for plain HTTP in Bun, where loading `node:net` alone
 * costs more than a whole start; `node:net` and `node:tls` everywhere else.
 */
export async function chooseSocket(url: URL): Promise<OpenSocket> {
  if ("Bun" in globalThis && url.protocol === "http:") return (await import("./socket-bun.ts")).openBunSocket;
  if (url.protocol === "http:") return (await import("./socket-node.ts")).openNodeSocket;
  return (await import("./socket-tls.ts")).openTlsSocket;
}
