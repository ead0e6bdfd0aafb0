import { endpointOf, type OpenSocket } from "./socket.ts";

/** The part of Bun's socket API that this file uses. */
interface BunSocket {
  /** How many bytes the operating system took; negative when the socket is closed. */
  write(bytes: Uint8Array): number;
  setNoDelay(noDelay: boolean): boolean;
  terminate(): void;
}

interface BunConnect {
  connect(options: {
    hostname: string;
    port: number;
    socket: {
      open(socket: BunSocket): void;
      data(socket: BunSocket, bytes: Buffer): void;
      drain(socket: BunSocket): void;
      end(socket: BunSocket): void;
      error(socket: BunSocket, problem: Error): void;
      connectError(socket: BunSocket, problem: Error): void;
      close(socket: BunSocket, problem?: Error): void;
    };
  }): Promise<BunSocket>;
}

/** Plain TCP over `Bun.connect`. */
export const openBunSocket: OpenSocket = (url, events) => {
  const { Bun } = globalThis as unknown as { Bun: BunConnect };
  const { host, port } = endpointOf(url);
  let socket: BunSocket | undefined;
  let unsent: Buffer | undefined;
  let closed = false;
  let problem: Error | undefined;
  const finish = (cause: unknown) => {
    if (closed) return;
    closed = true;
    events.onClose(problem ?? (cause instanceof Error ? cause : undefined));
  };
  const push = () => {
    if (unsent === undefined || socket === undefined || closed) return;
    const taken = Math.max(0, socket.write(unsent));
    unsent = unsent.subarray(taken);
    if (unsent.length > 0) return; // drain() continues
    unsent = undefined;
    events.onSent();
  };
  Bun.connect({
    hostname: host,
    port,
    socket: {
      open(opened) {
        socket = opened;
        if (closed) return opened.terminate();
        opened.setNoDelay(true);
        events.onOpen();
      },
      data: (_, bytes) => {
        if (!closed) events.onData(bytes);
      },
      drain: push,
      end: () => {
        if (!closed) events.onEnd();
      },
      error: (_, cause) => {
        problem ??= cause;
      },
      connectError: (_, cause) => finish(cause),
      close: (_, cause) => finish(cause),
    },
  }).catch(finish);
  return {
    write(bytes) {
      unsent = bytes;
      push();
    },
    close() {
      closed = true;
      socket?.terminate();
    },
  };
};
