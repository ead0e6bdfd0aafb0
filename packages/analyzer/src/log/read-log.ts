import { constants, createGunzip } from "node:zlib";
import { type AnalyzerErrorCode, SlbenchError } from "../core/errors.ts";
import type { SkippedInput } from "../core/warnings.ts";
import { BlockThreads } from "./block-threads.ts";
import { type Log, type LogOptions, LogReader } from "./log.ts";
import { readInBlocks } from "./read-in-blocks.ts";

export interface ReadOptions extends LogOptions {
  /** Threads that may read a long log, with this one; the log is the same for any number. Absent: 1. */
  readonly threads?: number;
}

/**
 * Reads a log from a stream of bytes, gzip or not, recognised by content.
 *
 * @param bytes a chunk need not live longer than until the next one is asked for
 * @param source name for messages
 * @throws {SlbenchError} JTL_EMPTY, JTL_NOT_A_JTL, JTL_NO_SAMPLES
 *
 * @example
 * ```ts
 * const text = "timeStamp,elapsed,label,responseCode,threadName,success\n1,250,GET,200,Users 1-1,true\n";
 * const log = await readLog(new Blob([text]).stream(), "inline");
 * log.samples; // 1
 * ```
 */
export async function readLog(
  bytes: AsyncIterable<Uint8Array>,
  source: string,
  { threads = 1, ...options }: ReadOptions = {},
): Promise<Log> {
  const reader = new LogReader(source, options);
  const skipped: SkippedInput[] = [];
  const chunks = unzipped(bytes, source, (loss) => skipped.push(loss));
  await readInBlocks(
    reader,
    chunks,
    threads > 1 ? (format) => new BlockThreads(format, threads - 1) : undefined,
  );
  const log = reader.end();
  if (log.samples === 0 && log.skipped.length + skipped.length === 0) {
    throw new SlbenchError<AnalyzerErrorCode>("JTL_NO_SAMPLES", `no samples in ${source}`, {
      hint: "check that the test ran and reached its samplers: jmeter.log shows why not",
      exitCode: 3,
    });
  }
  return { ...log, skipped: [...log.skipped, ...skipped] };
}

/** Keeps the output of one write small, however well it was packed. */
const ZIPPED_BYTES = 1 << 14;

/**
 * The bytes as they are, or unzipped if they begin like gzip. Bytes after a damage are given up.
 * @throws {SlbenchError} JTL_NOT_A_JTL if nothing can be unzipped
 *
 * @example
 * ```ts
 * const chunks = [];
 * for await (const chunk of unzipped(new Blob(["text"]).stream(), "inline", () => {})) chunks.push(chunk);
 * Buffer.concat(chunks).toString(); // "text"
 * ```
 */
export async function* unzipped(
  bytes: AsyncIterable<Uint8Array>,
  source: string,
  onDamage: (input: SkippedInput) => void,
): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array(0);
  let unzip: Unzip | undefined;
  for await (const next of bytes) {
    let chunk = next;
    if (head !== undefined) {
      head = joined(head, next);
      if (head.length < 2) continue;
      if (head[0] === 0x1f && head[1] === 0x8b) unzip = startUnzip();
      chunk = head;
      head = undefined;
    }
    if (unzip === undefined) yield chunk;
    else yield* unzip.write(chunk);
  }
  if (head !== undefined) yield head;
  if (unzip === undefined) return;
  yield* unzip.end();
  const { damage, bytes: unzippedBytes } = unzip.outcome();
  if (damage === undefined) return;
  const reason = `the gzip data are damaged: ${damage}`;
  if (unzippedBytes === 0)
    throw new SlbenchError<AnalyzerErrorCode>("JTL_NOT_A_JTL", `${source}: ${reason}`, {
      hint: "get the file again: it is cut or not gzip",
    });
  onDamage({ source, position: "the end", reason });
}

interface Unzip {
  write(chunk: Uint8Array): AsyncGenerator<Uint8Array>;
  end(): AsyncGenerator<Uint8Array>;
  /** How it ended, and the number of bytes that came out. */
  outcome(): { readonly damage: string | undefined; readonly bytes: number };
}

/** Hands out everything up to a damage: an iterator over the stream would drop what it had buffered. */
function startUnzip(): Unzip {
  const gunzip = createGunzip({ flush: constants.Z_SYNC_FLUSH });
  let out: Uint8Array[] = [];
  let damage: string | undefined;
  let bytes = 0;
  gunzip.on("data", (piece: Uint8Array) => {
    out.push(piece);
    bytes += piece.length;
  });
  gunzip.on("error", (error) => {
    damage = error.message;
  });
  const closed = new Promise<void>((resolve) => gunzip.once("close", () => resolve()));
  const taken = () => {
    const pieces = out;
    out = [];
    return pieces;
  };
  return {
    async *write(chunk) {
      for (let at = 0; at < chunk.length && damage === undefined; at += ZIPPED_BYTES) {
        const part = chunk.slice(at, at + ZIPPED_BYTES);
        // What follows the end of the data is never called back.
        await Promise.race([new Promise<void>((resolve) => gunzip.write(part, () => resolve())), closed]);
        yield* taken();
      }
    },
    async *end() {
      if (damage === undefined) gunzip.end();
      await closed;
      yield* taken();
    },
    outcome: () => ({ damage, bytes }),
  };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
