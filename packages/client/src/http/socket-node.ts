import { connect, type Socket } from "node:net";
import { type ClientSocket, endpointOf, type OpenSocket, type SocketEvents } from "./socket.ts";

/** Plain TCP over `node:net`. */
export const openNodeSocket: OpenSocket = (url, events) =>
  adaptSocket(connect({ ...endpointOf(url), noDelay: true }), "connect", events);

/** Connects a `node:net` or `node:tls` socket to the client's events. */
export function adaptSocket(
  socket: Socket,
  opened: "connect" | "secureConnect",
  events: SocketEvents,
): ClientSocket {
  let problem: Error | undefined;
  let closed = false;
  socket.on(opened, () => events.onOpen());
  socket.on("data", (bytes: Buffer) => events.onData(bytes));
  socket.on("end", () => events.onEnd());
  socket.on("error", (error) => {
    problem ??= error;
  });
  socket.on("close", () => {
    if (!closed) events.onClose(problem);
    closed = true;
  });
  return {
    write(bytes) {
      socket.write(bytes, (error) => {
        if (!error) events.onSent();
      });
    },
    close() {
      closed = true;
      socket.destroy();
    },
  };
}
