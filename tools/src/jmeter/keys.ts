import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { ToolError } from "../errors.ts";

/** The key pair that master and slaves of one experiment share: who has it may talk to them. */
export interface RmiKeys {
  /** Private folder (0700) that holds the two files; never part of results. */
  readonly folder: string;
  /** PKCS#12 key store with one self-signed certificate; it serves as trust store too. */
  readonly keystore: string;
  readonly password: string;
  /** Properties file for TlsJMeter naming both; the password stays out of the process list that way. */
  readonly properties: string;
}

export const KEYSTORE_NAME = "slbench-rmi.p12";
export const PROPERTIES_NAME = "slbench-rmi.properties";

/**
 * Makes a fresh key pair with keytool in a private temporary folder (0.4 s).
 *
 * @throws {ToolError} SETUP_KEYTOOL_FAILED
 */
export async function createKeys(keytool: string, into?: string): Promise<RmiKeys> {
  const folder = into ?? (await mkdtemp(join(tmpdir(), "slbench-keys-")));
  await chmod(folder, 0o700);
  const keystore = join(folder, KEYSTORE_NAME);
  const password = randomBytes(24).toString("hex");
  // The password goes by environment: arguments are readable for everybody on the machine.
  const args = ["-genkeypair", "-alias", "rmi", "-keyalg", "RSA", "-keysize", "2048", "-validity", "365"]
    .concat(["-dname", "CN=slbench", "-storetype", "PKCS12", "-keystore", keystore])
    .concat(["-storepass:env", "SLBENCH_STOREPASS"]);
  const done = await execa(keytool, args, {
    env: { SLBENCH_STOREPASS: password },
    reject: false,
    all: true,
    stdin: "ignore",
    timeout: 60_000,
  });
  if (done.failed) {
    if (into === undefined) await rm(folder, { recursive: true, force: true });
    const why = (done.all ?? "").trim().split("\n").at(-1) || (done.originalMessage ?? "");
    throw new ToolError("SETUP_KEYTOOL_FAILED", `keytool could not make the keys: ${why.slice(0, 200)}`, {
      hint: "check that keytool of Java 17 runs (it comes with the JRE) and that the temporary folder is writable",
      cause: done,
    });
  }
  await chmod(keystore, 0o600);
  const properties = join(folder, PROPERTIES_NAME);
  await writeFile(properties, `keystore=${KEYSTORE_NAME}\npassword=${password}\n`, { mode: 0o600 });
  return { folder, keystore, password, properties };
}
