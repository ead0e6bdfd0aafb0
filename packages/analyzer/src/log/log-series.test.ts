import { expect, test } from "vitest";
import { LogSeries, type SeriesSample } from "./log-series.ts";

const sample = (more: Partial<SeriesSample> = {}): SeriesSample => ({
  ...{ timeStampMs: 10_000, elapsedMs: 500, label: "home", responseCode: "200", success: true },
  ...{ sizeBytes: 100, sentBytes: 10, latencyMs: 400, connectMs: 5, activeThreads: 3 },
  ...more,
});

test("places samples by their end, with codes, labels, bytes and threads", () => {
  const series = new LogSeries();
  series.add(sample({ elapsedMs: 1500 }), 1);
  series.add(sample({ success: false, responseCode: "500", activeThreads: 7 }), 2);
  const slices = [...series.slices];
  expect(slices.map(({ from }) => from)).toEqual([10_000, 11_000]);
  expect(slices[0]?.group).toMatchObject({ count: 2, failed: 2, receivedBytes: 100, activeThreads: 7 });
  expect(slices[0]?.group.codes[series.codes.indexOf("500")]).toBe(2);
  expect(slices[0]?.group.codes[series.codes.indexOf("200")]).toBeUndefined();
  expect(slices[1]?.group.labels[series.labels.indexOf("home")]?.seconds).toBe(1.5);
  expect([...series.loads].map(({ from, group }) => [from, group.elapsed.seconds])).toEqual([
    [3, 1.5],
    [7, 0.5],
  ]);
  expect(series.coveredMs(10_000, 1000)).toBe(1000);
  expect(series.coveredMs(11_000, 1000)).toBe(500);
});

test("leaves out what the log does not tell", () => {
  const series = new LogSeries();
  const unknown = { latencyMs: Number.NaN, connectMs: Number.NaN, sentBytes: Number.NaN };
  series.add(sample({ ...unknown, activeThreads: Number.NaN }), 1);
  series.add(sample({ timeStampMs: Number.NaN }), 1);
  const [slice] = [...series.slices].map(({ group }) => group);
  expect(slice).toMatchObject({ count: 1, sentBytes: 0, activeThreads: Number.NaN });
  expect(slice?.latency.count).toBe(0);
});

test("tells apart 20 codes and 50 labels, and merges two logs in time", () => {
  const series = new LogSeries();
  for (let index = 0; index < 60; index++)
    series.add(sample({ responseCode: `${index}`, label: `${index}` }), 1);
  const [slice] = [...series.slices].map(({ group }) => group);
  expect(slice?.codes[series.codes.indexOf("other")]).toBe(40);
  expect(slice?.labels[series.labels.indexOf("other")]?.count).toBe(10);
  const later = new LogSeries();
  later.add(sample({ timeStampMs: 5_000_000 }), 1);
  series.merge(later);
  expect([...series.slices].reduce((sum, { group }) => sum + group.count, 0)).toBe(61);
  expect(series.coveredMs(0, 1e7)).toBe(5_000_500 - 10_000);
});

test("keeps the moments or the other times, so that one sample of 1970 stretches no axis", () => {
  const at = 1_700_000_000_000;
  const series = new LogSeries();
  for (const timeStampMs of [at, 0, at + 1000]) series.add(sample({ timeStampMs }), 1);
  const starts = (one: LogSeries) => [...one.slices].map(({ from }) => from);
  expect(starts(series)).toEqual([at, at + 1000]);
  expect(series.coveredMs(at, 1000)).toBe(1000);
  const copy = new LogSeries();
  copy.joinData(series.toData() as NonNullable<ReturnType<LogSeries["toData"]>>);
  expect(starts(copy)).toEqual([at, at + 1000]);
  copy.useTimes(false);
  expect(starts(copy)).toEqual([0]);
  const merged = new LogSeries();
  merged.merge(copy);
  merged.merge(series);
  expect(starts(merged)).toEqual([at, at + 1000]);
});

test("keeps names apart when it takes the samples of another series, which numbered them otherwise", () => {
  const [series, later] = [new LogSeries(), new LogSeries()];
  series.add(sample({ label: "a", responseCode: "200" }), 1);
  later.add(sample({ label: "b", responseCode: "404" }), 2);
  later.add(sample({ label: "a", responseCode: "200" }), 3);
  const copy = new LogSeries();
  copy.merge(series);
  copy.merge(later);
  series.joinData(later.toData() as NonNullable<ReturnType<LogSeries["toData"]>>);
  for (const one of [series, copy]) {
    const [slice] = [...one.slices].map(({ group }) => group);
    const codes = ["200", "404"].map((code) => slice?.codes[one.codes.indexOf(code)]);
    const labels = ["a", "b"].map((label) => slice?.labels[one.labels.indexOf(label)]?.count);
    expect([codes, labels]).toEqual([
      [4, 2],
      [4, 2],
    ]);
  }
});
