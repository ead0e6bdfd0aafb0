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
  /** `flagged`: responses say which requests were cold. `inferred`: long requests after idle times. */
  readonly source: "flagged" | "inferred";
  /** Of all runs, from their first request on. */
  readonly requests: number;
  readonly coldRequests: number;
  /** What a cold start adds to a round trip, 90% interval, and its standard deviation; seconds. */
  readonly meanSeconds: number;
  readonly interval: Interval;
  readonly stdevSeconds: number;
  /** Cold starts that these figures are of: those that met the fewest other requests. */
  readonly samples: number;
  /** An instance is gone after this idle time, with its 90% interval; seconds. */
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
const ALONE = 1.02;
const LEVEL = 0.9;

/** Finds cold starts in measured cells; undefined if there are none, or if starts are not known. */
export function findColdStarts(cells: readonly ModelCell[]): ColdStartEvidence | undefined {
  const all = cells.flatMap(replay).filter(({ request }) => request.successful);
  if (all.length === 0) return undefined;
  const isFlagged = all.some(({ request }) => request.isCold !== undefined);
  const ratios = ratiosToUsual(all);
  const isLong = new Set(all.filter((_, index) => (ratios[index] as number) > OUTLIER));
  const isCold = isFlagged
    ? ({ request }: ReplayedRequest) => request.isCold === true
    : inferCold(all, isLong);
  const cold = isCold === undefined ? [] : all.filter(isCold);
  if (cold.length === 0) return undefined;
  const sure = new Set(isFlagged ? cold : cold.filter((one) => isLong.has(one)));
  const keepAlives = findKeepAlives(idleGaps(all, sure));
  const keepAlive = describeKeepAlives(keepAlives);
  const expected = all.filter(isAfterIdle(keepAlive.seconds));
  const explained = expected.filter((one) => sure.has(one)).length / expected.length;
  return {
    found: {
      source: isFlagged ? "flagged" : "inferred",
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

/** The rule by which requests are cold, if long requests follow idle times; undefined if they do not. */
function inferCold(
  all: readonly ReplayedRequest[],
  isLong: ReadonlySet<ReplayedRequest>,
): ((one: ReplayedRequest) => boolean) | undefined {
  const isIdle = isAfterIdle(describeKeepAlives(findKeepAlives(idleGaps(all, isLong))).seconds);
  const after = all.filter(isIdle);
  const others = all.filter((one) => !isIdle(one));
  const longShare = (of: readonly ReplayedRequest[]) =>
    of.length === 0 ? 0 : of.filter((one) => isLong.has(one)).length / of.length;
  const isClear = after.length >= MIN_INFERRED && longShare(after) - longShare(others) >= MIN_DIFFERENCE;
  return isClear ? isIdle : undefined;
}

/** How much longer cold requests took than warm ones, of those that met the fewest others. */
function describeSeconds(
  cold: readonly ReplayedRequest[],
  all: readonly ReplayedRequest[],
): Pick<ColdStartFinding, "meanSeconds" | "interval" | "stdevSeconds" | "samples"> {
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
  const { low, high } = tInterval(extra, LEVEL) ?? { low: 0, high: 2 * meanSeconds };
  return {
    meanSeconds,
    interval: { low: Math.max(0, low), high: Math.max(0, high) },
    stdevSeconds: Math.sqrt(Math.max(0, deviation ** 2 - usual.stdev ** 2)),
    samples: extra.length,
  };
}

/** Of warm requests that met at most so many requests, themselves included; of those that met the fewest if there are none. */
function usualSeconds(warm: readonly ReplayedRequest[], most: number) {
  const least = warm.reduce((min, one) => Math.min(min, one.meanInService), Number.POSITIVE_INFINITY);
  const near = warm.filter((one) => one.meanInService <= Math.max(most, least));
  const seconds = near.map(({ request }) => request.roundTripSeconds);
  return { mean: seconds.length === 0 ? 0 : average(seconds), stdev: stdev(seconds) ?? 0 };
}
