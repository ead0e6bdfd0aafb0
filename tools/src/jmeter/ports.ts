import { createServer } from "node:net";

/**
 * Ports that nobody listens on at this moment, all different.
 *
 * Somebody else may take one before it is used: whoever starts a server on it tries again with others.
 */
export async function freePorts(count: number, host = "127.0.0.1"): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((done, fail) => {
        server.once("error", fail);
        server.listen(0, host, done);
      });
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}
