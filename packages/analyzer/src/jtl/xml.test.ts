import { describe, expect, it } from "vitest";
import { parseXmlJtl } from "./xml.ts";

const log = `<?xml version="1.0" encoding="UTF-8"?>
<testResults version="1.2">
<sample t="19" ts="1795426865839" s="true" lb="a &quot;q&quot;" rc="0" rm="OK" tn="Users 1-1" by="30" hn="vm">
  <responseData class="java.lang.String">hello &amp; &lt;b&gt; ]]&gt; &#x0;&#x1b;&#xffff;&#xd;
end</responseData>
</sample>
<httpSample t="5" ts="1795426865866" s="false" lb="outer" rc="500" rm="no" tn="Users 1-2" by="8">
  <httpSample t="2" ts="1795426865867" s="true" lb="inner" rc="200" rm="OK" tn="Users 1-2" by="4"/>
</httpSample>
<sample t="1" ts="1795426865900" s="true" lb="empty" rc="0" rm="OK" tn="Users 1-3" by="0"/>

</testResults>
`;

describe("parseXmlJtl()", () => {
  it("reads top-level samples with references that XML 1.0 forbids, nested and empty ones", () => {
    const { samples, lost } = parseXmlJtl(log, "x.xml");
    expect(lost).toEqual([]);
    expect(samples.map((sample) => sample.label)).toEqual(['a "q"', "outer", "empty"]);
    expect(samples[0]?.responseData).toBe("hello & <b> ]]> \u0000\u001b\uffff\r\nend");
    expect(samples[1]).toMatchObject({ responseCode: "500", success: false, elapsedMs: 5 });
  });

  it("invents no sample and reports every loss, wherever the log is cut", () => {
    const whole = parseXmlJtl(log, "x.xml").samples;
    for (let cut = log.indexOf("<testResults") + 20; cut < log.length - 2; cut++) {
      const { samples, lost } = parseXmlJtl(log.slice(0, cut), "x.xml");
      expect(samples).toEqual(whole.slice(0, samples.length));
      expect(lost.length).toBeGreaterThan(0);
    }
  });

  it("counts a sample without its time stamp as lost", () => {
    const { samples, lost } = parseXmlJtl('<testResults><sample t="1" lb="x"/></testResults>', "x.xml");
    expect(samples).toEqual([]);
    expect(lost).toEqual([
      { source: "x.xml", place: "character 14", reason: "timeStamp is missing, not a number" },
    ]);
  });
});
