import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract } from "tar";

export interface UnpackOptions {
  /** Paths of wanted files, without `./` in front; everything else is skipped. */
  readonly wanted: RegExp;
  /** Files beyond this sum of sizes are skipped; absent: no limit. */
  readonly maxBytes?: number;
}

export interface UnpackedFiles {
  /** Relative to the folder. */
  readonly names: readonly string[];
  readonly bytes: number;
  /** The limit was reached: wanted files are missing. */
  readonly isCut: boolean;
}

/**
 * Unpacks wanted files of a tar archive from another machine: plain files only, no links, never outside the folder.
 * @throws if the archive is torn
 */
export async function unpackFiles(
  archive: Readable,
  folder: string,
  { wanted, maxBytes = Number.POSITIVE_INFINITY }: UnpackOptions,
): Promise<UnpackedFiles> {
  const names: string[] = [];
  let [bytes, isCut] = [0, false];
  const unpack = extract({
    cwd: folder,
    strict: true,
    filter: (path, entry) => {
      const name = path.replace(/^\.\//, "");
      if (!wanted.test(name) || !("type" in entry) || entry.type !== "File") return false;
      const size = entry.size ?? 0;
      if (isCut || bytes + size > maxBytes) {
        isCut = true;
        return false;
      }
      bytes += size;
      names.push(name);
      return true;
    },
  });
  await pipeline(archive, unpack);
  return { names, bytes, isCut };
}
