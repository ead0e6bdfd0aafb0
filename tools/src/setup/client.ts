import { createHash } from "node:crypto";
import { copyFile, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../files/cache.ts";
import { exists } from "../files/exists.ts";
import { makeFolderOf, writeOut } from "../files/make-folder.ts";
import { bunCompiler } from "./client-bun.ts";
import type { ClientCompiler } from "./client-compiler.ts";
import { nodeCompiler } from "./client-node.ts";
import { checkKnownFiles, recordKnownFiles } from "./known-files.ts";
import { hostPlatform, type Platform } from "./platform.ts";
import { type SetupLog, stderrLog, step } from "./steps.ts";

/** The compiled virtual user that the OS Process Sampler starts. */
export interface ClientExecutable {
  readonly path: string;
  readonly sha256: string;
  /** Hash of sources, compiler and options, equal on every platform; part of the client's reports. */
  readonly build: string;
  /** What compiled it, for example `bun 1.4.4`. */
  readonly builtWith: string;
}

/** `auto` uses bun if it is available, else Node. */
export type CompilerChoice = "auto" | "bun" | "node";

/** Creates the compilers for a platform. */
export interface Compilers {
  readonly bun: (platform: Platform, log: SetupLog) => ClientCompiler;
  readonly node: (platform: Platform, log: SetupLog) => ClientCompiler;
}

/**
 * Compiles `@slbench/client` to one executable in the cache folder, once per state of its sources. Falls back to Node,
 * with a line in the log, if bun is not available. Downloads nothing if the executable is in the cache.
 * @throws {SlbenchError} SETUP_NO_BUN if bun is required but missing, SETUP_CLIENT_BUILD if compiling fails, SETUP_CHANGED
 *   if the executable was changed since it was compiled
 */
export async function ensureClientExecutable(
  log: SetupLog = stderrLog,
  choice: CompilerChoice = "auto",
  compilers: Compilers = { bun: bunCompiler, node: nodeCompiler },
  platform: Platform = hostPlatform(),
): Promise<ClientExecutable> {
  const { compiler, build, folder, path } = await chooseCompiler(compilers, choice, platform, log);
  const known = {
    root: folder,
    what: "the client executable",
    only: [basename(path)],
    hint: `remove ${folder}, then slbench setup compiles it again`,
  };
  if (!(await exists(path))) {
    const where = platform === hostPlatform() ? "" : ` for ${platform}`;
    await step(`client executable${where} (${compiler.name})`, () => compile(compiler, build, path), log);
    await recordKnownFiles(known, log);
  }
  const sha256 = (await checkKnownFiles(known, log)).get(basename(path)) as string;
  return { path, sha256, build, builtWith: compiler.name };
}

/**
 * Copies the executable to a path that the user named.
 * @throws {SlbenchError} FILE_FOLDER, FILE_WRITE
 */
export async function copyClient(client: ClientExecutable, target: string): Promise<ClientExecutable> {
  const path = await makeFolderOf(target, basename(client.path));
  await writeOut(path, () => copyFile(client.path, path));
  return { ...client, path };
}

/** A compiler that is ready to compile, unless its executable is in the cache already; and where that belongs. */
async function chooseCompiler(
  { bun, node }: Compilers,
  choice: CompilerChoice,
  platform: Platform,
  log: SetupLog,
): Promise<Compilation> {
  if (choice !== "node") {
    try {
      return await prepared(await locate(bun(platform, log), platform));
    } catch (error) {
      if (choice === "bun") throw error;
      log.warn(
        `setup: WARNING: ${error instanceof Error ? error.message : String(error)}.\n` +
          "setup: WARNING: using a Node single executable as client, which starts slower and needs more memory.",
      );
    }
  }
  return prepared(await locate(node(platform, log), platform));
}

interface Compilation {
  readonly compiler: ClientCompiler;
  readonly build: string;
  /** Of the cache, for this build and platform. */
  readonly folder: string;
  readonly path: string;
}

async function locate(compiler: ClientCompiler, platform: Platform): Promise<Compilation> {
  const build = await hashSources(dirname(clientEntry()), compiler.recipe);
  const folder = await cacheFolder("client", build, platform);
  const path = join(folder, platform.startsWith("win32") ? "slbench-client.exe" : "slbench-client");
  return { compiler, build, folder, path };
}

async function prepared(compilation: Compilation): Promise<Compilation> {
  if (!(await exists(compilation.path))) await compilation.compiler.prepare();
  return compilation;
}

/** Compiles beside the target, then renames: the target is complete or missing. */
async function compile(compiler: ClientCompiler, build: string, target: string): Promise<void> {
  const work = await mkdtemp(join(dirname(target), "build-"));
  try {
    const made = join(work, "slbench-client.exe");
    await compiler.compile(clientEntry(), build, made, work);
    await rename(made, target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** `main.ts` of a clone, `main.js` of a published package. */
function clientEntry(): string {
  const index = fileURLToPath(import.meta.resolve("@slbench/client"));
  return join(dirname(index), index.endsWith(".ts") ? "main.ts" : "main.js");
}

/** One hash of everything that determines the executable: sources at any depth, libraries, compiler, options. */
export async function hashSources(folder: string, recipe: string): Promise<string> {
  const hash = createHash("sha256").update(recipe);
  const names = (await readdir(folder, { recursive: true })).map((name) => name.replaceAll("\\", "/"));
  for (const name of names.sort()) {
    if (/\.(ts|js)$/.test(name) && !/\.(test|bench|d)\.|^testing\//.test(name))
      hash.update(name).update(await readFile(join(folder, name)));
  }
  const require = createRequire(join(folder, "index.js"));
  const { dependencies = {} } = JSON.parse(await readFile(join(folder, "..", "package.json"), "utf8")) as {
    dependencies?: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) hash.update(await readFile(require.resolve(name)));
  return hash.digest("hex").slice(0, 16);
}
