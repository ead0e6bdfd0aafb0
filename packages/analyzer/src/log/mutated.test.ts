import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Sample } from "../core/sample.ts";
import type { SkippedInput } from "../core/warnings.ts";
import { isHeader } from "../csv/columns.ts";
import { createRandom } from "../stats/random.ts";
import { parseJtl } from "./parse-jtl.ts";
import { readSamples } from "./read-samples.ts";

type Random = () => number;
const below = (random: Random, limit: number) => Math.floor(random() * limit);

/** Bytes flipped, a piece cut, doubled, moved, filled with zeros: one to three of these. */
function mutate(original: Uint8Array, random: Random): Uint8Array {
  let bytes: Uint8Array = Uint8Array.from(original);
  for (let times = 1 + below(random, 3); times > 0; times--) {
    const from = below(random, bytes.length);
    const to = Math.min(bytes.length, from + below(random, bytes.length / 4));
    const piece = Uint8Array.from(bytes.subarray(from, to));
    const at = below(random, bytes.length);
    const without = () => Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
    const withPiece = (rest: Uint8Array) => Buffer.concat([rest.subarray(0, at), piece, rest.subarray(at)]);
    const kind = below(random, 6);
    if (kind === 0)
      for (let n = 1 + below(random, 4); n > 0; n--)
        bytes[below(random, bytes.length)]! ^= 1 << below(random, 8);
    else if (kind === 1) bytes = bytes.slice(0, from);
    else if (kind === 2) bytes = without();
    else if (kind === 3) bytes = withPiece(bytes);
    else if (kind === 4) bytes = withPiece(without());
    else bytes.fill(0, from, to);
    if (bytes.length === 0) return bytes;
  }
  return bytes;
}

interface Outcome {
  readonly samples: readonly Sample[];
  readonly skipped: readonly SkippedInput[];
  readonly code?: string;
}

function read(bytes: Uint8Array): Outcome {
  try {
    return parseJtl(bytes, "x");
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== "JTL_EMPTY" && code !== "JTL_NOT_A_JTL") throw error;
    return { samples: [], skipped: [], code };
  }
}

const skippedPieces = (skipped: readonly SkippedInput[]) =>
  skipped.reduce((sum, { count }) => sum + (count ?? 1), 0);
const key = ({ subSamples: _, ...sample }: Sample) => JSON.stringify(sample);
const file = (name: string) => readFileSync(new URL(`../../testdata/${name}`, import.meta.url));

const csvLogs = [
  "jtl-csv/00240c3__results10Full.csv",
  "jtl-csv/2375e84__results9FiveSeconds.csv",
  "jtl-jmeter-5.6.3/slave-killed.csv",
];

/** Of two lines that became one the second may be whole: a loss and a sample, or a loss and a header. */
const isJoined = (line: string) => /\d{14}|.timeStamp,|(,[^,]*){17}/.test(line);

test("5000 mutated CSV logs: every line is a sample, a header or a loss; every untouched row is read", () => {
  const random = createRandom(7);
  const originals = csvLogs.map((name) => {
    const bytes = file(name);
    const lines = bytes.toString().split("\n");
    const header = lines[0]?.startsWith("timeStamp") ? lines[0] : undefined;
    const rows = header === undefined ? lines : lines.slice(1);
    return {
      bytes,
      header,
      samples: new Map(read(bytes).samples.map((one, index) => [rows[index], key(one)])),
    };
  });
  const tally = { refused: 0, silent: 0, quoted: 0 };
  for (let round = 0; round < 5000; round++) {
    const {
      bytes,
      header,
      samples: known,
    } = originals[round % originals.length] as (typeof originals)[number];
    const mutated = mutate(bytes, random);
    const { samples, skipped, code } = read(mutated);
    const lines = new TextDecoder()
      .decode(mutated)
      .split("\n")
      .map((line) => line.replace(/\r$/, ""));
    const whole = lines.filter((line) => known.has(line));
    const headers = lines.filter((line) => isHeader(line.split(",")));
    const fail = (what: string) => {
      throw new Error(`round ${round}: ${what}\n${lines.join("\n")}\n${JSON.stringify(skipped)}`);
    };
    if (code !== undefined) {
      if (whole.length + headers.length > 0) fail("refused");
      tally.refused++;
      continue;
    }
    if (skipped.length === 0) tally.silent++;
    // A flip made a quote: lines may belong together.
    if (mutated.includes(34)) {
      tally.quoted++;
      continue;
    }
    const filled = lines.filter((line) => line !== "").length;
    const joined = lines.filter(isJoined).length;
    const pieces = headers.length + samples.length + skippedPieces(skipped);
    if (pieces < filled || pieces > filled + joined) fail("lines do not add up");
    // Below a damaged header that still is one, rows are read by it.
    if (headers.some((line) => line !== header)) continue;
    const found = new Set(samples.map(key));
    for (const line of whole) if (!found.has(known.get(line) as string)) fail(`not read: ${line}`);
    const originalSamples = new Set(known.values());
    const strange = samples.filter((sample) => !originalSamples.has(key(sample)));
    if (strange.length > filled - headers.length - whole.length) fail("invented");
  }
  // The mutations do what they are for.
  expect(tally.refused).toBeLessThan(500);
  expect(tally.silent).toBeLessThan(2500);
  expect(tally.quoted).toBeLessThan(500);
});

const xmlLogs = ["jtl-jmeter-5.6.3/faults.xml", "jtl-jmeter-5.6.3/appended-two-runs.xml", "nested"];
const NESTED = `<?xml version="1.0" encoding="UTF-8"?>
<testResults version="1.2">
${[1, 2, 3, 4, 5]
  .map(
    (
      n,
    ) => `<httpSample t="${n * 11}" ts="179542683194${n}" s="${n !== 3}" lb="outer ${n}" rc="200" rm="OK" tn="Users 1-${n}" by="8">
  <assertionResult>
    <name>is ${n}</name>
    <failure>${n === 3}</failure>
    <error>false</error>
  </assertionResult>
  <httpSample t="${n}" ts="179542683194${n}" s="true" lb="inner ${n}" rc="302" rm="Found" tn="Users 1-${n}" by="4">
    <responseData class="java.lang.String">moved ${n}</responseData>
  </httpSample>
  <httpSample t="${n + 1}" ts="179542683195${n}" s="true" lb="inner too ${n}" rc="200" rm="OK" tn="Users 1-${n}" by="4"/>
  <responseData class="java.lang.String">&lt;p&gt;${n}&lt;/p&gt;</responseData>
  <java.net.URL>http://127.0.0.1/</java.net.URL>
</httpSample>
`,
  )
  .join("")}
</testResults>
`;
/** A sample's first tag at a line's beginning, its text up to its end there. */
const WHOLE = /^<(sample|httpSample) [^\n]*\n(?: [^\n]*\n|[^<\n][^\n]*\n|\n)*?<\/\1>$/gm;

test("5000 mutated XML logs: every sample that begins is read or skipped; none is invented", () => {
  const random = createRandom(11);
  const tally = { refused: 0, silent: 0 };
  for (let round = 0; round < 5000; round++) {
    const name = xmlLogs[round % xmlLogs.length] as string;
    const original = name === "nested" ? new TextEncoder().encode(NESTED) : file(name);
    const { samples: first } = read(original);
    const known = new Set(first.map(key));
    const subs = new Set(first.flatMap(({ subSamples }) => subSamples ?? []).map(({ label }) => label));
    const mutated = mutate(original, random);
    const { samples, skipped, code } = read(mutated);
    // One character a byte: bytes that are not UTF-8 stay what they are.
    const written = Buffer.from(mutated).toString("latin1");
    const begun = written.match(/^<(sample|httpSample) /gm)?.length ?? 0;
    if (code !== undefined) {
      expect({ round, begun }).toEqual({ round, begun: 0 });
      tally.refused++;
      continue;
    }
    // Nothing that begins is passed over in silence.
    if (samples.length + skippedPieces(skipped) < begun)
      throw new Error(
        `round ${round}: ${begun} begun, ${samples.length} read, ${skippedPieces(skipped)} skipped`,
      );
    // Nothing is read that does not begin, and only what was touched is new.
    const tags = written.match(/<(sample|httpSample)[\s/>]/g)?.length ?? 0;
    expect(samples.length).toBeLessThanOrEqual(tags);
    const strange = samples.filter((sample) => !known.has(key(sample)));
    expect(strange.length).toBeLessThanOrEqual(12);
    // A sub-result is a sample of its own only if what it belonged to is gone, and that is reported.
    if (samples.some(({ label }) => subs.has(label))) expect(skipped.length).toBeGreaterThan(0);
    // What is whole in the file is read, unless it landed within something torn.
    const intact = (written.match(WHOLE) ?? []).map(
      (text) => parseJtl(Buffer.from(text, "latin1"), "x").samples.map(key)[0],
    );
    const missing = intact.filter(
      (one) => one !== undefined && !samples.some((sample) => key(sample) === one),
    );
    if (missing.length > 0) expect(skipped.length).toBeGreaterThan(0);
    if (Buffer.compare(mutated, original) !== 0 && skipped.length === 0) tally.silent++;
  }
  expect(tally.refused).toBeLessThan(500);
  // Flips within text and whole samples doubled cannot be seen.
  expect(tally.silent).toBeLessThan(1500);
});

test("500 mutated gzip files: an error, or what could be unpacked with its loss", async () => {
  const random = createRandom(13);
  // More than what is unpacked at once.
  const original = Buffer.concat(new Array(20).fill(file("jtl-jmeter-5.6.3/distributed-ok.csv")));
  const known = new Set(read(original).samples.map(key));
  const zipped = gzipSync(original);
  let damaged = 0;
  for (let round = 0; round < 500; round++) {
    const mutated = mutate(zipped, random);
    const skipped: SkippedInput[] = [];
    const samples: Sample[] = [];
    async function* chunks() {
      yield mutated;
    }
    try {
      for await (const batch of readSamples(chunks(), { source: "x" }, (loss) => skipped.push(loss)))
        samples.push(...batch);
    } catch (error) {
      expect((error as { code?: string }).code).toMatch(/^JTL_/);
      continue;
    }
    if (skipped.length > 0) damaged++;
    else expect(samples.filter((sample) => !known.has(key(sample)))).toEqual([]);
  }
  expect(damaged).toBeGreaterThan(100);
});
