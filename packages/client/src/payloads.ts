import { closeSync, type Dirent, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { ClientError } from "./errors.ts";
import type { GrowingBytes } from "./growing-bytes.ts";

/**
 * Names of the frames in a folder: .jpg, .jpeg and .png, sorted by their numbers (2 before 10).
 * @throws {ClientError} CLIENT_NO_PAYLOADS if the folder cannot be read or holds no frame
 */
export function listPayloads(folder: string): readonly string[] {
  const hint = "cut a video first: slbench frames video.mp4 --out DIR";
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    throw new ClientError("CLIENT_NO_PAYLOADS", `cannot read the frames folder ${folder}`, { hint, cause });
  }
  const pictures = entries.filter((entry) => isPicture(entry.name) && isFile(entry, folder));
  const names = pictures.map(({ name }) => name);
  if (names.length > 0) return byNumber(names);
  throw new ClientError(
    "CLIENT_NO_PAYLOADS",
    `no .jpg or .png among the ${entries.length} files in ${folder}`,
    { hint },
  );
}

/**
 * The names sorted with digits as numbers; equal numbers (`1`, `01`) by their spelling.
 * Uses neither Intl.Collator nor regular expressions: loading either costs more than everything else here.
 */
export function byNumber(names: readonly string[]): readonly string[] {
  const width = names.reduce((longest, name) => Math.max(longest, name.length), 0);
  const named = new Map(names.map((name) => [`${sortKey(name, width)}\0${name}`, name]));
  return [...named.keys()].sort().map((key) => named.get(key) as string);
}

/** The name with each number padded to `width`, so that text order is the order of numbers. */
function sortKey(name: string, width: number): string {
  let key = "";
  let copied = 0;
  let number = -1; // index at which the current digits start
  for (let at = 0; at <= name.length; at++) {
    const code = name.charCodeAt(at);
    if (code >= ZERO && code <= NINE) {
      if (number < 0) number = at;
    } else if (number >= 0) {
      key += name.slice(copied, number) + name.slice(number, at).padStart(width, "0");
      copied = at;
      number = -1;
    }
  }
  return key + name.slice(copied);
}

const ZERO = 48;
const NINE = 57;

/** Accepts only files and links to files: opening a pipe would block signals forever. */
function isFile(entry: Dirent, folder: string): boolean {
  if (!entry.isSymbolicLink()) return entry.isFile();
  try {
    return statSync(join(folder, entry.name)).isFile();
  } catch {
    return true; // reading a broken link reports the error
  }
}

/** Whether a file name has a picture's extension. */
export function isPicture(name: string): boolean {
  const lower = name.toLowerCase();
  return [".jpg", ".jpeg", ".png"].some((ending) => lower.endsWith(ending));
}

/**
 * Reads one frame's file.
 * @throws {ClientError} CLIENT_BAD_PAYLOAD if it cannot be read
 */
export function readPayload(folder: string, name: string, into: GrowingBytes): void {
  try {
    const fd = openSync(join(folder, name), "r");
    try {
      const { size } = fstatSync(fd);
      into.clear();
      into.filled(readSync(fd, into.room(size), 0, size, 0));
    } finally {
      closeSync(fd);
    }
  } catch (cause) {
    const hint = "cut the frames again: slbench frames video.mp4 --out DIR";
    throw new ClientError("CLIENT_BAD_PAYLOAD", `cannot read frame ${name} in ${folder}`, { hint, cause });
  }
}
