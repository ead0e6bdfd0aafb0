import type { GrowingBytes } from "./growing-bytes.ts";
import { type Exchange, HttpConnection } from "./http-connection.ts";
import type { OpenSocket } from "./socket.ts";

export interface HttpClient {
  /**
   * Posts a request's bytes and reads the response into `into`, over an idle connection or a new one.
   * @returns undefined if close() came before the response
   */
  post(request: Buffer, into: GrowingBytes): Promise<Exchange | undefined>;
  /** Closes every connection immediately, including those with a request in flight. */
  close(): void;
}

/** Keeps connections to one address alive between requests, as browsers do. */
export function createHttpClient(url: URL, openSocket: OpenSocket, timeoutSeconds: number): HttpClient {
  let connections: HttpConnection[] = [];
  let closed = false;
  return {
    async post(request, into) {
      if (closed) return undefined;
      let connection = connections.find((candidate) => candidate.isUsable);
      if (connection === undefined) {
        const idle = connections.filter((candidate) => !candidate.isBusy);
        for (const stale of idle) stale.close();
        connections = connections.filter((candidate) => candidate.isBusy);
        connection = new HttpConnection(url, openSocket);
        connections.push(connection);
      }
      return connection.post(request, into, timeoutSeconds);
    },
    close() {
      closed = true;
      for (const connection of connections) connection.close();
    },
  };
}
