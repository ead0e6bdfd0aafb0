import { describe, expect, it } from "vitest";
import { parseJtl } from "../log/parse-jtl.ts";

const log = `<?xml version="1.0" encoding="UTF-8"?>
<testResults version="1.2">
<sample t="19" ts="1795426865839" s="true" lb="a &quot;q&quot;" rc="0" rm="OK" tn="Users 1-1" by="30" hn="vm">
  <responseData class="java.lang.String">hello &amp; &lt;b&gt; ]]&gt; &#x0;&#x1b;&#xffff;&#xd;
end</responseData>
</sample>
<httpSample t="5" ts="1795426865866" s="false" lb="outer" rc="500" rm="no" tn="Users 1-2" by="8">
  <assertionResult>
    <name>status</name>
    <failure>true</failure>
    <error>false</error>
    <failureMessage>500 &gt; 399</failureMessage>
  </assertionResult>
  <httpSample t="2" ts="1795426865867" s="true" lb="inner" rc="200" rm="OK" tn="Users 1-2" by="4">
    <responseData class="java.lang.String">&lt;p&gt;</responseData>
  </httpSample>
  <responseHeader class="java.lang.String">HTTP/1.1 500</responseHeader>
  <responseData class="java.lang.String">outer&apos;s</responseData>
  <java.net.URL>http://127.0.0.1/</java.net.URL>
</httpSample>
<sample lb='single "quotes" > raw' t="1" by="0" tn="Users 1-3" s="true" rc="0" rm="" ts="1795426865900"/>

</testResults>
`;

describe("parseJtl() of XML", () => {
  it("reads top-level samples: forbidden references, sub-results, assertions, any attribute order", () => {
    const { samples, skipped } = parseJtl(log, "x.xml");
    expect(skipped).toEqual([]);
    expect(samples.map((sample) => sample.label)).toEqual(['a "q"', "outer", 'single "quotes" > raw']);
    expect(samples[0]?.responseData).toBe("hello & <b> ]]> \u0000\u001b\uffff\r\nend");
    expect(samples[1]).toMatchObject({
      responseCode: "500",
      success: false,
      elapsedMs: 5,
      failureMessage: "500 > 399",
      responseData: "outer's",
    });
    expect(samples[1]?.subSamples).toMatchObject([{ label: "inner", elapsedMs: 2, success: true }]);
    expect(samples[2]).toEqual({
      timeStampMs: 1795426865900,
      elapsedMs: 1,
      label: 'single "quotes" > raw',
      responseCode: "0",
      responseMessage: "",
      threadName: "Users 1-3",
      success: true,
      sizeBytes: 0,
    });
  });

  it("invents no sample and reports every loss, wherever the log is cut", () => {
    const whole = parseJtl(log, "x.xml").samples;
    for (let cut = log.indexOf("<testResults") + 20; cut < log.length - 2; cut++) {
      const { samples, skipped } = parseJtl(log.slice(0, cut), "x.xml");
      expect(samples).toEqual(whole.slice(0, samples.length));
      expect(skipped.length).toBeGreaterThan(0);
    }
  });

  it("uses the whole samples of a log whose beginning is missing", () => {
    const whole = parseJtl(log, "x.xml").samples;
    for (let cut = log.indexOf("<sample") + 1; cut < log.lastIndexOf("<sample") - 1; cut++) {
      const { samples, skipped } = parseJtl(log.slice(cut), "x.xml");
      // A cut before the sub-result leaves it looking like a sample of its own.
      const top = samples.filter(({ label }) => label !== "inner");
      expect(top).toEqual(whole.slice(whole.length - top.length));
      expect(top.length).toBeGreaterThan(0);
      expect(skipped.length).toBeGreaterThan(0);
    }
  });

  it("reads CDATA, comments and a byte order mark that others write", () => {
    const text = `\ufeff<?xml version="1.0"?><!-- <sample> --><testResults><sample t="1" ts="2" s="true" lb="x"><responseData>a<![CDATA[<b>&amp;]]>&lt;c</responseData></sample></testResults>`;
    const { samples, skipped } = parseJtl(text, "x.xml");
    expect(skipped).toEqual([]);
    expect(samples.map((sample) => sample.responseData)).toEqual(["a<b>&amp;<c"]);
  });

  it.each(["<!--", "<![CDATA[", "<?x "])("comes to the end of a log with a million torn %s", (begin) => {
    const { samples, skipped } = parseJtl(
      log.replace("</testResults>", `${begin.repeat(1e6)}</testResults>`),
      "x.xml",
    );
    expect(samples.length).toBe(parseJtl(log, "x.xml").samples.length);
    expect(skipped.map(({ reason }) => reason)).toContainEqual(expect.stringContaining("unexpected bytes"));
  });

  it("reads two logs one behind the other, the first of them not closed", () => {
    const labels = ['a "q"', "outer", 'single "quotes" > raw'];
    const both = parseJtl(log + log, "x.xml");
    expect(both.skipped).toEqual([]);
    expect(both.samples.map(({ label }) => label)).toEqual([...labels, ...labels]);
    const open = parseJtl(log.replace("</testResults>", "") + log, "x.xml");
    expect(open.samples.map(({ label }) => label)).toEqual([...labels, ...labels]);
    expect(open.skipped.map(({ reason }) => reason)).toEqual([
      "a run begins although the log before it was not closed",
    ]);
  });

  it.each([
    ["on the next line", "en"],
    ["on its own line", "en\n"],
  ])("goes on with the next sample after one that is torn, %s", (_where, rest) => {
    const whole = "end</responseData>\n</sample>";
    const torn = log.replace(rest === "en" ? whole : `${whole}\n`, "en");
    const { samples, skipped } = parseJtl(torn, "x.xml");
    expect(samples.map((sample) => sample.label)).toEqual(["outer", 'single "quotes" > raw']);
    expect(skipped).toEqual([
      { source: "x.xml", position: `byte ${log.indexOf("<sample") + 1}`, reason: "the sample does not end" },
    ]);
  });

  it("reads a sample without a time stamp, as a CSV log without that column is read", () => {
    const { samples, skipped } = parseJtl('<testResults><sample t="1" lb="x"/></testResults>', "x.xml");
    expect(samples).toMatchObject([{ elapsedMs: 1, label: "x" }]);
    expect(samples[0]).not.toHaveProperty("timeStampMs");
    expect(skipped).toEqual([]);
  });
});
