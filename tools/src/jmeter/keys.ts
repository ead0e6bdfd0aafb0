import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { cacheFolder } from "../files/cache.ts";
import { createPrivateFolder } from "./private-folder.ts";

/** Key pair shared by the controller and workers of an experiment; anyone who has it can connect to them. */
export interface RmiKeys {
  /** Private folder (0700) of the two files; never part of results. */
  readonly folder: string;
  /** PKCS#12 key store with one self-signed certificate; also the trust store. */
  readonly keystore: string;
  readonly password: string;
  /** Properties file for TlsJMeter, which keeps the password out of the process list. */
  readonly properties: string;
}

export const KEYSTORE_NAME = "slbench-rmi.p12";
export const PROPERTIES_NAME = "slbench-rmi.properties";

/**
 * Creates a key pair with keytool in a private folder, in memory if possible (0.4 s).
 *
 * @throws {SlbenchError} SETUP_KEYTOOL_FAILED
 */
export async function createKeys(keytool: string, into?: string): Promise<RmiKeys> {
  const folder = into ?? (await createPrivateFolder());
  await chmod(folder, 0o700);
  const keystore = join(folder, KEYSTORE_NAME);
  const password = randomBytes(24).toString("hex");
  // Arguments are readable for every user of the machine, so the password is passed in the environment.
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
    throw new SlbenchError<ToolErrorCode>(
      "SETUP_KEYTOOL_FAILED",
      `keytool could not create the keys: ${why.slice(0, 200)}`,
      {
        hint: "check that keytool of Java 17 runs (it comes with the JRE) and that the temporary folder is writable",
        cause: done,
      },
    );
  }
  await chmod(keystore, 0o600);
  const properties = join(folder, PROPERTIES_NAME);
  await writeFile(properties, `keystore=${KEYSTORE_NAME}\npassword=${password}\n`, { mode: 0o600 });
  return { folder, keystore, password, properties };
}

/**
 * The keys of an experiment with workers on other machines. They are created once, kept in the user's cache folder and
 * are part of this experiment's bundle only.
 */
export async function experimentKeys(keytool: string, experiment: string): Promise<RmiKeys> {
  const parent = await cacheFolder("keys");
  await chmod(parent, 0o700);
  const folder = join(parent, experiment);
  const read = async (): Promise<RmiKeys | undefined> => {
    const properties = join(folder, PROPERTIES_NAME);
    const text = await readFile(properties, "utf8").catch(() => "");
    const password = /^password=(.+)$/m.exec(text)?.[1];
    return password === undefined
      ? undefined
      : { folder, keystore: join(folder, KEYSTORE_NAME), password, properties };
  };
  const found = await read();
  if (found !== undefined) return found;
  const made = await createKeys(keytool, await mkdtemp(join(parent, ".new-")));
  await rename(made.folder, folder).catch(() => rm(made.folder, { recursive: true, force: true }));
  const kept = await read();
  if (kept !== undefined) return kept;
  throw new SlbenchError<ToolErrorCode>("FILE_NOT_WRITABLE", `cannot save the keys in ${folder}`, {
    hint: "check that the folder is writable, or set SLBENCH_CACHE",
  });
}
