import { badEntry, shown } from "./archive-errors.ts";

const MAX_PATH_CHARS = 1024;
const MAX_NAME_BYTES = 255;
const MAX_DEPTH = 32;
/** Characters that could deceive a terminal: control, format, surrogate, line ends. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Names of an archive: none leaves the folder, none is a duplicate on any file system. */
export class ArchiveNames {
  readonly #archive: string;
  readonly #impliedFolder: () => void;
  /** Keyed by a spelling that ignores case and Unicode composition. */
  readonly #known = new Map<string, { readonly path: string; readonly isFolder: boolean }>();

  /** @param impliedFolder called for each folder that no entry named: one name may imply 31 of them */
  constructor(archive: string, impliedFolder: () => void) {
    this.#archive = archive;
    this.#impliedFolder = impliedFolder;
  }

  /** @returns the parts of the path below the target */
  add(name: string, isFolder: boolean): readonly string[] {
    const bad = (why: string) => badEntry(this.#archive, name, why);
    if (name.length > MAX_PATH_CHARS) throw bad(`has a name of ${name.length} characters`);
    if (UNPRINTABLE.test(name)) throw bad("has unprintable characters in its name");
    if (/^(?:[/\\]|[a-z]:)/i.test(name)) throw bad("has an absolute path");
    if (name.includes("\\")) throw bad("has a backslash in its name");
    const parts = name
      .replace(/^(?:\.\/)+/, "")
      .replace(/\/+$/, "")
      .split("/");
    if (isFolder && (parts[0] === "" || parts[0] === ".") && parts.length === 1) return [];
    if (parts.includes("..")) throw bad("leads out of the archive's folder");
    if (parts.includes("") || parts.includes(".")) throw bad("has an empty part in its name");
    if (parts.length > MAX_DEPTH) throw bad(`lies ${parts.length} folders deep`);
    if (parts.some((part) => Buffer.byteLength(part) > MAX_NAME_BYTES)) throw bad("has too long a name");
    for (let depth = 1; depth <= parts.length; depth++) {
      const path = parts.slice(0, depth).join("/");
      const isLast = depth === parts.length;
      const folded = path.normalize("NFKC").toLowerCase();
      const known = this.#known.get(folded);
      if (known === undefined) {
        if (!isLast) this.#impliedFolder();
        this.#known.set(folded, { path, isFolder: !isLast || isFolder });
      } else if (known.path !== path) throw bad(`differs from ${shown(known.path)} in spelling only`);
      else if (!known.isFolder || (isLast && !isFolder)) throw bad("occurs twice");
    }
    return parts;
  }
}
