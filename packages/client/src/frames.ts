import { closeSync, type Dirent, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { ClientError } from "./errors.ts";
import type { GrowingBytes } from "./growing-bytes.ts";

/**
 * Names of the frames in a folder: .jpg, .jpeg and .png, in the order of their numbers (2 before 10).
 * @throws {ClientError} CLIENT_NO_FRAMES when there is no such folder or no frame in it
 */
export function listFrames(folder: string): readonly string[] {
  const hint = "cut a video first: slbench frames video.mp4 --out DIR";
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    throw new ClientError("CLIENT_NO_FRAMES", `cannot read the frames folder ${folder}`, { hint, cause });
  }
  const pictures = entries.filter((entry) => isPicture(entry.name) && isFile(entry, folder));
  const names = pictures.map(({ name }) => name);
  if (names.length > 0) return byNumber(names);
  throw new ClientError(
    "CLIENT_NO_FRAMES",
    `no .jpg or .png among the ${entries.length} files in ${folder}`,
    { hint },
  );
}

/**
 * The names in their order, digits counting as numbers; equal numbers (`1`, `01`) by their spelling.
 * No Intl.Collator, no regular expression: the first of either costs a virtual user more than all the rest here.
 */
export function byNumber(names: readonly string[]): readonly string[] {
  const width = names.reduce((longest, name) => Math.max(longest, name.length), 0);
  const named = new Map(names.map((name) => [`${sortKey(name, width)}\0${name}`, name]));
  return [...named.keys()].sort().map((key) => named.get(key) as string);
}

/** The name with each number padded to a width that none exceeds: text order is the order of numbers. */
function sortKey(name: string, width: number): string {
  let key = "";
  let copied = 0;
  let number = -1; // where the digits began that we are in
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

/** Only files and links to them are frames: opening a pipe would block signals for ever. */
function isFile(entry: Dirent, folder: string): boolean {
  if (!entry.isSymbolicLink()) return entry.isFile();
  try {
    return statSync(join(folder, entry.name)).isFile();
  } catch {
    return true; // a link to nothing is said when it is to be read
  }
}

/** Is it a frame's name? */
export function isPicture(name: string): boolean {
  const lower = name.toLowerCase();
  return [".jpg", ".jpeg", ".png"].some((ending) => lower.endsWith(ending));
}

/**
 * Reads one frame's file.
 * @throws {ClientError} CLIENT_BAD_FRAME when it cannot be read
 */
export function readFrame(folder: string, name: string, into: GrowingBytes): void {
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
    throw new ClientError("CLIENT_BAD_FRAME", `cannot read frame ${name} in ${folder}`, { hint, cause });
  }
}
