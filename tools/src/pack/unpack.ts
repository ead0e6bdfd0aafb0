import { closeSync, createReadStream, mkdirSync, openSync, writeSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { Parser, type ReadEntry } from "tar";
import { ToolError } from "../errors.ts";
import { systemError } from "../system-errors.ts";

/** Limits for unpacking an untrusted archive. */
export interface UnpackLimits {
  /** Unpacked size including headers and padding. */
  readonly maxBytes: number;
  /** Files and folders. */
  readonly maxFiles: number;
  /** Unpacked to packed bytes: text reaches 5 to 30, a zip bomb 1000. */
  readonly maxRatio: number;
  readonly maxSeconds: number;
}

export const DEFAULT_LIMITS: UnpackLimits = {
  maxBytes: 4e9,
  maxFiles: 50_000,
  maxRatio: 200,
  maxSeconds: 600,
};

/** A high ratio below this size is harmless: small archives of empty files have one. */
const RATIO_FROM_BYTES = 16 << 20;
const MAX_PATH_CHARS = 1024;
const MAX_NAME_BYTES = 255;
const MAX_DEPTH = 32;
const FILES: readonly string[] = ["File", "OldFile", "ContiguousFile"];
/** Characters that could deceive a terminal: control, format, surrogate, line ends. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/**
 * Unpacks a .tar or .tar.gz into an empty folder. Creates only regular files and folders. Rejects links, devices,
 * pipes, duplicate names, paths that leave the folder, and archives over the limits.
 *
 * @throws {ToolError} FILE_NO_ARTEFACT, FILE_BAD_ENTRY, FILE_OVER_LIMIT, SYSTEM_…
 */
export async function unpackArchive(archive: string, target: string, limits: UnpackLimits): Promise<void> {
  const found = await stat(archive).catch((cause: unknown) => {
    throw noArtefact(archive, "cannot be read", cause);
  });
  if (!found.isFile()) throw noArtefact(archive, "is not a regular file");
  const meter = createMeter(archive, limits);
  const writer = createWriter(archive, target, meter);
  const source = createReadStream(archive, { highWaterMark: 1 << 17 });
  const metered = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      meter.packed(chunk.length);
      yield chunk;
    }
  };
  try {
    if (await isGzip(archive))
      await pipeline(source, metered, createGunzip({ chunkSize: 1 << 17 }), writer.read);
    else await pipeline(source, metered, writer.read);
  } catch (error) {
    if (error instanceof ToolError) throw error;
    throw systemError(error, `cannot unpack ${archive}`) ?? noArtefact(archive, "cannot be unpacked", error);
  } finally {
    writer.close();
  }
}

interface Meter {
  packed(bytes: number): void;
  unpacked(bytes: number): void;
  /** Checks the size that a header announces before its content arrives. */
  announced(bytes: number): void;
  entry(): void;
}

function createMeter(archive: string, limits: UnpackLimits): Meter {
  const { maxBytes, maxFiles, maxRatio, maxSeconds } = limits;
  const deadline = performance.now() + 1000 * maxSeconds;
  let [packed, unpacked, entries] = [0, 0, 0];
  const checkSize = (bytes: number) => {
    if (bytes > maxBytes) throw overLimit(archive, `unpacks to more than ${maxBytes / 1e6} MB`, "--max-size");
  };
  return {
    packed: (bytes) => {
      packed += bytes;
    },
    unpacked: (bytes) => {
      unpacked += bytes;
      checkSize(unpacked);
      if (unpacked > RATIO_FROM_BYTES && unpacked > maxRatio * packed)
        throw overLimit(archive, `unpacks to more than ${maxRatio} times its size`, "--max-ratio");
      if (performance.now() > deadline)
        throw overLimit(archive, `takes longer than ${maxSeconds} s to unpack`, "--max-time");
    },
    announced: (bytes) => checkSize(bytes),
    entry: () => {
      if (++entries > maxFiles)
        throw overLimit(archive, `holds more than ${maxFiles} files and folders`, "--max-files");
    },
  };
}

interface Writer {
  read(chunks: AsyncIterable<Buffer>): Promise<void>;
  close(): void;
}

/** Writes each file as it arrives, so that the parser buffers at most one chunk. */
function createWriter(archive: string, target: string, meter: Meter): Writer {
  const names = new Names(archive);
  const made = new Set<string>();
  let openFile: number | undefined;
  let failure: unknown;
  const close = () => {
    if (openFile !== undefined) closeSync(openFile);
    openFile = undefined;
  };
  const take = (entry: ReadEntry) => {
    meter.entry();
    meter.announced(entry.size);
    const isFolder = entry.type === "Directory";
    if (!isFolder && !FILES.includes(entry.type))
      throw badEntry(archive, entry.path, `is a ${TYPE_NAMES[entry.type] ?? entry.type}`);
    const parts = names.add(entry.path, isFolder);
    const path = join(target, ...parts);
    const folder = isFolder ? path : join(target, ...parts.slice(0, -1));
    if (!made.has(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
    made.add(folder);
    if (isFolder) return void entry.resume();
    openFile = openSync(path, "wx", 0o600);
    entry.on("data", (data: Buffer) => {
      for (let at = 0; at < data.length; ) at += writeSync(openFile as number, data, at);
    });
    entry.on("end", close);
  };
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      // Throwing here would leave the parser in an undefined state; read() throws between two chunks.
      try {
        if (failure === undefined) take(entry);
        else entry.resume();
      } catch (error) {
        failure ??= error;
        entry.resume();
      }
    },
  });
  parser.on("ignoredEntry", (entry: ReadEntry) => {
    failure ??= badEntry(archive, entry.path, `is of the unknown type ${entry.type}`);
  });
  // Headers that only describe the next entry count too.
  parser.on("meta", () => {
    try {
      meter.entry();
    } catch (error) {
      failure ??= error;
    }
  });
  parser.on("error", (error: unknown) => {
    failure ??= error;
  });
  let hasEnded = false;
  parser.on("eof", () => {
    hasEnded = true;
  });
  const check = () => {
    if (failure !== undefined) throw failure;
  };
  return {
    close,
    async read(chunks) {
      let isFirst = true;
      for await (const chunk of chunks) {
        meter.unpacked(chunk.length);
        // The parser would unpack a second time, past the meter.
        if (isFirst && isPacked(chunk)) throw noArtefact(archive, "is compressed twice");
        isFirst = false;
        // Bytes after the end are only counted: the parser would buffer them.
        if (!hasEnded) parser.write(chunk);
        check();
      }
      parser.end();
      check();
    },
  };
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  Link: "hard link",
  SymbolicLink: "symbolic link",
  CharacterDevice: "character device",
  BlockDevice: "block device",
  FIFO: "named pipe",
};

/** Names of an archive: none leaves the folder, none is a duplicate on any file system. */
class Names {
  readonly #archive: string;
  /** Keyed by a spelling that ignores case and Unicode composition. */
  readonly #known = new Map<string, { readonly path: string; readonly isFolder: boolean }>();

  constructor(archive: string) {
    this.#archive = archive;
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
      if (known === undefined) this.#known.set(folded, { path, isFolder: !isLast || isFolder });
      else if (known.path !== path) throw bad(`differs from ${shown(known.path)} in spelling only`);
      else if (!known.isFolder || (isLast && !isFolder)) throw bad("occurs twice");
    }
    return parts;
  }
}

async function isGzip(archive: string): Promise<boolean> {
  const file = await open(archive);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(2) });
    return bytesRead === 2 && buffer.readUInt16BE() === 0x1f8b;
  } finally {
    await file.close();
  }
}

/** gzip or zstd, which the parser would unpack. */
const isPacked = (chunk: Buffer) =>
  chunk.subarray(0, 2).toString("hex") === "1f8b" || chunk.subarray(0, 4).toString("hex") === "28b52ffd";

const shown = (name: string) => JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);

function badEntry(archive: string, name: string, why: string): ToolError {
  return new ToolError("FILE_BAD_ENTRY", `${archive}: ${shown(name)} ${why}`, {
    hint: "do not trust this archive: slbench pack writes only regular files, each once; ask its authors for another",
  });
}

function overLimit(archive: string, what: string, option: string): ToolError {
  return new ToolError("FILE_OVER_LIMIT", `${archive} ${what} (limit ${option})`, {
    hint: `if you trust the archive, raise ${option}`,
  });
}

export function noArtefact(archive: string, why: string, cause?: unknown): ToolError {
  return new ToolError("FILE_NO_ARTEFACT", `${archive} ${why}`, {
    hint: "name an archive that slbench pack wrote",
    exitCode: 2,
    cause,
  });
}
