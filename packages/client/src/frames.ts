import { closeSync, type Dirent, fstatSync, openSync, readdirSync, readSync } from "node:fs";
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
    throw new ClientError("CLIENT_NO_FRAMES", `cannot read the frames folder ${folder}`, hint, cause);
  }
  // Only files and links to them: opening a pipe would block signals for ever.
  const files = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink());
  const names = files.map(({ name }) => name).filter((name) => /\.(jpe?g|png)$/i.test(name));
  if (names.length > 0) return names.sort(byNumber);
  throw new ClientError(
    "CLIENT_NO_FRAMES",
    `no .jpg or .png among the ${entries.length} files in ${folder}`,
    hint,
  );
}

/** Digits count as numbers. Intl.Collator would do the same and cost a virtual user 3 MB. */
export function byNumber(left: string, right: string): number {
  const parts = (name: string) => name.split(/(\d+)/);
  const others = parts(right);
  for (const [index, part] of parts(left).entries()) {
    const other = others[index];
    if (other === undefined) return 1;
    if (part === other) continue;
    const difference = index % 2 === 1 ? Number(part) - Number(other) : 0;
    if (difference !== 0) return difference;
    return part < other ? -1 : 1;
  }
  return parts(left).length - others.length;
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
    throw new ClientError("CLIENT_BAD_FRAME", `cannot read frame ${name} in ${folder}`, hint, cause);
  }
}
