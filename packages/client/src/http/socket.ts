/** What happens on a socket. */
export interface SocketEvents {
  /** Connected, including the TLS handshake for https. */
  onOpen(): void;
  /** The operating system has taken all written bytes. */
  onSent(): void;
  /** Bytes that arrived; valid during the call. */
  onData(bytes: Buffer): void;
  /** The server has finished sending. */
  onEnd(): void;
  /** Closed: called once, also if it never opened; not called after close(). */
  onClose(problem: Error | undefined): void;
}

export interface ClientSocket {
  /** Sends bytes, which must not change before onSent(). */
  write(bytes: Buffer): void;
  close(): void;
}

/** Starts to connect to an address's host. */
export type OpenSocket = (url: URL, events: SocketEvents) => ClientSocket;

/** Host and port of an address, as sockets want them. */
export function endpointOf(url: URL): { readonly host: string; readonly port: number } {
  const defaultPort = url.protocol === "https:" ? 443 : 80;
  return {
    host: url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname,
    port: url.port === "" ? defaultPort : Number(url.port),
  };
}
