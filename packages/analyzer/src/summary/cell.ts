import type { ClientRun } from "../clients/client-run.ts";
import type { Span } from "../core/time-span.ts";
import type { BatchMeans } from "../stats/batch-means.ts";
import { type BetweenRuns, betweenRuns } from "../stats/between-runs.ts";
import { describeInPlace, type Statistic } from "../stats/describe.ts";
import type { Interval } from "../stats/interval.ts";
import { mean } from "../stats/mean.ts";
import { type MeanInterval, meanIntervals } from "../stats/mean-interval.ts";
import { type RateInterval, rateInterval } from "../stats/rate-interval.ts";
import { wilsonInterval } from "../stats/wilson.ts";
import { type InteractiveLaw, interactiveLaw } from "./interactive-law.ts";
import { countOutcomes, type TimeParts, timeParts } from "./parts.ts";
import {
  answeredInOrder,
  answersAfter,
  atFullLoad,
  inOrderOfStart,
  type Run,
  toRuns,
  wholeSpan,
} from "./runs.ts";
import { each, Scratch } from "./scratch.ts";
import { judgeSteadiness, type Steadiness } from "./steadiness.ts";

/** Figures of one condition (users × think time), repetitions together; see docs/data-formats.md. */
export interface CellSummary {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly clients: number;
  readonly crashedClients: number;
  readonly frames: { readonly sent: number; readonly answered: number; readonly failed: number };
  /** Ratios 0..1; absent where no frame was sent. */
  readonly successRate: {
    readonly meanOverClients?: number;
    readonly overFrames?: number;
    /** 95 %, Wilson, of overFrames. */
    readonly interval?: Interval;
  };
  /** Over every sent frame, failed ones included, as published. */
  readonly roundTripSeconds: Statistic;
  /** 95 % interval of roundTripSeconds.mean, by `method`; absent with too few frames. */
  readonly roundTripInterval?: MeanInterval;
  /** Both 95 % intervals of that mean, each with its own view of what is independent. */
  readonly meanIntervals?: {
    /** Bootstrap over clients, which are taken as independent; from 3 clients on. */
    readonly overClients?: Interval;
    /** Batch means over the frames in order of start; from 40 frames on. */
    readonly batchMeans?: BatchMeans;
  };
  /** From two repetitions on: round trips of all sent frames, one mean per repetition. */
  readonly repetitions?: BetweenRuns;
  /** Over answered frames only; absent where it is not known which those are. */
  readonly answeredRoundTripSeconds?: Statistic;
  /** 95 % interval of answeredRoundTripSeconds.mean, as roundTripInterval. */
  readonly answeredRoundTripInterval?: MeanInterval;
  readonly handlerSeconds: Statistic;
  readonly mlSeconds: Statistic;
  /** Answered frames per second, first request to last answer; absent without the frames' times. */
  readonly throughputPerSecond?: number;
  /** 95 % interval of it, over slices of time; absent with fewer than two answers a slice. */
  readonly throughputInterval?: RateInterval;
  /** Absent without the frames' times and in open loops. */
  readonly interactiveLaw?: InteractiveLaw;
  readonly steadiness?: Steadiness;
  /** Where the round trip went; absent for reports of the older text form. */
  readonly parts?: TimeParts;
  /** Frames by outcome; absent for reports of the older text form. */
  readonly outcomes?: Readonly<Record<string, number>>;
  /** Answers of processes that had answered nothing before. */
  readonly coldStarts?: number;
  /** Faces per answered frame, where the answers say. */
  readonly faces?: Statistic;
}

export interface Condition {
  readonly users: number;
  readonly thinkTimeSeconds: number;
}

/** Sums up the client processes of one condition. */
export function summarizeCell(condition: Condition, clients: readonly ClientRun[]): CellSummary {
  const sent = total(clients, (client) => client.sentFrames);
  const answered = total(clients, (client) => client.answeredFrames);
  const rates = clients.flatMap((client) =>
    client.sentFrames === 0 ? [] : [client.answeredFrames / client.sentFrames],
  );
  const meanOverClients = mean(rates);
  const scratch = new Scratch(sent);
  const all = (pick: (client: ClientRun) => readonly number[]) =>
    describeInPlace(scratch.gather(each(clients, pick)));
  const roundTripsOf = (client: ClientRun) => client.roundTripSeconds;
  const answeredTripsOf = (client: ClientRun) => client.answeredRoundTripSeconds ?? [];
  const known = clients.every(
    (client) => client.frames !== undefined || client.answeredRoundTripSeconds !== undefined,
  );
  const runs = toRuns(clients, scratch);
  const spans = spansOf(runs);
  const seconds = spans?.reduce((sum, span) => sum + secondsOf(span), 0) ?? 0;
  const inOrder = scratch.keep(runs.map((run) => inOrderOfStart(run)));
  const repetitions = betweenRuns(inOrder);
  const senders = clients.filter((client) => client.sentFrames > 0).length;
  const { wider: interval, ...intervals } = meanIntervals(each(clients, roundTripsOf), senders, inOrder);
  const answerers = clients.filter((client) => client.answeredFrames > 0).length;
  const answeredInterval =
    known && answered < sent
      ? meanIntervals(each(clients, answeredTripsOf), answerers, scratch.keep(runs.map(answeredInOrder)))
          .wider
      : known && interval;
  const steadiness = judgeSteadiness(scratch.keep(runs.map(atFullLoad)));
  const rate = spans && throughputInterval(runs, spans, scratch);
  const law = interactiveLaw(condition.thinkTimeSeconds, clients, scratch);
  return {
    users: condition.users,
    thinkTimeSeconds: condition.thinkTimeSeconds,
    clients: clients.length,
    crashedClients: clients.filter((client) => client.crashed).length,
    frames: { sent, answered, failed: sent - answered },
    successRate: {
      ...(meanOverClients !== undefined && { meanOverClients }),
      ...(sent > 0 && { overFrames: answered / sent, interval: wilsonInterval(answered, sent) }),
    },
    roundTripSeconds: all(roundTripsOf),
    ...(interval !== undefined && { roundTripInterval: interval }),
    meanIntervals: intervals,
    ...(repetitions !== undefined && { repetitions }),
    ...(known && { answeredRoundTripSeconds: all(answeredTripsOf) }),
    ...(answeredInterval && { answeredRoundTripInterval: answeredInterval }),
    handlerSeconds: all((client) => client.handlerSeconds),
    mlSeconds: all((client) => client.mlSeconds),
    ...(seconds > 0 && { throughputPerSecond: answered / seconds }),
    ...(rate !== undefined && { throughputInterval: rate }),
    ...(law !== undefined && { interactiveLaw: law }),
    steadiness,
    ...ofFrames(clients, scratch),
  };
}

/** What only frames can tell; nothing where a client's report has none. */
function ofFrames(
  clients: readonly ClientRun[],
  scratch: Scratch,
): Pick<CellSummary, "parts" | "outcomes" | "coldStarts" | "faces"> {
  const lists = clients.flatMap((client) => client.frames ?? []);
  if (lists.length === 0) return {};
  const parts = timeParts(lists);
  const faces = describeInPlace(scratch.gather(each(lists, (frames) => frames.answeredNumbers("faces"))));
  return {
    ...(parts !== undefined && { parts }),
    outcomes: countOutcomes(lists) as Readonly<Record<string, number>>,
    coldStarts: lists.reduce((sum, frames) => sum + frames.coldStarts, 0),
    ...(faces.count > 0 && { faces }),
  };
}

function total(clients: readonly ClientRun[], pick: (client: ClientRun) => number): number {
  return clients.reduce((sum, client) => sum + pick(client), 0);
}

function throughputInterval(
  runs: readonly Run[],
  spans: readonly Span[],
  scratch: Scratch,
): RateInterval | undefined {
  const events = scratch.keep(
    runs.map((run, index) => answersAfter(run, (spans[index] as Span).fromEpochMicros)),
  );
  return rateInterval(
    spans.map((span, index) => ({ from: 0, to: secondsOf(span), events: events[index] as Float64Array })),
  );
}

/** Each repetition's; they do not follow each other without a gap. Undefined where one of them has no times. */
function spansOf(runs: readonly Run[]): readonly Span[] | undefined {
  const spans = runs.flatMap((run) => wholeSpan(run) ?? []);
  return spans.length === 0 || spans.length < runs.length ? undefined : spans;
}

const secondsOf = ({ fromEpochMicros, toEpochMicros }: Span) => (toEpochMicros - fromEpochMicros) / 1e6;
