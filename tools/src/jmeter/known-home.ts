import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkKnownFiles, type KnownFolder } from "../setup/known-files.ts";
import type { SetupLog } from "../setup/steps.ts";
import { launcherFiles } from "./launchers.ts";

const source = fileURLToPath(new URL("../../jmeter/", import.meta.url));

/**
 * Checks every file of an assembled JMeter home against slbench's lists: jars.sha256, config.sha256 (the contents of
 * the pinned ApacheJMeter_config jar) and the launchers.
 * @throws {SlbenchError} SETUP_CHANGED
 */
export async function checkAssembledHome(home: string, version: string, log: SetupLog): Promise<void> {
  await checkKnownFiles(await assembledHome(home, version), log);
}

async function assembledHome(home: string, version: string): Promise<KnownFolder> {
  const [jars, config] = await Promise.all([readSums("jars.sha256"), readSums("config.sha256")]);
  const pinned = new Map(config);
  for (const [name, sha256] of jars) {
    const path = jarPath(name, version);
    if (path !== undefined) pinned.set(path, sha256);
  }
  for (const [name, text] of Object.entries(launcherFiles))
    pinned.set(`bin/${name}`, createHash("sha256").update(text).digest("hex"));
  return {
    root: home,
    what: "the assembled JMeter",
    pinned,
    hint: `remove ${home}, then slbench setup assembles it again`,
  };
}

/** Path of a listed jar in an assembled home; undefined if it is unpacked instead. */
export function jarPath(name: string, version: string): string | undefined {
  if (name === `ApacheJMeter-${version}.jar`) return "bin/ApacheJMeter.jar";
  if (name.startsWith("ApacheJMeter_config-")) return undefined;
  return `lib/${name.startsWith("ApacheJMeter_") ? "ext/" : ""}${name}`;
}

/** `<sha256>  <name>` per line, as sha256sum writes it. */
export async function readSums(list: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(join(source, list), "utf8");
  return new Map(
    text
      .trim()
      .split("\n")
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  );
}
