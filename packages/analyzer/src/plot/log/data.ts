import type { LabelValues } from "../../log/label-values.ts";
import type { LogSeries } from "../../log/log-series.ts";
import { OTHER_NAMES } from "../../log/name-numbers.ts";
import type { Slice } from "../../log/slice.ts";
import { axisEnd } from "../axis-end.ts";
import type { Point } from "../chart/chart.ts";
import { type AxisUnit, unitOf } from "../time-unit.ts";

/** What a plain log's figures are made of. */
export interface LogPlot {
  readonly series: LogSeries;
  /** Its slices; absent if the log has no times. */
  readonly times?: LogTimes;
  /** Labels of requests, without transactions, most samples first. */
  readonly labels: readonly LabelValues[];
  /** All of them together. */
  readonly total: LabelValues;
}

/** The slices of a log's time, ready to draw. */
export interface LogTimes {
  readonly slices: readonly TimedSlice[];
  /** Names by the numbers that the slices have. */
  readonly codes: readonly string[];
  readonly labels: readonly string[];
  /** Of one slice, seconds. */
  readonly sliceSeconds: number;
  readonly unit: AxisUnit;
  /** In that unit. */
  readonly end: number;
}

interface TimedSlice {
  /** Its middle, in the axis' unit. */
  readonly at: number;
  readonly slice: Slice;
  /** How much of it the log covers, seconds: less than its width at both ends. */
  readonly coveredSeconds: number;
  /** That is too little to draw its values: a few samples would look like a peak or a dip. */
  readonly isPartial: boolean;
}

/** Samples that a slice should have on average, if that leaves enough slices: ten of them lie beyond its p95. */
const WANTED_SAMPLES = 200;
const LEAST_SLICES = 60;
/** Slices of the whole time, those without samples included. */
const MAX_SLICES = 600;
/** The part of a slice that the log must cover to have its values drawn. */
const LEAST_COVER = 0.5;
/** Of fewer slices all are drawn. */
const FEW_SLICES = 3;

/** Undefined if the log has no times. */
export function logTimes(series: LogSeries): LogTimes | undefined {
  const slices = series.slices.coarsened(coarsening(series));
  const all = [...slices];
  const [first, last] = [all[0], all.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const seconds = (last.from + slices.width - first.from) / 1000;
  const unit = unitOf(seconds);
  const place = (fromMs: number) => (fromMs + slices.width / 2 - first.from) / 1000 / unit.seconds;
  return {
    slices: all.map(({ from, group }) => {
      const coveredMs = series.coveredMs(from, slices.width);
      return {
        ...{ at: place(from), slice: group, coveredSeconds: coveredMs / 1000 },
        isPartial: all.length >= FEW_SLICES && coveredMs < LEAST_COVER * slices.width,
      };
    }),
    ...{ codes: series.codes, labels: series.labels },
    sliceSeconds: slices.width / 1000,
    unit,
    end: seconds / unit.seconds,
  };
}

function coarsening({ slices }: LogSeries): number {
  const all = [...slices];
  const samples = all.reduce((sum, { group }) => sum + group.count, 0);
  const wanted = Math.ceil((WANTED_SAMPLES * all.length) / Math.max(1, samples));
  const forQuantiles = Math.min(wanted, Math.floor(all.length / LEAST_SLICES));
  // Logs that lie days apart have few slices with samples, each of them thinner than a pixel.
  const spanMs = (all.at(-1)?.from ?? 0) - (all[0]?.from ?? 0);
  return Math.max(1, forQuantiles, Math.ceil(spanMs / slices.width / MAX_SLICES));
}

/** A number per slice, without partial ones; where slices are missing, nothing ended. */
export const overTime = (times: LogTimes, readSlice: (slice: Slice) => number): readonly Point[] =>
  readOverTime(times, readSlice, Number.NaN);

/** As overTime(), for any value. @param missing stands for slices that are missing */
export function readOverTime<T>(
  times: LogTimes,
  readSlice: (slice: Slice) => T,
  missing: T,
): readonly (readonly [at: number, value: T])[] {
  const step = times.sliceSeconds / times.unit.seconds;
  return times.slices.flatMap(({ at, slice, isPartial }, index): readonly (readonly [number, T])[] => {
    if (isPartial) return [];
    const before = times.slices[index - 1]?.at ?? at;
    const value = [at, readSlice(slice)] as const;
    return at - before > 1.5 * step ? [[at - step, missing], value] : [value];
  });
}

/** An amount per slice as a rate per second, without partial ones. */
export function rateOverTime(times: LogTimes, amountOf: (slice: Slice) => number): readonly Point[] {
  const step = times.sliceSeconds / times.unit.seconds;
  return times.slices.flatMap(({ at, slice, coveredSeconds, isPartial }, index): readonly Point[] => {
    const before = times.slices[index - 1]?.at ?? at;
    const isEmpty = at - before > 1.5 * step;
    const gap: readonly Point[] = isEmpty
      ? [
          [before + step, 0],
          [at - step, 0],
        ]
      : [];
    return isPartial ? gap : [...gap, [at, amountOf(slice) / coveredSeconds]];
  });
}

/** The upper end of an axis that a few far longer values do not stretch. */
export function ceilingOf(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const longest = sorted.at(-1) ?? 0;
  const usual = sorted[Math.floor(0.97 * (sorted.length - 1))] ?? 0;
  return axisEnd(longest, usual);
}

/** What nearly all successful samples do not exceed: the longest 99th percentile of some labels, seconds. */
export const usualSeconds = (labels: readonly LabelValues[]): number =>
  Math.max(0, ...labels.map((values) => values.successfulQuantiles([0.99])[0] ?? 0));

/** Lines that one figure tells apart. */
export const MAX_LINES = 7;

/** Numbers of the return codes of all slices, the most frequent first. */
export function codesOf({ slices, codes }: LogTimes): readonly number[] {
  const counts = codes.map((_, code) => slices.reduce((sum, { slice }) => sum + (slice.codes[code] ?? 0), 0));
  return [...counts.keys()]
    .filter((code) => (counts[code] ?? 0) > 0)
    .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0))
    .slice(0, MAX_LINES);
}

/** Labels that slices tell apart, the most frequent first. */
export const drawnLabels = (plot: LogPlot): readonly LabelValues[] => namedLabels(plot).slice(0, MAX_LINES);

/** Labels without those that are counted together, most samples first. */
export const namedLabels = ({ labels }: LogPlot): readonly LabelValues[] =>
  labels.filter(({ label }) => label !== OTHER_NAMES);

/** Places of the percentile curve: more of them where the longest times lie. */
export const CURVE_PERCENTS: readonly number[] = [
  ...Array.from({ length: 50 }, (_, index) => 2 * index),
  ...[99, 99.5, 99.9, 100],
];

/** The response time over the percentile. */
export function percentileCurve(values: LabelValues): readonly Point[] {
  const seconds = values.quantiles(CURVE_PERCENTS.map((percent) => percent / 100));
  return CURVE_PERCENTS.map((percent, index) => [percent, seconds[index] ?? Number.NaN]);
}

/** Numbers of threads that a figure tells apart. */
const MAX_LOADS = 50;

/** Mean and 95th percentile over active threads. */
export function overThreads({ loads }: LogSeries): readonly {
  readonly threads: number;
  readonly meanSeconds: number;
  readonly p95Seconds: number;
}[] {
  const groups = loads.coarsened(Math.max(1, Math.ceil(loads.size / MAX_LOADS)));
  return [...groups].map(({ from, group }) => ({
    threads: from + (groups.width - 1) / 2,
    meanSeconds: group.elapsed.seconds,
    p95Seconds: group.times.quantile(0.95) / 1000,
  }));
}
