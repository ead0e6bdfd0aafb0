import { Buffer } from "node:buffer";
import fc from "fast-check";
import { expect, it, test } from "vitest";
import type { ReportedSample } from "../core/sample.ts";
import { sampleAt } from "../jtl/row-batch.ts";
import type { SampleSink } from "../jtl/sink.ts";
import { JtlReader } from "../log/jtl-reader.ts";

/** The samples of a log without their response data, what was skipped, and how many were plain. */
function read(bytes: Uint8Array, chunkBytes: number, needsOutput: boolean) {
  const samples: Omit<ReportedSample, "responseData" | "report">[] = [];
  let plain = 0;
  const sink: SampleSink = {
    needsOutput,
    needsMessages: true,
    take: ({ responseData: _, report: __, ...sample }) => void samples.push(sample),
    count: (batch) => {
      plain += batch.rows;
      for (let row = 0; row < batch.rows; row++) samples.push(sampleAt(batch, row));
    },
  };
  const reader = new JtlReader({ source: "x.xml", responseData: "reports" }, sink);
  for (let at = 0; at < bytes.length; at += chunkBytes) reader.push(bytes.slice(at, at + chunkBytes));
  const skipped = reader.end();
  return { found: { samples, skipped, warnings: reader.warnings }, plain };
}

const attribute = fc.constantFrom(
  'by="12"',
  'by="1.5"',
  'by=""',
  "by='12'",
  'sby="7"',
  'sby="-1"',
  'lt="3"',
  'ct="99999999999"',
  'na="4"',
  'hn="host-1"',
  'sc="1"',
  'sc="3" ec="2"',
  'rc="200"',
  'rm="OK"',
  'rm="Number of samples in transaction : 2, number of failing samples : 0"',
  'rm="a &amp; b"',
  'rm="caf\u00e9"',
  'rm=">"',
  'de="utf-8"',
  'dt = "text"',
  'lb="other"',
  'x="y"  z="w"',
  '="x"',
  'a[="x"',
);
const attributes = fc
  .tuple(
    fc.constantFrom(...Array.from({ length: 12 }, () => 't="5" '), 't="x" ', 't="5.5" ', ""),
    fc.integer({ min: 0, max: 1e6 }).map((ms) => `ts="${1_700_000_000_000 + ms}" `),
    fc.constantFrom('s="true"', 's="true"', 's="false"', 's="yes"'),
    fc.constantFrom('lb="GET /"', 'lb="POST /a b"', 'lb="a &lt; b"'),
    fc.array(attribute, { maxLength: 3 }),
  )
  .map(
    ([elapsed, stamp, success, label, more]) => `${elapsed}${stamp}${[success, label, ...more].join(" ")}`,
  );
const TEXT = ' class="java.lang.String"';
const usualChild = fc.constantFrom(
  "",
  `  <responseData${TEXT}>a page\nof &lt;lines&gt;</responseData>\n`,
  `  <responseData${TEXT}>Elapse slbench.client-repor/ slbench.client/</responseData>\n`,
  "  <java.net.URL>http://127.0.0.1/</java.net.URL>\n",
  `  <responseHeader${TEXT}>HTTP/1.1 200 OK\ncontent-type: text/html</responseHeader>\n`,
  `  <cookies${TEXT}/>\n`,
  `  <queryString${TEXT}></queryString>\n`,
);
const oddChild = fc.constantFrom(
  `  <responseData${TEXT}/>\n`,
  `  <responseData${TEXT}>${"long ".repeat(9000)}</responseData>\n`,
  `  <responseData${TEXT}>Elapsed time: 5</responseData>\n`,
  `  <responseData${TEXT}>{&quot;schema&quot;:&quot;slbench.client-report/9&quot;}</responseData>\n`,
  `  <responseData${TEXT}><![CDATA[\n<sample t="1" lb="no" s="true"/>\n]]></responseData>\n`,
  `  <responseData${TEXT}>zero \0</responseData>\n`,
  "  <method>GET\0</method>\n",
  "  <method>GET</methods>\n",
  '  <method lb="x" t="1">GET</method>\n',
  "  <assertionResult>\n    <failure>true</failure>\n    <failureMessage>no</failureMessage>\n  </assertionResult>\n",
  '  <httpSample t="1" lb="part" s="true"/>\n',
  "  text\n",
  '<sample t="5" ts="1700000000000" s="true" lb="torn" tn="Users',
);
const sample = fc
  .tuple(
    fc.constantFrom("sample", "httpSample"),
    attributes,
    fc.array(fc.oneof({ weight: 15, arbitrary: usualChild }, { weight: 1, arbitrary: oddChild }), {
      maxLength: 3,
    }),
    fc.constantFrom(...Array.from({ length: 20 }, () => "\n"), "\r\n", "", " \n", "\n  ", "stray\n"),
  )
  .map(([name, written, children, end]) =>
    children.length === 0
      ? `<${name} ${written}/>${end}`
      : `<${name} ${written}>\n${children.join("")}</${name}>${end}`,
  );

it("finds the same samples and skips the same input, whether they are only counted or not, however the bytes are cut", () => {
  let [plain, all] = [0, 0];
  const log = fc.array(sample, { maxLength: 30, size: "max" });
  fc.assert(
    fc.property(log, fc.integer({ min: 1, max: 5000 }), (samples, chunkBytes) => {
      const text = `<?xml version="1.0"?>\n<testResults version="1.2">\n${samples.join("")}</testResults>\n`;
      const bytes = Buffer.from(text);
      const counted = read(bytes, chunkBytes, false);
      plain += counted.plain;
      all += counted.found.samples.length;
      expect(counted.found).toEqual(read(bytes, chunkBytes, true).found);
    }),
    { numRuns: 1500 },
  );
  expect(plain).toBeGreaterThan(0.15 * all);
});

test.each([
  ['<sample t="5" ts="1700000000000" s="true" lb="a"/>', 1],
  [`<httpSample t="5" ts="1700000000000" s="true"><responseData${TEXT}>x</responseData></httpSample>`, 1],
  ["<sample t='5' ts='1700000000000' s='true'/>", 0],
  ['<sample t="5" ts="1700000000000" s="true"><assertionResult/></sample>', 0],
  ['<sample t="5" ts="1700000000000" s="true"></httpSample>', 0],
])("%s: %i plain", (written, plain) => {
  const bytes = Buffer.from(`<testResults version="1.2">\n${written}\n</testResults>\n`);
  expect(read(bytes, bytes.length, false).plain).toBe(plain);
});
