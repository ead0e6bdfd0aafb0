import { expect, test } from "vitest";
import { analyze } from "../../analyze.ts";
import { parseLog } from "../../log/log.ts";
import { parseThreshold } from "../../thresholds/threshold.ts";
import { formatDuration } from "./answer.ts";
import { renderLogReport } from "./log-report.ts";

const HEAD = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success,bytes,sentBytes";
const analysisOf = (...logs: readonly (readonly string[])[]) =>
  analyze(
    logs.map((rows, index) => {
      const source = `logs/${index + 1}.csv`;
      const log = parseLog(`${[HEAD, ...rows].join("\n")}\n`, source, { keepSeries: true });
      return { users: 1, thinkTimeSeconds: 0, repetition: 1, source, log, isConditionInferred: true };
    }),
  );
const row = (second: number, elapsed: number, label: string, code = 200) =>
  `${1_700_000_000_000 + 1000 * second},${elapsed},${label},${code},${code === 200 ? "OK" : "<Bad & worse>"},Users 1-1,${code === 200},2000,500`;

/** The cells of a table's row, by its first one. */
function cellsOf(page: string, first: string): readonly string[] {
  const rows = [...page.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, cells = ""]) =>
    [...cells.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, text = ""]) => text),
  );
  return rows.find(([name]) => name === first) ?? [];
}

const mixed = analysisOf([row(0, 400, "a"), row(1, 600, "a"), row(2, 2000, "b"), row(3, 100, "b", 500)]);

test("the table of labels has a total, error rates, bytes and Apdex", () => {
  const page = renderLogReport(mixed);
  // Samples, errors, error %, mean … and Apdex: one satisfied, one tolerating; one too slow, one failed.
  expect(cellsOf(page, "a").slice(1, 5)).toEqual(["2", "0", "0.00", "0.500"]);
  expect(cellsOf(page, "a").at(-1)).toBe("0.750");
  expect(cellsOf(page, "b").slice(1, 4)).toEqual(["2", "1", "50.00"]);
  expect(cellsOf(page, "b").at(-1)).toBe("0.000");
  expect(cellsOf(page, "Total").slice(1, 4)).toEqual(["4", "1", "25.00"]);
  // Four samples from 0 s to 4 s (2 s + 2 s): 2 kB/s received, 0.5 kB/s sent.
  expect(cellsOf(page, "Total").slice(-3)).toEqual(["2.00", "0.50", "0.375"]);
});

test("Apdex has the limits that are set, and states them", () => {
  const page = renderLogReport(mixed, { apdex: { satisfied: 0.6, tolerated: 2 } });
  expect(cellsOf(page, "a").at(-1)).toBe("1.000");
  // One tolerating, one failed.
  expect(cellsOf(page, "b").at(-1)).toBe("0.250");
  expect(page).toContain("satisfied up to 0.6 s, tolerating up to 2 s, failed samples frustrated.");
  expect(renderLogReport(mixed)).toContain("(JMeter's defaults; --apdex sets others)");
});

test("names errors with their message as text, not as markup", () => {
  const page = renderLogReport(mixed);
  expect(page).toContain("500 &lt;Bad &amp; worse&gt;");
  expect(page).not.toContain("<Bad");
});

test("passes, fails, or says that no limits are set", () => {
  const wordOf = (...texts: readonly string[]) =>
    /class="pill">([^<]*)</.exec(renderLogReport(mixed, { thresholds: texts.map(parseThreshold) }))?.[1];
  expect(wordOf()).toBe("No limits set");
  expect(wordOf("errors<30%")).toBe("✓ Passes");
  expect(wordOf("errors<30%", "label(a).p95<100ms")).toBe("✕ Fails");
});

test("several logs make one page, by their time", () => {
  const page = renderLogReport(analysisOf([row(0, 100, "a")], [row(60, 300, "a")]));
  expect(page).toContain("<h1>What does 1.csv and 1 more show?</h1>");
  expect(page).toContain("60.3 s");
  expect(cellsOf(page, "a").slice(1, 2)).toEqual(["2"]);
});

test("a page without samples says so", () => {
  expect(renderLogReport(analyze([]))).toContain("No samples.");
});

test.each([
  [0.5, "0.5 s"],
  [119, "119 s"],
  [1800, "30 min"],
  [7500, "2 h 5 min"],
  [7200, "2 h"],
])("formatDuration(%d) is %s", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
