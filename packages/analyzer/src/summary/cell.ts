import type { ClientRun } from "../client-run.ts";
import type { Span } from "../frames/ramp.ts";
import type { BatchMeans } from "../stats/batch-means.ts";
import { type BetweenRuns, betweenRuns } from "../stats/between-runs.ts";
import { describeInPlace, type Statistic } from "../stats/describe.ts";
import type { Interval } from "../stats/interval.ts";
import { mean } from "../stats/mean.ts";
import { type MeanInterval, meanIntervals } from "../stats/mean-interval.ts";
import { type RateInterval, rateInterval } from "../stats/rate-interval.ts";
import { wilsonInterval } from "../stats/wilson.ts";
import { meanActiveUsers } from "./active-users.ts";
import { type InteractiveLaw, interactiveLaw } from "./interactive-law.ts";
import { countOutcomes, type TimeParts, timeParts } from "./parts.ts";
import { type Rejection, sharedRejection } from "./rejection.ts";
import {
  answersAfter,
  atFullLoad,
  inOrderOfStart,
  type Run,
  successfulInOrder,
  toRuns,
  wholeSpan,
} from "./runs.ts";
import { each, Scratch } from "./scratch.ts";
import { checkSteadiness, type Steadiness } from "./steadiness.ts";

/** Figures of one condition (users × think time), repetitions together; see docs/data-formats.md. */
export interface CellSummary {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly clients: number;
  readonly crashedClients: number;
  readonly requests: { readonly sent: number; readonly answered: number; readonly failed: number };
  /** Ratios 0..1; absent where no request was sent. */
  readonly successRate: {
    readonly meanOverClients?: number;
    readonly overRequests?: number;
    /** 95 %, Wilson, of overRequests. */
    readonly interval?: Interval;
  };
  /** Over every sent request, failed ones included, as published. */
  readonly roundTripSeconds: Statistic;
  /** 95 % interval of roundTripSeconds.mean, by `method`; absent with too few requests. */
  readonly roundTripInterval?: MeanInterval;
  /** Both 95 % intervals of that mean, each with its own view of what is independent. */
  readonly meanIntervals?: {
    /** Bootstrap over clients, which are taken as independent; from 3 clients on. */
    readonly overClients?: Interval;
    /** Batch means over the requests in order of start; from 40 requests on. */
    readonly batchMeans?: BatchMeans;
  };
  /** From two repetitions on: round trips of all sent requests, one mean per repetition. */
  readonly repetitions?: BetweenRuns;
  /** Over answered requests only; absent where it is not known which those are. */
  readonly successfulRoundTripSeconds?: Statistic;
  /** 95 % interval of successfulRoundTripSeconds.mean, as roundTripInterval. */
  readonly successfulRoundTripInterval?: MeanInterval;
  readonly handlerSeconds: Statistic;
  readonly mlSeconds: Statistic;
  /** Answered requests per second, first request to last answer; absent without the requests' times. */
  readonly throughputPerSecond?: number;
  /** 95 % interval of it, over slices of time; absent with fewer than two answers a slice. */
  readonly throughputInterval?: RateInterval;
  /** Users in the system, waiting or thinking, on average over the measured part: active-users.ts. */
  readonly meanActiveUsers?: number;
  /** Why every request failed, if all failed for one reason that no load explains: rejection.ts. */
  readonly rejection?: Rejection;
  /** Absent without the requests' times and in open loops. */
  readonly interactiveLaw?: InteractiveLaw;
  readonly steadiness?: Steadiness;
  /** Where the round trip went; absent for reports of the older text form. */
  readonly parts?: TimeParts;
  /** Requests by outcome; absent for reports of the older text form. */
  readonly outcomes?: Readonly<Record<string, number>>;
  /** Answers of processes that had answered nothing before. */
  readonly coldStarts?: number;
  /** Faces per answered request, where the answers say. */
  readonly faces?: Statistic;
}

export interface Condition {
  readonly users: number;
  readonly thinkTimeSeconds: number;
}

/**
 * Sums up the client processes of one condition.
 * @param activeUsers meanActiveUsers() of all its clients; needed where `clients` hold only some of their requests
 */
export function summarizeCell(
  condition: Condition,
  clients: readonly ClientRun[],
  activeUsers = meanActiveUsers(clients),
): CellSummary {
  const sent = total(clients, (client) => client.sentRequests);
  const answered = total(clients, (client) => client.successfulRequests);
  const rates = clients.flatMap((client) =>
    client.sentRequests === 0 ? [] : [client.successfulRequests / client.sentRequests],
  );
  const meanOverClients = mean(rates);
  const scratch = new Scratch(sent);
  const all = (pick: (client: ClientRun) => readonly number[]) =>
    describeInPlace(scratch.gather(each(clients, pick)));
  const roundTripsOf = (client: ClientRun) => client.roundTripSeconds;
  const successfulTripsOf = (client: ClientRun) => client.successfulRoundTripSeconds ?? [];
  const known = clients.every(
    (client) => client.requests !== undefined || client.successfulRoundTripSeconds !== undefined,
  );
  const runs = toRuns(clients, scratch);
  const spans = spansOf(runs);
  const seconds = spans?.reduce((sum, span) => sum + secondsOf(span), 0) ?? 0;
  const inOrder = scratch.keep(runs.map((run) => inOrderOfStart(run)));
  const repetitions = betweenRuns(inOrder);
  const senders = clients.filter((client) => client.sentRequests > 0).length;
  const { wider: interval, ...intervals } = meanIntervals(each(clients, roundTripsOf), senders, inOrder);
  const answerers = clients.filter((client) => client.successfulRequests > 0).length;
  const successfulInterval =
    known && answered < sent
      ? meanIntervals(each(clients, successfulTripsOf), answerers, scratch.keep(runs.map(successfulInOrder)))
          .wider
      : known && interval;
  const steadiness = checkSteadiness(scratch.keep(runs.map(atFullLoad)));
  const rate = spans && throughputInterval(runs, spans, scratch);
  const law = interactiveLaw(condition.thinkTimeSeconds, clients, scratch);
  const rejection = sharedRejection(
    clients.flatMap((client) => (client.sentRequests === 0 ? [] : [client.requests?.rejection])),
  );
  return {
    users: condition.users,
    thinkTimeSeconds: condition.thinkTimeSeconds,
    clients: clients.length,
    crashedClients: clients.filter((client) => client.crashed).length,
    requests: { sent, answered, failed: sent - answered },
    successRate: {
      ...(meanOverClients !== undefined && { meanOverClients }),
      ...(sent > 0 && { overRequests: answered / sent, interval: wilsonInterval(answered, sent) }),
    },
    roundTripSeconds: all(roundTripsOf),
    ...(interval !== undefined && { roundTripInterval: interval }),
    meanIntervals: intervals,
    ...(repetitions !== undefined && { repetitions }),
    ...(known && { successfulRoundTripSeconds: all(successfulTripsOf) }),
    ...(successfulInterval && { successfulRoundTripInterval: successfulInterval }),
    handlerSeconds: all((client) => client.handlerSeconds),
    mlSeconds: all((client) => client.mlSeconds),
    ...(seconds > 0 && { throughputPerSecond: answered / seconds }),
    ...(rate !== undefined && { throughputInterval: rate }),
    ...(activeUsers !== undefined && { meanActiveUsers: activeUsers }),
    ...(rejection !== undefined && { rejection }),
    ...(law !== undefined && { interactiveLaw: law }),
    steadiness,
    ...ofRequests(clients, scratch),
  };
}

/** What only requests can tell; nothing where a client's report has none. */
function ofRequests(
  clients: readonly ClientRun[],
  scratch: Scratch,
): Pick<CellSummary, "parts" | "outcomes" | "coldStarts" | "faces"> {
  const lists = clients.flatMap((client) => client.requests ?? []);
  if (lists.length === 0) return {};
  const parts = timeParts(lists);
  const faces = describeInPlace(scratch.gather(each(lists, (requests) => requests.answered("faces"))));
  return {
    ...(parts !== undefined && { parts }),
    outcomes: countOutcomes(lists) as Readonly<Record<string, number>>,
    coldStarts: lists.reduce((sum, requests) => sum + requests.coldStarts, 0),
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
