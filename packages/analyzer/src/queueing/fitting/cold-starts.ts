import type { Interval } from "../../stats/interval.ts";
import { stdev } from "../../stats/stdev.ts";
import { tInterval } from "../../stats/t-interval.ts";
import { average } from "../numeric/average.ts";
import { describeKeepAlives, findKeepAlives, type IdleGap, type KeepAlives } from "./keep-alive.ts";
import type { ModelCell, TracedRequest } from "./observation.ts";
import { ratiosToUsual } from "./ratios-to-usual.ts";
import { type ReplayedRequest, replay } from "./replay.ts";

/** What the cells show about cold starts. */
export interface ColdStartFinding {
  /**
   * `flagged`: responses say which requests were cold. `first-on-replica`: long requests that were the first of a
   * replica. `inferred`: long requests after idle times.
   */
  readonly source: "flagged" | "first-on-replica" | "inferred";
  /** Of all runs, from their first request on. */
  readonly requests: number;
  readonly coldRequests: number;
  /** What a cold start adds to a round trip, 95% interval, and its standard deviation; seconds. */
  readonly meanSeconds: number;
  readonly interval: Interval;
  readonly stdevSeconds: number;
  /** What cold starts added ÷ all round trips together. */
  readonly timeShare: number;
  /** Cold starts that these figures are of: those that met the fewest other requests. */
  readonly samples: number;
  /** An instance is gone after this idle time, with its 95% interval; seconds. */
  readonly keepAlive: {
    readonly seconds: number;
    readonly low: number;
    readonly high: number;
    /** Whether an instance that had been idle started cold; if none did, the interval is what was assumed before. */
    readonly isSeen: boolean;
  };
  /**
   * `instances`: each request has an instance, which is cold if it is new or was idle for too long. `always`: most
   * requests start cold, so starts belong to the demand. `unknown`: the cells do not show which requests start cold.
   */
  readonly rule: "instances" | "always" | "unknown";
}

/** The finding, and the requests that were cold. */
export interface ColdStartEvidence {
  readonly found: ColdStartFinding;
  readonly cold: ReadonlySet<TracedRequest>;
  readonly keepAlives: KeepAlives;
}

/** From this share on, cold starts are what the function does. */
const USUAL_SHARE = 0.5;
/** Of the requests that should start cold by the rule of instances, at least this share does. */
const MIN_EXPLAINED = 0.8;
/** Round trips longer than usual by this factor may have started cold. */
const OUTLIER = 1.4;
/** Fewer cold starts than this are not inferred. */
const MIN_INFERRED = 4;
/** How much more frequent outliers have to be after long idle times than otherwise. */
const MIN_DIFFERENCE = 0.6;
const MIN_SAMPLES = 3;
/** A request that met so few, itself included, was alone nearly all the time. */
const ALONE = 1.1;

/** Finds cold starts in measured cells; undefined if there are none, or if starts are not known. */
export function findColdStarts(cells: readonly ModelCell[]): ColdStartEvidence | undefined {
  const all = cells.flatMap(replay).filter(({ request }) => request.successful);
  if (all.length === 0) return undefined;
  const { source, cold, sure } = flaggedCold(all) ?? longCold(all);
  if (cold.length === 0) return undefined;
  const keepAlives = findKeepAlives(idleGaps(all, sure));
  const keepAlive = describeKeepAlives(keepAlives);
  const expected = all.filter(isAfterIdle(keepAlive.seconds));
  const explained = expected.filter((one) => sure.has(one)).length / expected.length;
  return {
    found: {
      source,
      requests: all.length,
      coldRequests: cold.length,
      ...describeSeconds(cold, all),
      keepAlive: {
        ...keepAlive,
        isSeen: idleGaps(all, sure).some((gap) => gap.isCold && gap.seconds > keepAlive.seconds),
      },
      rule:
        cold.length >= USUAL_SHARE * all.length
          ? "always"
          : explained >= MIN_EXPLAINED
            ? "instances"
            : "unknown",
    },
    cold: new Set(cold.map(({ request }) => request)),
    keepAlives,
  };
}

const isAfterIdle =
  (keepAliveSeconds: number) =>
  ({ gapSeconds }: ReplayedRequest): boolean =>
    gapSeconds > keepAliveSeconds;

/** The idle times of instances that had been there. */
const idleGaps = (all: readonly ReplayedRequest[], cold: ReadonlySet<ReplayedRequest>): readonly IdleGap[] =>
  all
    .filter(({ gapSeconds }) => Number.isFinite(gapSeconds))
    .map((one) => ({ seconds: one.gapSeconds, isCold: cold.has(one) }));

/** Cold requests, and those of them about which there is no doubt. */
interface ColdRequests {
  readonly source: ColdStartFinding["source"];
  readonly cold: readonly ReplayedRequest[];
  readonly sure: ReadonlySet<ReplayedRequest>;
}

/** Undefined if no response says whether it was cold. */
function flaggedCold(all: readonly ReplayedRequest[]): ColdRequests | undefined {
  if (all.every(({ request }) => request.isCold === undefined)) return undefined;
  const cold = all.filter(({ request }) => request.isCold === true);
  return { source: "flagged", cold, sure: new Set(cold) };
}

/** Long requests that came first on a replica, or after idle times. */
function longCold(all: readonly ReplayedRequest[]): ColdRequests {
  const ratios = ratiosToUsual(all);
  const isLong = new Set(all.filter((_, index) => (ratios[index] as number) > OUTLIER));
  return firstOnReplicas(all, isLong) ?? inferredCold(all, isLong);
}

/** The long ones of each replica's first requests; undefined if those are not longer than others. */
function firstOnReplicas(
  all: readonly ReplayedRequest[],
  isLong: ReadonlySet<ReplayedRequest>,
): ColdRequests | undefined {
  const first = new Map<string, ReplayedRequest>();
  for (const one of all) {
    const { replica, startSeconds } = one.request;
    if (replica === undefined) continue;
    const before = first.get(replica)?.request.startSeconds ?? Number.POSITIVE_INFINITY;
    if (startSeconds < before) first.set(replica, one);
  }
  const isFirst = new Set(first.values());
  if (!areLonger(all, isLong, (one) => isFirst.has(one))) return undefined;
  const cold = [...isFirst].filter((one) => isLong.has(one));
  return { source: "first-on-replica", cold, sure: new Set(cold) };
}

/** Requests after idle times, if those are longer than others; otherwise none. */
function inferredCold(all: readonly ReplayedRequest[], isLong: ReadonlySet<ReplayedRequest>): ColdRequests {
  const isIdle = isAfterIdle(describeKeepAlives(findKeepAlives(idleGaps(all, isLong))).seconds);
  const cold = areLonger(all, isLong, isIdle) ? all.filter(isIdle) : [];
  return { source: "inferred", cold, sure: new Set(cold.filter((one) => isLong.has(one))) };
}

/** Whether long requests are far more frequent among some than among the others. */
function areLonger(
  all: readonly ReplayedRequest[],
  isLong: ReadonlySet<ReplayedRequest>,
  isSome: (one: ReplayedRequest) => boolean,
): boolean {
  const some = all.filter(isSome);
  const others = all.filter((one) => !isSome(one));
  const longShare = (of: readonly ReplayedRequest[]) =>
    of.length === 0 ? 0 : of.filter((one) => isLong.has(one)).length / of.length;
  return some.length >= MIN_INFERRED && longShare(some) - longShare(others) >= MIN_DIFFERENCE;
}

/** How much longer cold requests took than warm ones, of those that met the fewest others. */
function describeSeconds(
  cold: readonly ReplayedRequest[],
  all: readonly ReplayedRequest[],
): Pick<ColdStartFinding, "meanSeconds" | "interval" | "stdevSeconds" | "samples" | "timeShare"> {
  const isCold = new Set(cold);
  const met = cold.map(({ meanInService }) => meanInService).sort((a, b) => a - b);
  const most = Math.max(ALONE, met[Math.min(MIN_SAMPLES, met.length) - 1] as number);
  const own = cold.filter(({ meanInService }) => meanInService <= most);
  const usual = usualSeconds(
    all.filter((one) => !isCold.has(one)),
    most,
  );
  const extra = own.map(({ request }) => request.roundTripSeconds - usual.mean);
  const meanSeconds = Math.max(0, average(extra));
  const deviation = stdev(extra) ?? meanSeconds;
  const allSeconds = all.reduce((sum, { request }) => sum + request.roundTripSeconds, 0);
  const { low, high } = tInterval(extra) ?? { low: 0, high: 2 * meanSeconds };
  return {
    meanSeconds,
    interval: { low: Math.max(0, low), high: Math.max(0, high) },
    stdevSeconds: Math.sqrt(Math.max(0, deviation ** 2 - usual.stdev ** 2)),
    samples: extra.length,
    timeShare: (cold.length * meanSeconds) / allSeconds,
  };
}

/** Of warm requests that met at most so many requests, themselves included; of those that met the fewest if there are none. */
function usualSeconds(warm: readonly ReplayedRequest[], most: number) {
  const least = warm.reduce((min, one) => Math.min(min, one.meanInService), Number.POSITIVE_INFINITY);
  const near = warm.filter((one) => one.meanInService <= Math.max(most, least));
  const seconds = near.map(({ request }) => request.roundTripSeconds);
  return { mean: seconds.length === 0 ? 0 : average(seconds), stdev: stdev(seconds) ?? 0 };
}
