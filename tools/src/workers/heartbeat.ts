import { readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { connect as connectTls, createSecureContext } from "node:tls";
import type { RmiKeys } from "../jmeter/keys.ts";
import { splitAddress } from "../jmeter/start-worker.ts";

/** Magic number, version and stream protocol of Java RMI (JRMP); a live JVM answers 0x4e. */
const HELLO = Buffer.from([0x4a, 0x52, 0x4d, 0x49, 0x00, 0x02, 0x4b]);
const ACKNOWLEDGED = 0x4e;

/** `answers`: a JVM with our key is behind the port; the rest says what was met instead. */
export type PortState = "answers" | "refused" | "silent" | "other-key";

/** Asks a JMeter worker's port for a sign of life. */
export type AskPort = (address: string, timeoutMs: number) => Promise<PortState>;

/** Prepares asking; keys are read once. Without keys the ports are taken for plain RMI. */
export async function createAskPort(keys: RmiKeys | undefined): Promise<AskPort> {
  const secureContext =
    keys &&
    createSecureContext({
      pfx: await readFile(keys.keystore),
      passphrase: keys.password,
      maxVersion: "TLSv1.2",
    });
  return (address, timeoutMs) =>
    new Promise<PortState>((done) => {
      const target = splitAddress(address);
      let socket: Socket;
      const finish = (state: PortState) => {
        clearTimeout(late);
        socket.destroy();
        done(state);
      };
      const late = setTimeout(() => finish("silent"), timeoutMs);
      const hello = () => socket.write(HELLO);
      if (secureContext === undefined) socket = connect(target, hello);
      // Self-signed and shared: whether it is the same key shows in that the worker takes ours.
      else socket = connectTls({ ...target, secureContext, rejectUnauthorized: false }, hello);
      socket.on("data", (bytes) => finish(bytes[0] === ACKNOWLEDGED ? "answers" : "other-key"));
      socket.on("error", (error: NodeJS.ErrnoException) => {
        finish(
          error.code === "ECONNREFUSED" ? "refused" : error.syscall === "connect" ? "silent" : "other-key",
        );
      });
      socket.on("close", () => finish("other-key"));
    });
}
