import { realpath } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { exists } from "../files/exists.ts";
import { type SetupLog, stderrLog } from "../setup/steps.ts";
import { assembleJMeter } from "./assemble.ts";
import { findJava, type Java } from "./java.ts";
import { ensureTlsLauncher, type TlsLauncher } from "./tls-launcher.ts";

export interface JMeter extends Java {
  /** Folder with `bin/ApacheJMeter.jar` and `lib/`. */
  readonly home: string;
  /** For example `5.6.3`. */
  readonly jmeterVersion: string;
  readonly from: "JMETER_HOME" | "path" | "assembled";
  /** Puts JMeter's RMI on mutual TLS. */
  readonly tls: TlsLauncher;
}

/** Older versions lack elements and properties that slbench uses. */
const OLDEST = "5.5";

/**
 * Finds JMeter: JMETER_HOME, else `jmeter` on the path, else a home assembled once by Maven into the
 * user's cache folder (10 s, 75 MB).
 *
 * @throws {SlbenchError} SETUP_NO_JAVA, SETUP_OLD_JAVA, SETUP_NO_MAVEN, SETUP_MAVEN_FAILED, SETUP_BAD_HASH,
 *   SETUP_CHANGED, SETUP_BAD_JMETER_HOME, SETUP_NO_GROOVY, SETUP_TLS_LAUNCHER
 */
export async function findJMeter(
  log: SetupLog = stderrLog,
  env: NodeJS.ProcessEnv = process.env,
): Promise<JMeter> {
  const found = await findHome(log, env);
  return { ...found, tls: await ensureTlsLauncher(found.home, found.java, log) };
}

async function findHome(log: SetupLog, env: NodeJS.ProcessEnv): Promise<Omit<JMeter, "tls">> {
  const java = await findJava(env);
  if (env.JMETER_HOME) {
    const home = env.JMETER_HOME;
    const version = await jmeterVersion(home, java.java);
    if (version === undefined || olderThan(version, OLDEST)) {
      const found = version === undefined ? "holds no working JMeter" : `is JMeter ${version}`;
      throw new SlbenchError<ToolErrorCode>("SETUP_BAD_JMETER_HOME", `JMETER_HOME=${home} ${found}`, {
        hint: `point JMETER_HOME at an Apache JMeter ${OLDEST} or newer, or unset it: slbench then assembles its own`,
      });
    }
    return { ...java, home, jmeterVersion: version, from: "JMETER_HOME" };
  }
  const onPath = await homeOnPath(env);
  if (onPath !== undefined) {
    const version = await jmeterVersion(onPath, java.java);
    if (version !== undefined && !olderThan(version, OLDEST)) {
      return { ...java, home: onPath, jmeterVersion: version, from: "path" };
    }
    log.line(
      `setup: the jmeter on the path (${onPath}) is ${version ?? "of unknown version"}; slbench uses its own`,
    );
  }
  const assembled = await assembleJMeter(log, env);
  return { ...java, home: assembled.home, jmeterVersion: assembled.version, from: "assembled" };
}

/** The JMeter home of the `jmeter` on the path, if any. */
async function homeOnPath(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (env.PATH ?? "").split(delimiter)) {
    if (folder === "") continue;
    const program = await realpath(join(folder, "jmeter")).catch(() => undefined);
    if (program === undefined) continue;
    const home = dirname(dirname(program));
    if (await exists(join(home, "bin", "ApacheJMeter.jar"))) return home;
  }
  return undefined;
}

async function jmeterVersion(home: string, java: string): Promise<string | undefined> {
  const jar = join(home, "bin", "ApacheJMeter.jar");
  const args = ["-Djava.awt.headless=true", "-jar", jar, "--version", "-j", "/dev/null"];
  const asked = await execa(java, args, { reject: false, all: true, stdin: "ignore", timeout: 30_000 });
  return asked.failed ? undefined : /\s(\d+\.\d+(?:\.\d+)?)\s*$/m.exec(asked.all ?? "")?.[1];
}

/** Compares versions number by number: `olderThan("5.4.1", "5.5")` is true. */
export function olderThan(version: string, than: string): boolean {
  const a = version.split(".").map(Number);
  const b = than.split(".").map(Number);
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
