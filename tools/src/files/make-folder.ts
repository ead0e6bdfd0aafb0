import { mkdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";

/**
 * Creates a folder that a user named, with its parents. One by one, because Node's `recursive` never returns if the
 * system allows no folder, as in /proc.
 * @returns its absolute path
 * @throws {SlbenchError} FILE_FOLDER
 */
export async function makeFolder(target: string, hint = "name another place with --out"): Promise<string> {
  const folder = resolve(target);
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return folder;
  if (found !== undefined)
    throw new SlbenchError<ToolErrorCode>("FILE_FOLDER", `${folder} is a file, not a folder`, { hint });
  await makeFolder(dirname(folder), hint);
  try {
    await mkdir(folder);
  } catch (cause) {
    // another process may have been faster
    if (!(await isFolder(folder)))
      throw new SlbenchError<ToolErrorCode>(
        "FILE_FOLDER",
        `cannot create the folder ${folder}: ${reason(cause)}`,
        {
          hint,
          cause,
        },
      );
  }
  return folder;
}

/**
 * Creates the folder of a file that will be written.
 * @param example a file name for the hint
 * @returns the file's absolute path
 * @throws {SlbenchError} FILE_FOLDER
 */
export async function makeFolderOf(target: string, example: string): Promise<string> {
  const file = resolve(target);
  await makeFolder(dirname(file));
  if (!(await isFolder(file))) return file;
  throw new SlbenchError<ToolErrorCode>("FILE_FOLDER", `${file} is a folder, not a file`, {
    hint: `name a file with --out, for example ${join(target, example)}`,
  });
}

/**
 * Runs a write to a path that the user named; turns system errors into messages.
 * @throws {SlbenchError} FILE_WRITE
 */
export async function writeOut<T>(target: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new SlbenchError<ToolErrorCode>("FILE_WRITE", `cannot write ${target}: ${reason(cause)}`, {
      hint: "check permissions and free disk space, or name another place with --out",
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
