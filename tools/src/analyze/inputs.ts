import { constants, readSync } from "node:fs";
import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";

/** Stands for standard input on the command line. */
export const STDIN = "-";
/** Names of logs in a folder; a file that is named directly may have any name. */
const LOG_NAME = /\.(jtl|csv|xml)(\.gz)?$/i;
/** Journals of clients that were started by hand; beside a log they contain nothing new. */
export const JOURNAL_NAME = /\.jsonl(\.gz)?$/i;
/** Written by `slbench analyze --requests csv`; not a log. */
const FRAMES_NAME = "requests.csv";
const CHUNK_BYTES = 1 << 18;

/**
 * The logs that a path stands for, in a fixed order: the file itself, the logs directly in a folder, or a pattern's
 * matches.
 * @throws {SlbenchError} FILE_UNREADABLE, FILE_NO_LOG
 */
export async function findLogs(path: string): Promise<readonly string[]> {
  if (path === STDIN) return [path];
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) {
    const names = (await readdir(path)).filter((name) => name !== FRAMES_NAME).sort();
    const logs = names.filter((name) => LOG_NAME.test(name));
    const found = logs.length > 0 ? logs : names.filter((name) => JOURNAL_NAME.test(name));
    if (found.length > 0) return found.map((name) => join(path, name));
    throw new SlbenchError<ToolErrorCode>(
      "FILE_NO_LOG",
      `${path} contains no log and is not a result folder`,
      {
        hint: "name a folder with .jtl, .csv, .xml or .jsonl files, or one that slbench run wrote",
        exitCode: 2,
      },
    );
  }
  if (found?.isFile() === false) throw special(path);
  if (found !== undefined) return [path];
  const matches = /[*?[\]{}]/.test(path) ? await matchPattern(path) : [];
  if (matches.length > 0) return matches.sort();
  throw unreadable(path);
}

/** The paths without those of a file that was named before: its samples would count twice. */
export async function oncePerFile(paths: readonly string[]): Promise<readonly string[]> {
  const byFile = new Map<string, string>();
  for (const path of paths) {
    const file = await fileAt(path);
    if (byFile.has(file)) process.stderr.write(`${path}: named twice, read once\n`);
    else byFile.set(file, path);
  }
  return [...byFile.values()];
}

/**
 * Protects logs from being replaced by what is made of them.
 * @throws {SlbenchError} FILE_EXISTS
 */
export async function keepLogs(logs: readonly string[], outputs: readonly string[]): Promise<void> {
  const files = new Set(await Promise.all(logs.map(fileAt)));
  for (const output of outputs) {
    if (!files.has(await fileAt(output))) continue;
    throw new SlbenchError<ToolErrorCode>("FILE_EXISTS", `the output ${output} would replace a log`, {
      hint: "name another file (--report FILE), or work in another folder",
      exitCode: 2,
    });
  }
}

/** The same for all names of a file. */
async function fileAt(path: string): Promise<string> {
  const found = path === STDIN ? undefined : await stat(path, { bigint: true }).catch(() => undefined);
  return found === undefined ? path : `${found.dev}:${found.ino}`;
}

async function matchPattern(pattern: string): Promise<string[]> {
  const { glob } = await import("tinyglobby");
  return glob(pattern, { absolute: isAbsolute(pattern) });
}

/**
 * Reads a file or standard input in chunks. A chunk is valid until the next one is requested.
 * @throws {SlbenchError} FILE_UNREADABLE
 */
export async function* readBytes(path: string): AsyncGenerator<Uint8Array> {
  if (path === STDIN) return yield* process.stdin as AsyncIterable<Uint8Array>;
  const failed = (cause: unknown) => {
    throw unreadable(path, cause);
  };
  const file = await openFile(path, failed);
  try {
    const buffer = new Uint8Array(CHUNK_BYTES);
    for (;;) {
      // The operating system reads ahead. An asynchronous read costs more than copying what it has read.
      const bytesRead = readChunk(file.fd, buffer, failed);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      await setImmediate(); // lets signals and other threads' messages in
    }
  } finally {
    await file.close();
  }
}

function readChunk(fd: number, buffer: Uint8Array, failed: (cause: unknown) => never): number {
  try {
    return readSync(fd, buffer);
  } catch (error) {
    return failed(error);
  }
}

/** Does not block on a pipe without a writer. */
async function openFile(path: string, failed: (cause: unknown) => never): Promise<FileHandle> {
  const found = await stat(path).catch(failed);
  if (!found.isFile()) throw special(path);
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(failed);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw special(path);
}

function special(path: string): SlbenchError {
  return new SlbenchError<ToolErrorCode>(
    "FILE_SPECIAL",
    `${path} is not a file but a folder, pipe, socket or device`,
    {
      hint: "name a regular file, or pipe the data to standard input: … | slbench analyze -",
      exitCode: 2,
    },
  );
}

function unreadable(path: string, cause?: unknown): SlbenchError {
  return new SlbenchError<ToolErrorCode>("FILE_UNREADABLE", `cannot read ${path}`, {
    hint: "check the path; put patterns with * in quotes",
    exitCode: 2,
    cause,
  });
}
