import { closeSync, createReadStream, mkdirSync, openSync, writeSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { Parser, type ReadEntry } from "tar";
import { SlbenchError } from "../errors.ts";
import { systemError } from "../system-errors.ts";
import { badEntry, noArtefact } from "./archive-errors.ts";
import { ArchiveNames } from "./archive-names.ts";
import { createMeter, type Meter, type UnpackLimits } from "./unpack-limits.ts";

const FILES: readonly string[] = ["File", "OldFile", "ContiguousFile"];

/**
 * Unpacks a .tar or .tar.gz into an empty folder. Creates only regular files and folders. Rejects links, devices,
 * pipes, duplicate names, paths that leave the folder, and archives over the limits.
 *
 * @throws {SlbenchError} FILE_NO_ARTEFACT, FILE_BAD_ENTRY, FILE_OVER_LIMIT, SYSTEM_…
 */
export async function unpackArchive(archive: string, target: string, limits: UnpackLimits): Promise<void> {
  const found = await stat(archive).catch((cause: unknown) => {
    const isMissing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw noArtefact(archive, isMissing ? "does not exist" : "cannot be read", cause);
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
    if (error instanceof SlbenchError) throw error;
    throw (
      systemError(error, `cannot unpack ${archive}`) ??
      noArtefact(archive, "cannot be unpacked: it is cut, damaged, or no archive", error)
    );
  } finally {
    writer.close();
  }
}

interface Writer {
  read(chunks: AsyncIterable<Buffer>): Promise<void>;
  close(): void;
}

/** Writes each file as it arrives, so that the parser buffers at most one chunk. */
function createWriter(archive: string, target: string, meter: Meter): Writer {
  const files = createFiles(archive, target, meter);
  const parser = createParser(archive, meter, files.take);
  return {
    close: files.close,
    async read(chunks) {
      let isFirst = true;
      for await (const chunk of chunks) {
        meter.unpacked(chunk.length);
        // The parser would unpack a second time, past the meter.
        if (isFirst && isPacked(chunk)) throw noArtefact(archive, "is compressed twice");
        isFirst = false;
        parser.write(chunk);
      }
      parser.end();
    },
  };
}

/** Creates the folders and files of entries. */
function createFiles(archive: string, target: string, meter: Meter) {
  const names = new ArchiveNames(archive, () => meter.entry());
  const made = new Set<string>();
  let openFile: number | undefined;
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
  return { take, close };
}

/** A tar parser whose write() and end() throw the first error; throwing in its callbacks would corrupt its state. */
function createParser(archive: string, meter: Meter, take: (entry: ReadEntry) => void) {
  let failure: unknown;
  const attempt = (work: () => void) => {
    try {
      if (failure === undefined) work();
    } catch (error) {
      failure = error;
    }
  };
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      attempt(() => take(entry));
      if (failure !== undefined) entry.resume();
    },
  });
  parser.on("ignoredEntry", (entry: ReadEntry) => {
    failure ??= badEntry(archive, entry.path, `is of the unknown type ${entry.type}`);
  });
  // Headers that only describe the next entry count too.
  parser.on("meta", () => attempt(() => meter.entry()));
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
    write(chunk: Buffer) {
      // Bytes after the end are only counted: the parser would buffer them.
      if (!hasEnded) parser.write(chunk);
      check();
    },
    end() {
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
