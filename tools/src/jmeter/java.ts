import { join } from "node:path";
import { execa } from "execa";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";

export interface Java {
  /** The `java` program. */
  readonly java: string;
  /** `keytool` of the same installation. */
  readonly keytool: string;
  /** For example `17.0.15`. */
  readonly version: string;
}

const install =
  "install Java 17 or newer (Debian, Ubuntu: apt-get install openjdk-17-jre-headless; macOS: brew install openjdk@17) or set JAVA_HOME";

/**
 * Finds Java 17 or newer: JAVA_HOME's, else the one on the path.
 *
 * @throws {SlbenchError} SETUP_NO_JAVA, SETUP_OLD_JAVA
 */
export async function findJava(env: NodeJS.ProcessEnv = process.env): Promise<Java> {
  const program = (name: string) => (env.JAVA_HOME ? join(env.JAVA_HOME, "bin", name) : name);
  const java = program("java");
  const asked = await execa(java, ["-version"], {
    env,
    extendEnv: false,
    reject: false,
    all: true,
    stdin: "ignore",
    timeout: 20_000,
  });
  if (asked.failed) {
    const where = env.JAVA_HOME ? `JAVA_HOME is ${env.JAVA_HOME}, but ${java}` : "Java";
    throw new SlbenchError<ToolErrorCode>("SETUP_NO_JAVA", `${where} cannot be run, but JMeter needs Java`, {
      hint: install,
      cause: asked,
    });
  }
  const version = parseJavaVersion(asked.all ?? "");
  if (version === undefined || Number(version.split(".")[0]) < 17) {
    throw new SlbenchError<ToolErrorCode>(
      "SETUP_OLD_JAVA",
      `${java} is Java ${version ?? "of an unknown version"}, not 17`,
      {
        hint: install,
      },
    );
  }
  return { java, keytool: program("keytool"), version };
}

/** `openjdk version "17.0.15" 2025-04-15 …` → `17.0.15`; `1.8.0_392` → `8.0_392`. */
export function parseJavaVersion(text: string): string | undefined {
  return /version "(?:1\.)?([^"]+)"/.exec(text)?.[1];
}
