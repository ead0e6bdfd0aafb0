import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import type { Chart, Layer, Mark } from "./chart.ts";
import { renderChart } from "./render.ts";

/** A panel of 100 × 100 pixels from 0 to 10 on both axes. */
const chartOf = (...marks: readonly Mark[]): Chart => ({
  title: "A < B & C",
  ...{ widthPx: 200, heightPx: 200 },
  series: [{ name: 'first "one"', color: 8, swatch: ["line", "circle"], dash: "dashed" }],
  panels: [
    {
      ...{ leftPx: 50, topPx: 50, widthPx: 100, heightPx: 100 },
      x: { label: "time (s)", min: 0, max: 10 },
      y: { label: "share (%)", min: 0, max: 10 },
      layers: marks.map((mark): Layer => ({ series: 0, mark })),
    },
  ],
});
const bars: Mark = { kind: "bars", bars: [{ place: 1, low: 2, high: 5, text: "three" }] };

describe("renderChart()", () => {
  test("is well-formed XML whatever the texts are, for the page and for a file", () => {
    const chart = chartOf({
      kind: "points",
      symbol: "diamond",
      points: [{ x: 1, y: 2, text: "<&>\u001b\uffff\u0085" }],
    });
    for (const forFile of [false, true]) {
      const svg = renderChart(chart, { forFile });
      expect(XMLValidator.validate(svg)).toBe(true);
      expect(svg).toContain("<title>&lt;&amp;&gt;\ufffd\ufffd\ufffd</title>");
      expect(svg).toContain('aria-label="A &lt; B &amp; C"');
    }
  });

  test("describes axes and series for people who do not see the chart", () => {
    const { svg } = new XMLParser().parse(renderChart(chartOf())) as { svg: { desc: string } };
    expect(svg.desc).toContain("x: time (s), 0 to 10. y: share (%), 0 to 10. Shown: first");
  });

  test("gives every layer its series, the palette's class and its colour", () => {
    const svg = renderChart(chartOf({ kind: "line", points: [[0, 0]] }));
    // The ninth colour is the second one again.
    expect(svg).toContain('<g class="c1" stroke="#d55e00" fill="#d55e00" data-series="0">');
  });

  test("refers the page to values only in panels with lines to read", () => {
    const line = { kind: "line", points: [[0, 0] as const] } as const;
    expect(renderChart(chartOf(line, bars))).not.toContain("data-panel");
    const svg = renderChart(chartOf({ ...line, isReadable: true }));
    const [, json = ""] = /data-panel="([^"]*)"/.exec(svg) ?? [];
    expect(JSON.parse(json.replaceAll("&quot;", '"'))).toEqual({
      x: { label: "time (s)", isWhole: false, domain: [0, 10], lengthPx: 100 },
      y: { label: "share (%)", isWhole: false, domain: [0, 10], lengthPx: 100 },
    });
  });

  test("adds background and legend to a file, below the chart", () => {
    const [page, file] = [renderChart(chartOf()), renderChart(chartOf(), { forFile: true })];
    expect(page).not.toContain("#ffffff");
    expect(page).not.toContain(">first &quot;one&quot;</text>");
    expect(file).toContain('fill="#ffffff"');
    expect(file).toContain(">first &quot;one&quot;</text>");
    expect(file).toContain('viewBox="0 0 200 228"');
  });

  test.each<[string, Mark, string]>([
    [
      "a line breaks at NaN, and a piece of one point is a dot",
      {
        kind: "line",
        points: [
          [0, 0],
          [5, 10],
          [6, Number.NaN],
          [10, 5],
        ],
      },
      '<polyline points="0,100 50,0"/><polyline points="100,50 100,50"/>',
    ],
    [
      "a stepped line keeps each value until the next",
      {
        kind: "line",
        isStepped: true,
        points: [
          [0, 2],
          [5, 4],
        ],
      },
      'points="0,80 50,80 50,60"',
    ],
    [
      "an area lies between its edges",
      {
        kind: "area",
        ranges: [
          { x: 0, low: 1, high: 3 },
          { x: 10, low: 2, high: 4 },
        ],
      },
      'points="0,70 100,60 100,80 0,90"',
    ],
    [
      "intervals are upright bars",
      { kind: "intervals", ranges: [{ x: 5, low: 1, high: 3 }] },
      'd="M50 90V70"',
    ],
    ["a bar reaches from low to high", bars, '<rect x="-20" y="50" width="60" height="30"><title>three'],
    [
      "a box has whiskers",
      { kind: "boxes", boxes: [{ place: 5, values: [1, 2, 3, 4, 5], text: "" }] },
      'd="M10 43V57M50 43V57M10 50H20M40 50H50M20 43H40V57H20ZM30 43V57"',
    ],
  ])("%s", (_, mark, expected) => {
    expect(renderChart(chartOf(mark))).toContain(expected);
  });

  test("rejects a layer of a series that does not exist", () => {
    const chart = { ...chartOf(bars), series: [] };
    expect(() => renderChart(chart)).toThrow(RangeError);
  });
});
