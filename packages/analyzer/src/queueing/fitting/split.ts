import { studentT } from "../../stats/student-t.ts";
import { average } from "../numeric/average.ts";
import type { Observation } from "./observation.ts";

/**
 * A time that responses report, and that takes more of the round trip, or less, the more requests are there: the two
 * parts of the round trip do not wait alike.
 */
export interface Split {
  /** The reported time: `ml`. */
  readonly name: string;
  /** A reported time that only waiting takes, and that belongs to the same part; absent: none. */
  readonly wait?: string;
  /** What grows more with the load: the reported time, or the rest of the round trip. */
  readonly growing: "part" | "rest";
  /** Both on average over the cells with the fewest users, seconds. */
  readonly lightSeconds: { readonly growing: number; readonly other: number };
}

/** Each part takes at least this share of the fastest round trips; a time that takes less, but grows, is waiting. */
const MIN_SHARE = 0.05;
/** The ratio of both parts changes by at least this much (logarithm) from the fastest round trips to the slowest. */
const MIN_CHANGE = 0.1;
/** Two-sided level of the test whether it changes at all. */
const LEVEL = 0.95;
const MIN_CELLS = 3;
/** Requests that wait for a server keep it about as busy as they would in M/M/1: at least this share of that. */
const MIN_BUSY = 0.7;

type Times = Pick<Split, "name" | "wait">;

/** The part's mean time; undefined if it is not known, or no part of the round trip. */
function partSeconds(
  { reportedSeconds = {}, modelMeanSeconds }: Observation,
  { name, wait }: Times,
): number | undefined {
  const seconds =
    (reportedSeconds[name] ?? Number.NaN) + (wait === undefined ? 0 : (reportedSeconds[wait] ?? 0));
  return seconds > 0 && seconds < modelMeanSeconds ? seconds : undefined;
}

/** ln(growing part ÷ other part) of a cell; undefined if it is not known. */
export function logSplit(seen: Observation, split: Split): number | undefined {
  const part = partSeconds(seen, split);
  if (part === undefined) return undefined;
  const ratio = Math.log(part / (seen.modelMeanSeconds - part));
  return split.growing === "part" ? ratio : -ratio;
}

/** The reported time whose share of the round trip changes most with the load; undefined if none changes. */
export function findSplit(observations: readonly Observation[]): Split | undefined {
  const names = [
    ...new Set(observations.flatMap(({ reportedSeconds = {} }) => Object.keys(reportedSeconds))),
  ];
  const waits = names.filter((name) => isWait(observations, name));
  return names
    .filter((name) => !waits.includes(name))
    .flatMap((name): readonly Times[] => [{ name }, ...waits.map((wait) => ({ name, wait }))])
    .flatMap((times) => splitAt(observations, times) ?? [])
    .reduce<{ readonly split: Split; readonly change: number } | undefined>(
      (best, one) => (best === undefined || one.change > best.change ? one : best),
      undefined,
    )?.split;
}

const leastUsers = (observations: readonly Observation[]): number =>
  Math.min(...observations.map(({ users }) => users));

function isWait(observations: readonly Observation[], name: string): boolean {
  const reporting = observations.filter(({ reportedSeconds }) => reportedSeconds?.[name] !== undefined);
  const least = leastUsers(reporting);
  return reporting
    .filter(({ users }) => users === least)
    .every(
      ({ reportedSeconds = {}, modelMeanSeconds: mean }) => (reportedSeconds[name] ?? 0) < MIN_SHARE * mean,
    );
}

function splitAt(
  observations: readonly Observation[],
  times: Times,
): { readonly split: Split; readonly change: number } | undefined {
  const reporting = observations.filter(({ reportedSeconds }) => reportedSeconds?.[times.name] !== undefined);
  const known = reporting.flatMap((seen) => {
    const part = partSeconds(seen, times);
    return part === undefined ? [] : [{ seen, part, rest: seen.modelMeanSeconds - part }];
  });
  if (known.length < Math.max(MIN_CELLS, reporting.length)) return undefined;
  const light = known.filter(({ seen }) => seen.users === leastUsers(reporting));
  const part = average(light.map((one) => one.part));
  const rest = average(light.map((one) => one.rest));
  if (Math.min(part, rest) < MIN_SHARE * (part + rest)) return undefined;
  const change = changeOver(
    known.map(({ seen }) => Math.log(seen.modelMeanSeconds)),
    known.map((one) => Math.log(one.part / one.rest)),
  );
  if (change === undefined || Math.abs(change) < MIN_CHANGE) return undefined;
  const growing = change > 0 ? "part" : "rest";
  const lightSeconds = growing === "part" ? { growing: part, other: rest } : { growing: rest, other: part };
  const slowest = known.reduce((a, b) => (b.seen.modelMeanSeconds > a.seen.modelMeanSeconds ? b : a));
  if (!isBusy(slowest.seen, lightSeconds.growing, slowest[growing])) return undefined;
  return { split: { ...times, growing, lightSeconds }, change: Math.abs(change) };
}

/** Whether requests need a station long enough to wait for it as long as they did: ρ = 1 − S / R in M/M/1. */
function isBusy(
  { activeUsers, modelMeanSeconds, thinkTimeSeconds }: Observation,
  lightSeconds: number,
  seconds: number,
): boolean {
  const inService = (activeUsers * lightSeconds) / (modelMeanSeconds + thinkTimeSeconds);
  return inService > MIN_BUSY * (1 - lightSeconds / seconds);
}

/** How much y changes over the range of x, along the regression line; undefined if its slope is within its error. */
function changeOver(x: readonly number[], y: readonly number[]): number | undefined {
  const [meanX, meanY] = [average(x), average(y)];
  const sxx = x.reduce((sum, one) => sum + (one - meanX) ** 2, 0);
  if (!(sxx > 0)) return undefined;
  const slope = x.reduce((sum, one, index) => sum + (one - meanX) * ((y[index] as number) - meanY), 0) / sxx;
  const squares = x.reduce(
    (sum, one, index) => sum + ((y[index] as number) - meanY - slope * (one - meanX)) ** 2,
    0,
  );
  const degrees = x.length - 2;
  const reach = studentT((1 + LEVEL) / 2, degrees) * Math.sqrt(squares / degrees / sxx);
  return Math.abs(slope) > reach ? slope * (Math.max(...x) - Math.min(...x)) : undefined;
}
