import type { Server } from "node:http";

/** Between two looks at connections that have nothing more to do. */
const CHECK_INTERVAL_MS = 50;

/** Takes no new connection, answers what is in flight, closes what is idle, then calls `done`. */
export function finish(server: Server, done: () => void): void {
  const look = setInterval(() => server.closeIdleConnections(), CHECK_INTERVAL_MS);
  server.close(() => {
    clearInterval(look);
    done();
  });
}
