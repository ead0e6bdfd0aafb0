import type { Server } from "node:http";

/** Interval between two checks for idle connections. */
const CHECK_INTERVAL_MS = 50;

/** Accepts no new connections, completes requests in flight, closes idle connections, then calls `done`. */
export function finish(server: Server, done: () => void): void {
  const look = setInterval(() => server.closeIdleConnections(), CHECK_INTERVAL_MS);
  server.close(() => {
    clearInterval(look);
    done();
  });
}
