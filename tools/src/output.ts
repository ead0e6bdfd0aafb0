import { mkdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ToolError } from "./errors.ts";

/**
 * Makes a folder that a user named, with those above it. Step by step: Node's own `recursive` never comes back
 * where the system allows no folder, as in /proc.
 * @returns its whole path
 * @throws {ToolError} FILE_FOLDER
 */
export async function makeFolder(target: string, hint = "name another place with --out"): Promise<string> {
  const folder = resolve(target);
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return folder;
  if (found !== undefined) throw new ToolError("FILE_FOLDER", `${folder} is a file, not a folder`, { hint });
  await makeFolder(dirname(folder), hint);
  try {
    await mkdir(folder);
  } catch (cause) {
    // somebody else was quicker, or it cannot be
    if (!(await isFolder(folder)))
      throw new ToolError("FILE_FOLDER", `cannot make the folder ${folder}: ${reason(cause)}`, {
        hint,
        cause,
      });
  }
  return folder;
}

/**
 * Makes the folder of a file that is to be written.
 * @param example how such a file may be called, for the hint
 * @returns the file's whole path
 * @throws {ToolError} FILE_FOLDER
 */
export async function makeFolderOf(target: string, example: string): Promise<string> {
  const file = resolve(target);
  await makeFolder(dirname(file));
  if (!(await isFolder(file))) return file;
  throw new ToolError("FILE_FOLDER", `${file} is a folder, not a file`, {
    hint: `name a file with --out, for example ${join(target, example)}`,
  });
}

/**
 * Writes what a user asked for; what the system says against it becomes a sentence.
 * @throws {ToolError} FILE_WRITE
 */
export async function writeOut<T>(target: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new ToolError("FILE_WRITE", `cannot write ${target}: ${reason(cause)}`, {
      hint: "check its rights and the space on the disk, or name another place with --out",
      cause,
    });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
