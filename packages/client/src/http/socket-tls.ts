import { isIP } from "node:net";
import { connect } from "node:tls";
import type { RequestSpec } from "../spec/request-spec.ts";
import { endpointOf, type OpenSocket } from "./socket.ts";
import { adaptSocket } from "./socket-node.ts";

/**
 * TLS over `node:tls`. It checks certificates against `ca` if given, otherwise against the system's and
 * NODE_EXTRA_CA_CERTS; `insecure` accepts any.
 */
export function createTlsOpener({ ca, insecure = false }: NonNullable<RequestSpec["tls"]>): OpenSocket {
  return (url, events) => {
    const { host, port } = endpointOf(url);
    const socket = connect({
      ...{ host, port, ALPNProtocols: ["http/1.1"], rejectUnauthorized: !insecure },
      ...(isIP(host) === 0 && { servername: host }),
      ...(ca !== undefined && { ca }),
    });
    socket.setNoDelay(true);
    return adaptSocket(socket, "secureConnect", events);
  };
}
