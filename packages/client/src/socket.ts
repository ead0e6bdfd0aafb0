/** What happens on a socket. */
export interface SocketEvents {
  /** Connected, with TLS where the address asks for it. */
  onOpen(): void;
  /** All that was written is with the operating system. */
  onSent(): void;
  /** Bytes that arrived; valid during the call. */
  onData(bytes: Buffer): void;
  /** The other side sends no more. */
  onEnd(): void;
  /** It is over, once, also when it never opened; not after close(). */
  onClose(problem: Error | undefined): void;
}

export interface ClientSocket {
  /** Sends bytes, which must stay as they are until onSent(). */
  write(bytes: Buffer): void;
  close(): void;
}

/** Begins to connect to an address's host. */
export type OpenSocket = (url: URL, events: SocketEvents) => ClientSocket;

/** Host and port of an address, as sockets want them. */
export function endpointOf(url: URL): { readonly host: string; readonly port: number } {
  const defaultPort = url.protocol === "https:" ? 443 : 80;
  return {
    host: url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname,
    port: url.port === "" ? defaultPort : Number(url.port),
  };
}
