import { readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { connect as connectTls, createSecureContext } from "node:tls";
import type { RmiKeys } from "../jmeter/keys.ts";
import { splitAddress } from "../jmeter/start-worker.ts";

/** Magic number, version and stream protocol of Java RMI (JRMP); a live JVM responds with 0x4e. */
const HELLO = Buffer.from([0x4a, 0x52, 0x4d, 0x49, 0x00, 0x02, 0x4b]);
const ACKNOWLEDGED = 0x4e;

/** `answers`: a JVM with our key listens on the port. */
export type PortState = "answers" | "refused" | "silent" | "other-key";

/** Checks whether a JMeter worker responds on its port. */
export type AskPort = (address: string, timeoutMs: number) => Promise<PortState>;

/** Reads the keys once; without keys the workers are assumed to use plain RMI. */
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
      // The key is self-signed and shared: the worker has the same one if it accepts ours.
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
