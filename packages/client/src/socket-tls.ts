import { isIP } from "node:net";
import { connect } from "node:tls";
import { endpointOf, type OpenSocket } from "./socket.ts";
import { adaptSocket } from "./socket-node.ts";

/** TLS over `node:tls`; checks certificates against the system's and NODE_EXTRA_CA_CERTS. */
export const openTlsSocket: OpenSocket = (url, events) => {
  const { host, port } = endpointOf(url);
  const options = { host, port, ALPNProtocols: ["http/1.1"], ...(isIP(host) === 0 && { servername: host }) };
  const socket = connect(options);
  socket.setNoDelay(true);
  return adaptSocket(socket, "secureConnect", events);
};
