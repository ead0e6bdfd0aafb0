import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { BlockReader } from "./block-reader.ts";
import { BlockThreads } from "./block-threads.ts";
import { summarizeErrorTypes, summarizeLabels } from "./labels.ts";
import { type Log, LogReader } from "./log.ts";
import type { CsvFormat } from "./log-format.ts";
import { type BlockHelpers, readInBlocks } from "./read-in-blocks.ts";

const HEADER = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success,bytes\n";
/** More than a log of clients has, so that the rows that follow are only counted. */
const PLAIN = Array.from(
  { length: 10_001 },
  (_, i) => `${1_700_000_000_000 + i},${i % 50},GET ${i % 3},200,OK,Users 1-${i % 7},true,10\n`,
).join("");

/** Reads blocks in this thread; their answers come late, and not in order. */
function lateHelpers(format: CsvFormat, delays: readonly number[]): BlockHelpers {
  const reader = new BlockReader(structuredClone(format));
  let turn = 0;
  return {
    get hasRoom() {
      return delays[turn++ % delays.length] !== 0;
    },
    async read(bytes) {
      const data = structuredClone(reader.read(bytes));
      for (let ticks = delays[turn++ % delays.length] as number; ticks > 0; ticks--) await undefined;
      return { bytes, data };
    },
    stop: async () => {},
  };
}

async function* chunksOf(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

/** All that a log says. */
const shown = (log: Log) => ({
  labels: summarizeLabels([log]),
  errors: summarizeErrorTypes([log]),
  ...{ samples: log.samples, threads: log.threads, summed: log.summed },
  ...{ skipped: log.skipped, warnings: log.warnings, clients: log.clients.length },
  details: log.labels.map(({ label, details }) => [label, details]),
  series: log.series?.toData(),
});

function readAtOnce(bytes: Uint8Array) {
  const reader = new LogReader("x.csv", { keepSeries: true });
  reader.push(bytes);
  return shown(reader.end());
}

async function readBlocks(bytes: Uint8Array, blockBytes: number, start: (format: CsvFormat) => BlockHelpers) {
  const reader = new LogReader("x.csv", { keepSeries: true });
  let isDivided = false;
  const chunks = chunksOf(bytes, 1 + Math.floor(blockBytes * 0.7));
  const watched = (format: CsvFormat) => {
    isDivided = true;
    return start(format);
  };
  await readInBlocks(reader, chunks, watched, { blockBytes, minBytes: 0 });
  return { log: shown(reader.end()), isDivided };
}

const T = 1_700_000_100_000;
const row = fc
  .tuple(
    fc.nat(999),
    fc.oneof({ weight: 8, arbitrary: fc.nat(100_000).map(String) }, fc.constantFrom("5.5", "7,5", "x", "")),
    fc.constantFrom("GET", '"a,b"', '"say ""hi"""', '"two\nlines"', '"12\n34,5\n"', "é", "\u00e9\u20ac"),
    fc.constantFrom("200", "500", "Non HTTP"),
    fc.constantFrom("OK", "port 1", "port 22", "Number of samples in transaction : 2, number of failing"),
    fc.constantFrom("true", "false", "yes"),
  )
  .map(
    ([time, elapsed, label, code, message, success]) =>
      `${T + time},${elapsed},${label},${code},"${message}",Users 1-${time % 9},${success},7\n`,
  );
const oddity = fc.constantFrom(
  HEADER,
  "timeStamp,elapsed,label,success\n1700000000000,3,x,true\n",
  '"open\n',
  '1,2,"torn\n',
  "\n",
  "\0\0\0\n",
  "2024/03/31 03:00:00.500,5,dates,200,OK,Users 1-1,true,7\n",
  "yesterday 10:00:00,5,dates,200,OK,Users 1-1,true,7\n",
  "5,5,early,200,OK,Users 1-1,true,7\r\n",
  "1700000000000,5",
);
const text = fc
  .array(fc.oneof({ weight: 30, arbitrary: row }, { weight: 1, arbitrary: oddity }), {
    maxLength: 60,
    size: "max",
  })
  .map((rows) => rows.join(""));

describe("readInBlocks()", () => {
  it("reads the same as in one piece, whatever the blocks, the helpers and the damage", async () => {
    let divided = 0;
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.constantFrom("utf8", "latin1"),
        fc.integer({ min: 40, max: 3000 }),
        fc.array(fc.nat(5), { minLength: 1, maxLength: 7 }),
        async (written, encoding, blockBytes, delays) => {
          const bytes = Buffer.from(HEADER + PLAIN + written, encoding as BufferEncoding);
          const { log, isDivided } = await readBlocks(bytes, blockBytes, (format) =>
            lateHelpers(format, delays),
          );
          divided += Number(isDivided);
          expect(log).toEqual(readAtOnce(bytes));
        },
      ),
      { numRuns: 80 },
    );
    expect(divided).toBeGreaterThan(50);
  });

  it("remembers texts, not the bytes that they came in, if a Buffer is used again", () => {
    const reader = new LogReader("x.csv", { keepSeries: true });
    reader.push(Buffer.from(HEADER + PLAIN));
    const row = Buffer.from("1700000000000,5,same length 1,200,OK,Users 1-1,true,7\n");
    reader.push(row);
    row.write("2", row.indexOf("1,200"));
    reader.push(row);
    const labels = summarizeLabels([reader.end()]).map(({ label, samples }) => `${label}: ${samples}`);
    expect(labels).toEqual(expect.arrayContaining(["same length 1: 1", "same length 2: 1"]));
  });

  it("takes nearly all blocks of a whole log over instead of reading them again", async () => {
    const take = vi.spyOn(LogReader.prototype, "take");
    const bytes = Buffer.from(HEADER + PLAIN.repeat(3));
    const { log } = await readBlocks(bytes, 1000, (format) => ({
      ...lateHelpers(format, [1]),
      hasRoom: true,
    }));
    const taken = take.mock.results.filter(({ value }) => value === true).length;
    take.mockRestore();
    // The first 10 001 rows of three times as many are read before.
    expect(taken).toBeGreaterThan((0.6 * bytes.length) / 1000);
    expect(log).toEqual(readAtOnce(bytes));
  });

  it("reads the same with threads", async () => {
    const bytes = Buffer.from(`${HEADER}${PLAIN}1,2,"torn\n${PLAIN}`);
    for (const threads of [1, 3]) {
      const read = await readBlocks(bytes, 20_000, (format) => new BlockThreads(format, threads));
      expect(read).toEqual({ log: readAtOnce(bytes), isDivided: true });
    }
  });

  it("reports a thread that fails", async () => {
    const bytes = Buffer.from(HEADER + PLAIN.repeat(2));
    const broken = (format: CsvFormat) => new BlockThreads({ ...format, kind: undefined as never }, 1);
    await expect(readBlocks(bytes, 20_000, broken)).rejects.toThrow(TypeError);
  });
});
