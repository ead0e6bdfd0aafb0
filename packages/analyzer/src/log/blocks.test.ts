import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { BlockReader } from "./block-reader.ts";
import { BlockThreads } from "./block-threads.ts";
import { summarizeErrorTypes, summarizeLabels } from "./labels.ts";
import { type Log, LogReader } from "./log.ts";
import type { LogFormat } from "./log-format.ts";
import { type BlockHelpers, readInBlocks } from "./read-in-blocks.ts";

const HEADER = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success,bytes\n";
/** More than a log of clients has, so that the rows that follow are only counted. */
const PLAIN = Array.from(
  { length: 10_001 },
  (_, i) => `${1_700_000_000_000 + i},${i % 50},GET ${i % 3},200,OK,Users 1-${i % 7},true,10\n`,
).join("");

/** Reads blocks in this thread; their answers come late, and not in order. */
function lateHelpers(format: LogFormat, delays: readonly number[]): BlockHelpers {
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

async function readBlocks(bytes: Uint8Array, blockBytes: number, start: (format: LogFormat) => BlockHelpers) {
  const reader = new LogReader("x.csv", { keepSeries: true });
  let isDivided = false;
  const chunks = chunksOf(bytes, 1 + Math.floor(blockBytes * 0.7));
  const watched = (format: LogFormat) => {
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

const xmlSample = (index: number, children = "") =>
  `<sample t="${index % 50}" ts="${1_700_000_000_000 + index}" s="${index % 9 > 0}" lb="GET ${index % 3}" rc="200" rm="OK" tn="Users 1-${index % 7}" by="10"${children === "" ? "/>" : `>\n${children}</sample>`}\n`;
const PLAIN_XML = `<?xml version="1.0"?>\n<testResults version="1.2">\n${Array.from({ length: 10_001 }, (_, i) => xmlSample(i)).join("")}`;
const data = (text: string) => `  <responseData class="java.lang.String">${text}</responseData>\n`;
const OLD_REPORT =
  "\nElapsed total time in the handler: \n['0.06']\nElapsed round trip time in the client: \n[0.07]\n";
const anyXmlSample = fc
  .tuple(
    fc.nat(999),
    fc.constantFrom("", data("a page\nof &lt;lines&gt;"), '  <httpSample t="1" lb="part" s="true"/>\n'),
  )
  .map(([index, children]) => xmlSample(index, children));
const xmlOddity = fc.constantFrom(
  xmlSample(1, data("{&quot;schema&quot;:&quot;slbench.client-report/9&quot;}")),
  xmlSample(1, data(OLD_REPORT)),
  xmlSample(1, data('<![CDATA[\n<sample t="1" lb="no" s="true"/>\n]]>')),
  xmlSample(1, "  <responseData/>\n"),
  '<sample t="5" ts="1700000000000" s="true" lb="torn" tn="Users',
  '<custom t="5" ts="1700000000000" s="true" lb="own class" rc="200" tn="Users 1-1"/>\n',
  '  <sample t="5" s="true" lb="indented"/>\n',
  "</testResults>\n",
  '<testResults version="1.2">\n',
  "stray\n",
  "\0\0\0\n",
);
const xml = fc
  .array(fc.oneof({ weight: 50, arbitrary: anyXmlSample }, { weight: 1, arbitrary: xmlOddity }), {
    minLength: 30,
    maxLength: 80,
    size: "max",
  })
  .map((parts) => parts.join(""));

describe("readInBlocks()", () => {
  it("reads XML the same as in one piece, whatever the blocks, the helpers and the damage", async () => {
    const take = vi.spyOn(LogReader.prototype, "take");
    const size = fc.integer({ min: 300, max: 900 });
    const delay = fc.array(fc.nat(5), { minLength: 1, maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(xml, size, delay, async (written, blockBytes, delays) => {
        const bytes = Buffer.from(PLAIN_XML + written);
        const { log } = await readBlocks(bytes, blockBytes, (format) => lateHelpers(format, delays));
        expect(log).toEqual(readAtOnce(bytes));
      }),
      { numRuns: 60 },
    );
    const taken = take.mock.results.filter(({ value }) => value === true).length;
    take.mockRestore();
    expect(taken).toBeGreaterThan(60);
  });

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
    const more = Buffer.from(PLAIN_XML + PLAIN_XML.replace(/^.*\n.*\n/, ""));
    for (const log of [bytes, more])
      for (const threads of [1, 3]) {
        const read = await readBlocks(log, 20_000, (format) => new BlockThreads(format, threads));
        expect(read).toEqual({ log: readAtOnce(log), isDivided: true });
      }
  });

  it("reports a thread that fails", async () => {
    const bytes = Buffer.from(HEADER + PLAIN.repeat(2));
    const broken = (format: LogFormat) => new BlockThreads({ ...format, kind: undefined as never }, 1);
    await expect(readBlocks(bytes, 20_000, broken)).rejects.toThrow(TypeError);
  });
});
