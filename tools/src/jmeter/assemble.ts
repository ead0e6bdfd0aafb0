import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { cacheFolder } from "../files/cache.ts";
import { exists } from "../files/exists.ts";
import { type SetupLog, step } from "../setup/steps.ts";
import { checkAssembledHome, jarPath, readSums } from "./known-home.ts";
import { launcherFiles } from "./launchers.ts";

const VERSION = "5.6.3"; // as in tools/jmeter/pom.xml; a test compares them
const source = fileURLToPath(new URL("../../jmeter/", import.meta.url));

/**
 * Assembles a JMeter home from Maven artefacts in the user's cache folder, completely or not at all.
 *
 * Maven checks each artefact against the repository's checksum (`-C`). Every jar must also match the SHA-256 list in
 * tools/jmeter, so that the same bytes run everywhere. Each call checks the complete home again.
 *
 * @throws {SlbenchError} SETUP_NO_MAVEN, SETUP_MAVEN_FAILED, SETUP_BAD_HASH, SETUP_CHANGED
 */
export async function assembleJMeter(
  log: SetupLog,
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ home: string; version: string }> {
  const home = join(await cacheFolder(), `jmeter-${VERSION}`);
  if (!(await exists(join(home, "bin", "ApacheJMeter.jar")))) {
    await step(`JMeter ${VERSION} (72 MB once, from Maven artefacts)`, () => assemble(home, env), log);
  }
  await checkAssembledHome(home, VERSION, log);
  return { home, version: VERSION };
}

async function assemble(home: string, env: NodeJS.ProcessEnv): Promise<void> {
  const work = `${home}.${process.pid}`;
  const jars = join(work, "jars");
  try {
    await mkdir(jars, { recursive: true });
    // A copy: Maven may write beside the pom, and a package's folder may be read-only.
    await copyFile(join(source, "pom.xml"), join(work, "pom.xml"));
    await runMaven(work, env);
    await checkJars(jars);
    await layOut(jars, join(work, "home"));
    await rename(join(work, "home"), home).catch(async (error) => {
      if (!(await exists(join(home, "bin")))) throw error; // another set-up was faster
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Fills `work/jars` with all jars and `work/home/bin` with JMeter's properties and templates. */
async function runMaven(work: string, env: NodeJS.ProcessEnv): Promise<void> {
  const goals = ["dependency:copy-dependencies@jars", "dependency:unpack-dependencies@config"];
  const args = ["-B", "-ntp", "-C", "-f", join(work, "pom.xml"), `-Dslbench.work=${work}`, ...goals];
  const done = await execa("mvn", args, {
    env,
    extendEnv: false,
    reject: false,
    all: true,
    stdin: "ignore",
    timeout: 240_000,
  });
  if (!done.failed) return;
  if (done.code === "ENOENT") {
    throw new SlbenchError<ToolErrorCode>(
      "SETUP_NO_MAVEN",
      "Maven (mvn), which downloads JMeter, is not installed",
      {
        hint: "install it (Debian, Ubuntu: apt-get install maven; macOS: brew install maven), or set JMETER_HOME to an Apache JMeter 5.6.3",
        cause: done,
      },
    );
  }
  const firstError =
    (done.all ?? "").split("\n").find((line) => line.startsWith("[ERROR]")) ?? "no error message";
  throw new SlbenchError<ToolErrorCode>(
    "SETUP_MAVEN_FAILED",
    done.timedOut ? "Maven did not finish within 4 minutes" : `Maven failed: ${firstError.slice(0, 300)}`,
    { hint: "check that Maven reaches its repository (mvn -v, settings.xml), then run again", cause: done },
  );
}

/** Checks that exactly the listed jars are there, with their hashes. */
async function checkJars(jars: string): Promise<void> {
  const expected = new Map(await readSums("jars.sha256"));
  for (const name of await readdir(jars)) {
    const hash = createHash("sha256")
      .update(await readFile(join(jars, name)))
      .digest("hex");
    if (expected.get(name) !== hash) {
      throw new SlbenchError<ToolErrorCode>(
        "SETUP_BAD_HASH",
        expected.has(name)
          ? `${name} has SHA-256 ${hash}, expected ${expected.get(name)}`
          : `${name} is not one of JMeter's known jars`,
        {
          hint: "remove it from the local Maven repository and run again; if that does not help, the repository serves a different file",
        },
      );
    }
    expected.delete(name);
  }
  if (expected.size > 0) {
    throw new SlbenchError<ToolErrorCode>(
      "SETUP_MAVEN_FAILED",
      `Maven did not deliver ${[...expected.keys()].join(", ")}`,
      {
        hint: "check that Maven reaches its repository, then run again",
      },
    );
  }
}

/** Arranges the jars as in the official archive, with our own launchers. */
async function layOut(jars: string, home: string): Promise<void> {
  const bin = join(home, "bin");
  for (const folder of ["bin", "lib/ext", "lib/junit"]) await mkdir(join(home, folder), { recursive: true });
  for (const name of await readdir(jars)) {
    const path = jarPath(name, VERSION);
    if (path !== undefined) await rename(join(jars, name), join(home, path)); // Maven has unpacked the others
  }
  for (const [name, text] of Object.entries(launcherFiles)) {
    await writeFile(join(bin, name), text);
    await chmod(join(bin, name), 0o755);
  }
}
