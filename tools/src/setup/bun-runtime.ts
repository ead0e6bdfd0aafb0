import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { extract } from "tar";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { cacheFolder } from "../files/cache.ts";
import { exists } from "../files/exists.ts";
import { checkKnownFiles, recordKnownFiles } from "./known-files.ts";
import type { Platform } from "./platform.ts";

/**
 * Downloads bun's binary for another platform from npm, once per version; bun needs it to cross-compile.
 * @throws {SlbenchError} SETUP_NO_BUN, SETUP_CHANGED
 */
export async function findBunRuntime(version: string, platform: Platform): Promise<string> {
  const folder = await cacheFolder("bun", `${version}-${platform}`);
  const path = join(folder, "bun");
  const known = {
    root: folder,
    what: "the downloaded bun",
    only: ["bun"],
    hint: `remove ${folder} and run again`,
  };
  if (await exists(path)) {
    await checkKnownFiles(known);
    return path;
  }
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(join(folder, "fetch-"));
  const name = `@oven/bun-${platform.replace("arm64", "aarch64")}@${version}`;
  try {
    const { stdout } = await execa("npm", ["pack", name, "--silent", "--pack-destination", work], {
      ...{ stdin: "ignore", timeout: 300_000 },
    });
    const archive = stdout.trim().split("\n").at(-1) ?? "";
    await extract({ file: join(work, archive), cwd: work, filter: (entry) => entry.endsWith("bin/bun") });
    await rename(join(work, "package", "bin", "bun"), path);
    await recordKnownFiles(known);
    return path;
  } catch (cause) {
    throw new SlbenchError<ToolErrorCode>("SETUP_NO_BUN", `npm could not download ${name}`, {
      hint: `check that npm reaches its registry: npm pack ${name}`,
      cause,
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
