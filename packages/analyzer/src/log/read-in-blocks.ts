import { Buffer } from "node:buffer";
import { type BlockData, BlockReader, blockEnd, buffersOf } from "./block-reader.ts";
import type { BlockAnswer } from "./block-threads.ts";
import type { LogReader } from "./log.ts";
import type { CsvFormat } from "./log-format.ts";

const BLOCK_BYTES = 1 << 20;
/** A shorter log is read by one thread: until then, another one costs more than it saves. */
const MIN_BYTES = 512 << 20;
/** Blocks that are read or wait for one before them. */
const MAX_OPEN = 4;

/** Others that read blocks. */
export interface BlockHelpers {
  readonly hasRoom: boolean;
  read(bytes: Uint8Array<ArrayBuffer>): Promise<BlockAnswer>;
  stop(): Promise<void>;
}

/**
 * Reads a log from chunks of bytes, with the help of others if it is long and all its samples are only counted.
 * What is read does not depend on them: blocks are taken in their order, and one that is not what comes next, be it
 * that its beginning stands within quotes, a row is torn or there is anything to report, is read again in its place.
 * @param start absent: no helpers
 */
export async function readInBlocks(
  reader: LogReader,
  chunks: AsyncIterable<Uint8Array>,
  start: ((format: CsvFormat) => BlockHelpers) | undefined,
  { blockBytes = BLOCK_BYTES, minBytes = MIN_BYTES } = {},
): Promise<void> {
  let blocks: Blocks | undefined;
  let pushed = 0;
  try {
    for await (const chunk of chunks) {
      if (blocks !== undefined) await blocks.push(chunk);
      else {
        reader.push(chunk);
        pushed += chunk.length;
        const format = start !== undefined && pushed >= minBytes ? reader.blockFormat : undefined;
        if (format !== undefined && start !== undefined)
          blocks = new Blocks(reader, format, start(format), blockBytes);
      }
    }
    await blocks?.end();
  } finally {
    await blocks?.stop();
  }
}

/** A block that is not taken yet. */
interface OpenBlock {
  readonly answer: Promise<BlockAnswer>;
  /** Once it is there. */
  read?: BlockAnswer;
}

/** Cuts chunks into blocks, has them read, and takes them in their order. */
class Blocks {
  readonly #reader: LogReader;
  readonly #helpers: BlockHelpers;
  readonly #own: BlockReader;
  readonly #blockBytes: number;
  readonly #open: OpenBlock[] = [];
  /** Buffers of blocks that are taken. */
  readonly #free: Uint8Array<ArrayBuffer>[] = [];
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(reader: LogReader, format: CsvFormat, helpers: BlockHelpers, blockBytes: number) {
    this.#reader = reader;
    this.#helpers = helpers;
    this.#own = new BlockReader(format);
    this.#blockBytes = blockBytes;
    this.#bytes = new Uint8Array(blockBytes);
  }

  async push(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + this.#bytes.length - this.#length);
      this.#bytes.set(part, this.#length);
      this.#length += part.length;
      at += part.length;
      if (this.#length === this.#bytes.length) await this.#cut();
    }
  }

  /** Reads what is left. */
  async end(): Promise<void> {
    while (this.#open.length > 0) await this.#takeFirst();
    this.#reader.push(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
  }

  stop(): Promise<void> {
    return this.#helpers.stop();
  }

  /** Has the whole rows of the bytes read; what follows them begins the next block. */
  async #cut(): Promise<void> {
    const bytes = this.#bytes;
    const whole = blockEnd(Buffer.from(bytes.buffer));
    if (whole === 0 || this.#reader.blockFormat === undefined) return this.end();
    this.#bytes = this.#free.pop() ?? new Uint8Array(this.#blockBytes);
    this.#bytes.set(bytes.subarray(whole));
    this.#length = bytes.length - whole;
    await this.#read(bytes.subarray(0, whole));
  }

  async #read(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#takeRead();
    if (this.#open.length >= MAX_OPEN) await this.#takeFirst();
    if (this.#helpers.hasRoom) {
      const block: OpenBlock = { answer: this.#helpers.read(bytes) };
      block.answer.then(
        (answer) => {
          block.read = answer;
        },
        () => {},
      );
      this.#open.push(block);
    } else if (this.#open.length === 0) this.#take({ bytes, data: undefined });
    else {
      const read = { bytes, data: this.#own.read(bytes) };
      this.#open.push({ answer: Promise.resolve(read), read });
    }
  }

  /** Takes the blocks that are read. */
  #takeRead(): void {
    for (let [first] = this.#open; first?.read !== undefined; [first] = this.#open) {
      this.#open.shift();
      this.#take(first.read);
    }
  }

  async #takeFirst(): Promise<void> {
    const answer = await this.#open[0]?.answer;
    this.#open.shift();
    if (answer !== undefined) this.#take(answer);
  }

  #take({ bytes, data }: BlockAnswer): void {
    if (data === undefined || !this.#reader.take(data)) this.#reader.push(bytes);
    this.#free.push(new Uint8Array(bytes.buffer));
    if (data !== undefined) release(data);
  }
}

/** Gives the memory of a block's tables back at once: garbage collection would come after some hundred blocks. */
function release(data: BlockData): void {
  // Since Node 22; TypeScript's es2023 does not know it.
  for (const buffer of buffersOf(data) as readonly { transfer?(length: number): unknown }[])
    buffer.transfer?.(0);
}
