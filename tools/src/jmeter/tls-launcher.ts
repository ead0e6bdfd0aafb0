import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { cacheFolder } from "../files/cache.ts";
import { exists } from "../files/exists.ts";
import { checkKnownFiles, recordKnownFiles } from "../setup/known-files.ts";
import { type SetupLog, step } from "../setup/steps.ts";

/** Class path entries that JMeter needs for our RMI sockets. */
export interface TlsLauncher {
  /** Folder with the compiled `TlsJMeter` and `StopTest`. */
  readonly classes: string;
  /** Groovy's jar in JMeter's `lib`, which compiled the classes and which they need. */
  readonly groovyJar: string;
}

const source = fileURLToPath(new URL("../../jmeter/TlsJMeter.groovy", import.meta.url));

/**
 * Compiles tools/jmeter/TlsJMeter.groovy with JMeter's own Groovy, once per source and Groovy version; a JRE is
 * enough.
 *
 * @throws {SlbenchError} SETUP_NO_GROOVY, SETUP_TLS_LAUNCHER, SETUP_CHANGED
 */
export async function ensureTlsLauncher(home: string, java: string, log: SetupLog): Promise<TlsLauncher> {
  const lib = join(home, "lib");
  const name = (await readdir(lib).catch(() => [])).find((entry) => /^groovy-(all-)?\d.*\.jar$/.test(entry));
  if (name === undefined) {
    throw new SlbenchError<ToolErrorCode>(
      "SETUP_NO_GROOVY",
      `the JMeter in ${home} has no Groovy in its lib folder`,
      {
        hint: "unset JMETER_HOME, so that slbench assembles a complete JMeter",
      },
    );
  }
  const groovyJar = join(lib, name);
  const hash = createHash("sha256")
    .update(name)
    .update(await readFile(source))
    .digest("hex")
    .slice(0, 16);
  const classes = join(await cacheFolder(), `tls-launcher-${hash}`);
  const done = () => exists(join(classes, "TlsJMeter.class"));
  const known = {
    root: classes,
    what: "the launcher of JMeter",
    hint: `remove ${classes}, then slbench setup compiles it again`,
  };
  if (!(await done())) {
    await step("RMI sockets for JMeter", () => compile(home, java, groovyJar, classes, done), log);
    await recordKnownFiles(known, log);
  }
  await checkKnownFiles(known, log);
  return { classes, groovyJar };
}

async function compile(
  home: string,
  java: string,
  groovyJar: string,
  classes: string,
  done: () => Promise<boolean>,
): Promise<void> {
  const work = `${classes}.${process.pid}`;
  await mkdir(work, { recursive: true });
  try {
    const compiler = ["-cp", groovyJar, "org.codehaus.groovy.tools.FileSystemCompiler"];
    const args = [...compiler, "-cp", join(home, "bin", "ApacheJMeter.jar"), "-d", work, source];
    const result = await execa(java, args, { reject: false, all: true, stdin: "ignore", timeout: 120_000 });
    if (result.failed) {
      throw new SlbenchError<ToolErrorCode>(
        "SETUP_TLS_LAUNCHER",
        `Groovy failed: ${(result.all ?? "").trim().slice(0, 300)}`,
        {
          hint: "unset JMETER_HOME, or point it at an Apache JMeter 5.6.3",
          cause: result,
        },
      );
    }
    await rename(work, classes).catch(async (error) => {
      if (!(await done())) throw error; // another set-up was faster
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
