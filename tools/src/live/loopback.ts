import type { Server } from "node:http";
import type { SlbenchError, ToolErrorCode } from "../errors.ts";

/** Listens on loopback without keeping the process alive. @param port 0: any free one */
export function listenOnLoopback(
  server: Server,
  port: number,
  error: (cause: unknown) => SlbenchError<ToolErrorCode>,
): Promise<void> {
  return new Promise((done, fail) => {
    server.once("error", (cause) => fail(error(cause)));
    server.listen(port, "127.0.0.1", done);
    server.unref();
  });
}

/** Ends every connection and stops listening. */
export async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
}
