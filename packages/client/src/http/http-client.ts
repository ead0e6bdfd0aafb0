import type { GrowingBytes } from "./growing-bytes.ts";
import { type ConnectionOptions, type Exchange, HttpConnection } from "./http-connection.ts";

export interface HttpClient {
  /**
   * Sends a request's bytes and reads the response into `into`, over an idle connection or a new one.
   * @returns undefined if close() came before the response
   */
  post(request: Buffer, into: GrowingBytes): Promise<Exchange | undefined>;
  /** Closes every connection immediately, including those with a request in flight. */
  close(): void;
}

/** Keeps connections to one address alive between requests, as browsers do. */
export function createHttpClient(options: ConnectionOptions): HttpClient {
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
        connection = new HttpConnection(options);
        connections.push(connection);
      }
      return connection.post(request, into);
    },
    close() {
      closed = true;
      for (const connection of connections) connection.close();
    },
  };
}
