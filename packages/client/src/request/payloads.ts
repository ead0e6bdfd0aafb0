import { closeSync, type Dirent, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type ClientErrorCode, SlbenchError } from "../errors.ts";
import { GrowingBytes } from "../http/growing-bytes.ts";
import type { RequestSpec } from "../spec/request-spec.ts";

/** What the requests carry. */
export interface Payloads {
  /** At least one name; requests are numbered by it in rows and files. */
  readonly names: readonly string[];
  /** Reads the payload of this index into a buffer. */
  read(index: number, into: GrowingBytes): void;
}

/**
 * Opens the payloads of a specification.
 * @param path a folder for files, a text file for lines; not needed for none
 * @throws {SlbenchError} CLIENT_NO_PAYLOADS if there is no payload
 */
export function openPayloads(
  { payloads, response }: Pick<RequestSpec, "payloads" | "response">,
  path: string,
): Payloads {
  if (payloads === "none") return { names: ["none"], read: (_, into) => into.clear() };
  if (payloads === "lines") return openLines(path);
  const names = listPayloads(path, response.form !== undefined);
  return { names, read: (index, into) => readPayload(path, names[index] as string, into) };
}

/** Each line that is not blank is a payload, named after its number. */
function openLines(file: string): Payloads {
  const hint = "give a text file with one payload per line as --payloads";
  const bytes = new GrowingBytes();
  try {
    // Opening a pipe would block signals forever.
    if (!statSync(file).isFile()) throw new Error("it is not a file");
    readPayload(dirname(file), basename(file), bytes);
  } catch (cause) {
    throw new SlbenchError<ClientErrorCode>("CLIENT_NO_PAYLOADS", `cannot read the lines of ${file}`, {
      hint,
      cause,
    });
  }
  const all = bytes.view();
  const names: string[] = [];
  const lines: Buffer[] = [];
  let number = 0;
  for (let start = 0; start < all.length; ) {
    const newline = all.indexOf(10, start);
    const end = newline < 0 ? all.length : newline;
    const line = all.subarray(start, end > start && all[end - 1] === 13 ? end - 1 : end);
    number++;
    if (line.toString("latin1").trim() !== "") {
      names.push(`line-${number}`);
      lines.push(line);
    }
    start = end + 1;
  }
  if (names.length === 0)
    throw new SlbenchError<ClientErrorCode>("CLIENT_NO_PAYLOADS", `${file} has only blank lines`, { hint });
  return {
    names,
    read: (index, into) => {
      into.clear();
      into.append(lines[index] as Buffer);
    },
  };
}

/**
 * Names of the files in a folder, sorted by their numbers (2 before 10). Skips hidden files, and the manifest that
 * slbench writes beside frames.
 * @param picturesOnly only .jpg, .jpeg and .png
 * @throws {SlbenchError} CLIENT_NO_PAYLOADS if the folder cannot be read or holds no payload
 */
export function listPayloads(folder: string, picturesOnly = true): readonly string[] {
  const hint = "give a folder with payloads as --payloads; for a video: slbench frames video.mp4 --out DIR";
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    throw new SlbenchError<ClientErrorCode>(
      "CLIENT_NO_PAYLOADS",
      `cannot read the payloads folder ${folder}`,
      { hint, cause },
    );
  }
  const hasFrames = !picturesOnly && entries.some(({ name }) => name.startsWith("frame-") && isPicture(name));
  const wanted = (name: string) =>
    picturesOnly ? isPicture(name) : !name.startsWith(".") && !(hasFrames && name === "manifest.json");
  const files = entries.filter((entry) => wanted(entry.name) && isFile(entry, folder));
  if (files.length > 0) return byNumber(files.map(({ name }) => name));
  const kind = picturesOnly ? ".jpg or .png" : "payload";
  throw new SlbenchError<ClientErrorCode>(
    "CLIENT_NO_PAYLOADS",
    `no ${kind} among the ${entries.length} files in ${folder}`,
    {
      hint,
    },
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
 * Reads one payload's file.
 * @throws {SlbenchError} CLIENT_BAD_PAYLOAD if it cannot be read
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
    const hint = "restore the file; frames: slbench frames video.mp4 --out DIR";
    throw new SlbenchError<ClientErrorCode>(
      "CLIENT_BAD_PAYLOAD",
      `cannot read payload ${name} in ${folder}`,
      { hint, cause },
    );
  }
}
