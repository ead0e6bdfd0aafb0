import { randomBytes } from "node:crypto";
import { constants, existsSync } from "node:fs";
import { type FileHandle, lstat, mkdir, open, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { systemError } from "../system-errors.ts";

/** Content of a file to write, as a whole or in pieces. */
export type Content =
  | string
  | Uint8Array
  | Iterable<string | Uint8Array>
  | AsyncIterable<string | Uint8Array>;

/** Name of a file until it is complete; readers and `slbench pack` skip such names. */
export const UNFINISHED_NAME = /^\.slbench-[0-9a-f]{24}\.new$/;

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;
/** On Linux, an open folder stays reachable here even if its path changes. */
const DESCRIPTORS = "/proc/self/fd";
const hasDescriptors = process.platform === "linux" && existsSync(DESCRIPTORS);

/**
 * Writes a file into an untrusted folder: completely or not at all, and never through a link.
 *
 * The content goes to a new file with a random name (`O_EXCL`), which is then renamed. This replaces a link and leaves
 * its target unchanged. A link among the folders below `root` is an error; `root` itself may be one. On Linux the
 * folders are held open, so that another process cannot swap them.
 *
 * @param name path below root, such as `plots/mean.svg`; missing folders are created
 * @returns the file's path
 * @throws {SlbenchError} FILE_LINK; SYSTEM_…, for example if the disk is full, which keeps the earlier file
 */
export async function writeInside(root: string, name: string, content: Content): Promise<string> {
  return withFolder(root, dirname(name), async (folder) => {
    const target = join(root, name);
    const unfinished = join(folder, `.slbench-${randomBytes(12).toString("hex")}.new`);
    try {
      const file = await open(unfinished, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o666);
      try {
        await writeContent(file, content);
      } finally {
        await file.close();
      }
      await rename(unfinished, join(folder, basename(name)));
      return target;
    } catch (cause) {
      await rm(unfinished, { force: true }).catch(() => {});
      throw systemError(cause, `cannot write ${target}`) ?? cause;
    }
  });
}

async function writeContent(file: FileHandle, content: Content): Promise<void> {
  if (typeof content === "string" || content instanceof Uint8Array) return file.writeFile(content);
  for await (const part of content) await file.writeFile(part);
}

/**
 * Writes a file that the user named. Replaces regular files like writeInside(); writes into devices and pipes, such as
 * `/dev/stdout`.
 * @throws {SlbenchError} FILE_FOLDER, SYSTEM_…
 */
export async function writeNamed(file: string, content: Content): Promise<string> {
  const path = resolve(file);
  const found = await stat(path).catch(() => undefined);
  if ((await stat(dirname(path)).catch(() => undefined)) === undefined)
    throw new SlbenchError<ToolErrorCode>("FILE_FOLDER", `${dirname(path)} does not exist`, {
      hint: "create that folder, or name another file",
    });
  const isSpecial = found !== undefined && !found.isFile() && !found.isDirectory();
  if (!isSpecial && !/^\/(dev|proc)\//.test(path)) return writeInside(dirname(path), basename(path), content);
  const handle = await open(path, "w");
  try {
    await writeContent(handle, content);
  } catch (cause) {
    throw systemError(cause, `cannot write ${file}`) ?? cause;
  } finally {
    await handle.close();
  }
  return path;
}

/**
 * Creates a folder below `root`; rejects links in its path.
 * @throws {SlbenchError} FILE_LINK, SYSTEM_…
 */
export async function makeInside(root: string, name: string): Promise<string> {
  return withFolder(root, name, async () => join(root, name));
}

/** Removes a file, or a link without its target. @throws {SlbenchError} FILE_LINK, SYSTEM_… */
export async function removeInside(root: string, name: string, options: { readonly recursive?: true } = {}) {
  await withFolder(root, dirname(name), async (folder) => {
    await rm(join(folder, basename(name)), { force: true, ...options }).catch((cause: unknown) => {
      throw systemError(cause, `cannot remove ${join(root, name)}`) ?? cause;
    });
  });
}

/** Calls back with a path of the folder that stays valid if its parents are renamed. */
async function withFolder<T>(root: string, name: string, work: (folder: string) => Promise<T>): Promise<T> {
  const parts = name.split(/[/\\]/).filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw new RangeError(`${name} leads out of ${root}`);
  const held: FileHandle[] = [];
  try {
    let shown = root;
    let folder = await hold(root, root, held, 0);
    for (const part of parts) {
      const next = join(folder, part);
      shown = join(shown, part);
      await mkdir(next).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code !== "EEXIST") throw systemError(cause, `cannot create the folder ${shown}`) ?? cause;
      });
      folder = await hold(next, shown, held, O_NOFOLLOW);
    }
    return await work(folder);
  } finally {
    await Promise.all(held.map((handle) => handle.close()));
  }
}

async function hold(path: string, shown: string, held: FileHandle[], flag: number): Promise<string> {
  if (flag !== 0 && (await lstat(path)).isSymbolicLink()) throw linked(shown);
  if (!hasDescriptors) return path;
  const handle = await open(path, O_RDONLY | O_DIRECTORY | flag).catch((cause: unknown) => {
    throw systemError(cause, `cannot write into ${shown}`) ?? cause;
  });
  held.push(handle);
  return `${DESCRIPTORS}/${handle.fd}`;
}

function linked(path: string): SlbenchError {
  return new SlbenchError<ToolErrorCode>(
    "FILE_LINK",
    `${path} is a symbolic link; slbench does not write through links`,
    {
      hint: "remove the link, or copy its target into the result folder",
    },
  );
}

/**
 * Checks an untrusted folder before reading it. A link out of it would make slbench read a foreign file, a pipe would
 * make it wait forever.
 *
 * @param links `inside` allows links within the folder, `none` rejects all links
 * @throws {SlbenchError} FILE_LINK, FILE_SPECIAL
 */
export async function checkContents(folder: string, links: "inside" | "none" = "inside"): Promise<void> {
  const root = await realpath(folder);
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw systemError(cause, `cannot read ${folder}`) ?? cause;
  });
  for (const entry of entries) {
    if (entry.isFile() || entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    const shown = join(folder, relative(root, path));
    if (!entry.isSymbolicLink()) throw special(shown);
    await checkLink(root, path, shown, links);
  }
}

/** Like checkContents(), for single files below a folder; ignores missing files. */
export async function checkFiles(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) continue;
    if (!found.isFile()) throw special(path);
    await checkLink(await realpath(folder), path, path, "inside");
  }
}

async function checkLink(root: string, path: string, shown: string, links: "inside" | "none"): Promise<void> {
  const target = await realpath(path).catch(() => undefined);
  const isInside = target !== undefined && (target === root || target.startsWith(root + sep));
  if (links === "inside" && isInside) {
    const found = await stat(path);
    if (found.isFile() || found.isDirectory()) return;
    throw special(shown);
  }
  const what = target === undefined ? "points to nothing" : isInside ? "is not a file" : "leaves its folder";
  throw new SlbenchError<ToolErrorCode>("FILE_LINK", `${shown} is a symbolic link that ${what}`, {
    hint: "remove the link, or replace it by its target if you trust it",
    exitCode: 2,
  });
}

function special(path: string): SlbenchError {
  return new SlbenchError<ToolErrorCode>("FILE_SPECIAL", `${path} is neither a file nor a folder`, {
    hint: "name a regular file; pipe other data to standard input with -",
    exitCode: 2,
  });
}
