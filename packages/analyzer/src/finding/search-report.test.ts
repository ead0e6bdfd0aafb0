import { expect, it } from "vitest";
import { searchSection } from "../report/sections/search.ts";
import { testSearch } from "../testing/searches.ts";
import { formatDuration, renderSearchAnswer } from "./render-answer.ts";

it("prints the answer with its interval, its price, and why the next number fails", () => {
  const search = testSearch();
  const lines = renderSearchAnswer(search).trimEnd().split("\n");
  expect(lines[0]).toMatch(
    /^(?:9|10) users \(95% confident: at least \d+, at most \d+\), \d+ runs, \d+ min; a sweep up to 1\.5 times that, three runs each, would take about \d+ min\.$/,
  );
  expect(lines[1]).toMatch(/^ {2}1\d users fail: p95 2\.\d+ s \(\d+ runs: 2\.\d+ to 2\.\d+\)\.$/);
});

it("labels the model's predictions", () => {
  const prediction = { queueingShare: 0.71, replicas: { count: 2, conservativeUsers: 13, users: 15 } };
  const text = renderSearchAnswer({ ...testSearch(), prediction });
  expect(text).toMatch(/At \d+ users, 71% of the response time is queueing \(by the queueing model\)\./);
  expect(text).toContain("2 replicas: 13 to 15 users predicted, not measured.");
});

it("says so if the host changed during many runs", () => {
  const { probes, ...search } = testSearch();
  expect(renderSearchAnswer({ ...search, probes })).not.toContain("The host changed");
  const changed = probes.map((probe, index) =>
    index % 3 === 0 ? { ...probe, hasChanged: true as const } : probe,
  );
  expect(renderSearchAnswer({ ...search, probes: changed })).toMatch(
    /The host changed during \d+ of \d+ runs: /,
  );
});

it("says between which numbers an undecided answer lies, and what would decide it", () => {
  const text = renderSearchAnswer(testSearch(8 * 60));
  expect(text).toMatch(
    /^Not decided: between \d+ and \d+ users \((?:neither end is shown|95% confident: at [a-z]+ \d+)\), 8 runs, 8 min\.\n/,
  );
  expect(text).toMatch(/About \d+ more runs? would decide: raise --budget\./);
});

it("has one value per criterion in every probe and every point of the curve, all finite", () => {
  const { criteria, probes, curve } = testSearch();
  for (const { values } of [...probes, ...curve]) {
    expect(values).toHaveLength(criteria.length);
    expect(values.every(Number.isFinite)).toBe(true);
  }
});

it("shows the search in the report, with a figure and its numbers, and escapes what a file says", () => {
  const search = { ...testSearch(), goal: "p95<2s</script>" };
  const [section] = searchSection(search);
  expect(section).toMatchObject({ id: "search", preview: expect.stringMatching(/^\d+ users$/) });
  expect(section?.html).toContain("p95&lt;2s&lt;/script&gt;");
  expect(section?.html).toContain("<svg");
  expect(section?.html).toContain(search.probes.at(-1)?.cell);
  expect(searchSection(undefined)).toEqual([]);
});

it("writes times as people read them", () => {
  expect([45, 1260, 11_100].map(formatDuration)).toEqual(["45 s", "21 min", "3 h 05 min"]);
});
