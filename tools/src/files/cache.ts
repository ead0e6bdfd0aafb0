import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { makeFolder } from "./make-folder.ts";

/**
 * Folder for what set-up builds once per user: JMeter's home, the native TensorFlow addon, video frames.
 * SLBENCH_CACHE, else XDG_CACHE_HOME/slbench, else ~/.cache/slbench.
 */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  if (env.SLBENCH_CACHE) return resolve(env.SLBENCH_CACHE);
  return join(env.XDG_CACHE_HOME ? resolve(env.XDG_CACHE_HOME) : join(homedir(), ".cache"), "slbench");
}

/**
 * A folder below cacheRoot(), created if missing.
 * @throws {SlbenchError} FILE_FOLDER
 */
export async function cacheFolder(...parts: readonly string[]): Promise<string> {
  return makeFolder(join(cacheRoot(), ...parts), "name another place in SLBENCH_CACHE");
}
