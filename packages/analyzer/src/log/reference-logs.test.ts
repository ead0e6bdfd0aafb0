import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { analyze } from "../analyze.ts";
import type { Sample } from "../core/sample.ts";
import { parseJtl } from "./parse-jtl.ts";

const bytesOf = (name: string) => readFileSync(new URL(`../../testdata/${name}`, import.meta.url));

// Counted from the files with grep: rows or samples, return codes other than 0, recorded as failed.
test.each([
  ["jtl-csv/00240c3__results10Full.csv", 10, 1, 0],
  ["jtl-csv/0fcbcbc__results4Full.csv", 4, 0, 0],
  ["jtl-csv/1bb4884__results4Seconds.csv", 4, 0, 0],
  ["jtl-csv/2375e84__results9FiveSeconds.csv", 9, 0, 0], // no header
  ["jtl-csv/276b339__results7Full.csv", 7, 0, 0],
  ["jtl-csv/380f05f__results1FiveSeconds.csv", 1, 0, 0],
  ["jtl-csv/4a71cbc__results6Full.csv", 6, 0, 0],
  ["jtl-csv/6e2b18a__results2Full.csv", 2, 0, 0],
  ["jtl-csv/8dd3f6c__results2Half.csv", 2, 0, 0],
  ["jtl-csv/9d67cd2__results9Full.csv", 9, 0, 0],
  ["jtl-csv/affacf1__results3.csv", 1, 0, 0],
  ["jtl-csv/b9bf35a__results10Half.csv", 10, 1, 0],
  ["jtl-csv/d340acd__results9FiveSeconds.csv", 9, 0, 0],
  ["jtl-csv/e0e5002__results9FiveSeconds.csv", 9, 0, 0],
  ["jtl-jmeter-5.6.3/appended-two-runs.xml", 12, 0, 0],
  ["jtl-jmeter-5.6.3/distributed-ok.csv", 120, 0, 0],
  ["jtl-jmeter-5.6.3/distributed-ok.xml", 120, 0, 0],
  ["jtl-jmeter-5.6.3/faults.csv", 13, 7, 6],
  ["jtl-jmeter-5.6.3/faults.xml", 13, 7, 6],
  ["jtl-jmeter-5.6.3/slave-killed.csv", 96, 0, 0],
  ["jtl-jmeter-5.6.3/slave-killed.xml", 96, 0, 0],
  ["jtl-xml/b9acafd__result.xml", 9, 0, 0],
  ["jtl-xml/bfdf17b__result.xml", 2, 1, 0],
])("%s: %i samples, %i return codes other than 0, %i failures", (name, count, codes, failures) => {
  const { samples, skipped } = parseJtl(bytesOf(name), name);
  expect(skipped).toEqual([]);
  expect(samples.length).toBe(count);
  expect(samples.filter(({ responseCode }) => responseCode !== "0").length).toBe(codes);
  expect(samples.filter(({ success }) => !success).length).toBe(failures);
  for (const { timeStampMs, elapsedMs, label, threadName } of samples) {
    expect(timeStampMs).toBeGreaterThan(1.6e12);
    expect(elapsedMs).toBeGreaterThan(0);
    expect(label).not.toBe("");
    expect(threadName).toMatch(/\d+-\d+$/);
  }
});

test.each(["distributed-ok", "slave-killed", "faults"])("%s: CSV and XML say the same", (name) => {
  const bare = ({ responseData: _, hostname: __, ...sample }: Sample) => JSON.stringify(sample);
  const [csv, xml] = ["csv", "xml"].map((kind) =>
    parseJtl(bytesOf(`jtl-jmeter-5.6.3/${name}.${kind}`), name)
      .samples.map(bare)
      .sort(),
  );
  expect(csv).toEqual(xml);
});

test("references that XML 1.0 forbids, and broken UTF-8, are read", () => {
  const { samples } = parseJtl(bytesOf("jtl-jmeter-5.6.3/faults.xml"), "faults.xml");
  const data = (label: string) => samples.find((sample) => sample.label === label)?.responseData;
  expect(data("ctrl")).toBe("a\u0001b\u0000c\u001b[31mred\u001b[0m\b\f\u007f\ttab\r\nnl\nend");
  expect(data("badutf8")).toBe("x\ufffd\ufffdy\u0085z 😀 \ufffd \uffff");
  expect(data("ok")).toBe('hello & <b>"q"</b> ]]> é €\n');
  expect(data('csv "q", comma\nnewline')).toBe("a,b\nc\n");
});

test.each([
  ["jtl-csv/00240c3__results10Full.csv", "10.75.4.82-Thread Group 1-5"],
  ["jtl-csv/b9bf35a__results10Half.csv", "10.75.4.82-Thread Group 1-3"],
  ["jtl-xml/bfdf17b__result.xml", "10.75.4.82-Thread Group 1-1"],
])("%s: the crashed client that was recorded as a success is named", (source, thread) => {
  const input = { users: 10, thinkTimeSeconds: 0, repetition: 1, source, text: bytesOf(source).toString() };
  const labelled = analyze([input]).summary;
  expect(labelled.cells[0]?.crashedClients).toBe(1);
  const unlabelled = analyze([{ ...input, isConditionInferred: true }]).summary;
  expect(unlabelled.cells).toEqual([]);
  expect(unlabelled.labels).toMatchObject([{ label: "OS Process Sampler", errors: 1 }]);
  for (const [{ warnings }, crash] of [
    [labelled, "CLIENT_CRASHED"],
    [unlabelled, "PROCESS_FAILED"],
  ] as const) {
    const crashes = warnings.filter(({ code }) => code === crash);
    expect(crashes.length).toBe(1);
    expect(crashes[0]?.message).toContain(
      `${thread} ended with return code 1; JMeter recorded it as a success`,
    );
  }
});

test("the reports of a run of 9 clients are in its cell, whoever labels it", () => {
  const source = "jtl-xml/b9acafd__result.xml";
  const { summary } = analyze([
    {
      users: 9,
      thinkTimeSeconds: 5,
      repetition: 1,
      source,
      isConditionInferred: true,
      text: bytesOf(source).toString(),
    },
  ]);
  expect(summary.labels).toEqual([]);
  expect(summary.cells).toMatchObject([
    { clients: 9, crashedClients: 0, requests: { sent: 333, successful: 325, failed: 8 } },
  ]);
});
