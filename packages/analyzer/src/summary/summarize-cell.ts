import type { ClientRun } from "../clients/client-run.ts";
import { measuredPart } from "../clients/steady-part.ts";
import { type Condition, conditionOf, isClosedLoop } from "../core/condition.ts";
import { sharedRejection } from "../core/rejection.ts";
import { type Span, spanSeconds } from "../core/time-span.ts";
import { countHits } from "../stats/count-hits.ts";
import { cutBlocks } from "../stats/cut-blocks.ts";
import { describeInPlace, type Statistic } from "../stats/describe.ts";
import { figureWithScope } from "../stats/figure-with-scope.ts";
import { mean } from "../stats/mean.ts";
import { proportionInterval } from "../stats/proportion-interval.ts";
import { quantileWithScope } from "../stats/quantile-with-scope.ts";
import { toRunRate } from "../stats/run-figure.ts";
import { meanActiveUsers } from "./active-users.ts";
import { type CellSummary, INTERVAL_QUANTILES, type ScopedRange, type WholeRun } from "./cell.ts";
import { type CellTimes, gather, responsesAfter, toCellTimes } from "./cell-times.ts";
import { delayedAcknowledgement } from "./delayed-acknowledgement.ts";
import { interactiveLaw } from "./interactive-law.ts";
import { countOutcomes, splitRoundTrips } from "./parts.ts";
import { toRunSummary } from "./run-summary.ts";
import { checkSteadiness } from "./steadiness.ts";

/** The requests of a condition, and which of them figures are made of. */
export interface CellRequests {
  readonly condition: Condition;
  /** All clients; those of a steady part have it marked. */
  readonly clients: readonly ClientRun[];
  /** The steady part of each repetition; absent: figures are of the whole run. */
  readonly steady?: ReadonlyMap<number, Span>;
  /** meanActiveUsers() before a filter; absent: as the clients say. */
  readonly activeUsers?: number;
}

/** Sums up the client processes of one condition. */
export function summarizeCell({ condition, clients: all, steady, ...cell }: CellRequests): CellSummary {
  const clients = all.map(measuredPart);
  const activeUsers = cell.activeUsers ?? meanActiveUsers(all, steady);
  // Before the rest, so that its arrays are not needed any more.
  const whole = steady === undefined ? {} : { wholeRun: wholeRun(all) };
  const times = toCellTimes(clients, steady);
  const roundTripSeconds = describeAll(times, roundTripsOf);
  const rates = throughput(times);
  // In an open loop, requests do not wait for responses.
  const law = isClosedLoop(condition) ? interactiveLaw(condition.thinkTimeSeconds, all) : undefined;
  const rejection = sharedRejection(
    all.flatMap((client) => (client.sentRequests === 0 ? [] : [client.requests?.facts.rejection])),
  );
  return {
    ...conditionOf(condition),
    part: steady === undefined ? "whole" : "steady",
    ...whole,
    clients: clients.length,
    crashedClients: clients.filter((client) => client.crashed).length,
    requests: countRequests(times),
    successRate: successRate(times),
    roundTripSeconds,
    quantileIntervals: quantileIntervals(times),
    runs: times.runs.map((run) => toRunSummary(run, condition.users)),
    ...ofSuccessful(times, roundTripSeconds),
    handlerSeconds: describeAll(times, (client) => client.handlerSeconds),
    mlSeconds: describeAll(times, (client) => client.mlSeconds),
    ...rates,
    ...namedTimes(times),
    ...streams(times),
    ...unitsOf(times, rates.throughputPerSecond),
    ...(activeUsers !== undefined && { meanActiveUsers: activeUsers }),
    ...(rejection !== undefined && { rejection }),
    ...(law !== undefined && { interactiveLaw: law }),
    steadiness: checkSteadiness(times.runs.map((run) => run.roundTripSeconds)),
    ...ofRequests(clients),
    ...coldStarts(all),
  };
}

/** The figures that are given of the whole run too. */
function wholeRun(clients: readonly ClientRun[]): WholeRun {
  const times = toCellTimes(clients);
  const activeUsers = meanActiveUsers(clients);
  const { throughputPerSecond } = throughput(times);
  const { interval: _, ...rates } = successRate(times);
  return {
    requests: countRequests(times),
    successRate: rates,
    roundTripSeconds: describeAll(times, roundTripsOf),
    ...(throughputPerSecond !== undefined && { throughputPerSecond }),
    ...(activeUsers !== undefined && { meanActiveUsers: activeUsers }),
  };
}

const countRequests = ({ sent, successful }: CellTimes) => ({ sent, successful, failed: sent - successful });

function successRate({
  clients,
  sent,
  successful,
  runs,
  isOutcomeKnown,
}: CellTimes): CellSummary["successRate"] {
  const meanOverClients = mean(clients.flatMap(rateOf));
  const { blocks, scope } = cutBlocks(runs.map((run) => run.isSuccessful));
  const interval = isOutcomeKnown ? proportionInterval(countHits(blocks, (one) => one === 1)) : undefined;
  return {
    ...(meanOverClients !== undefined && { meanOverClients }),
    ...(sent > 0 && { overRequests: successful / sent }),
    ...(interval !== undefined && { interval: rangeOf({ ...interval, scope }) }),
  };
}

const rangeOf = ({ low, high, scope }: ScopedRange): ScopedRange => ({ low, high, scope });

const roundTripsOf = (client: ClientRun) => client.roundTripSeconds;
const successfulTripsOf = (client: ClientRun) => client.successfulRoundTripSeconds ?? [];
const rateOf = ({ successfulRequests, sentRequests }: ClientRun) =>
  sentRequests === 0 ? [] : [successfulRequests / sentRequests];

/** In the order of the clients. */
function describeAll(
  { clients, scratch }: CellTimes,
  pick: (client: ClientRun) => readonly number[],
): Statistic {
  return describeInPlace(gather(clients, scratch(), pick));
}

function quantileIntervals({ runs }: CellTimes): CellSummary["quantileIntervals"] {
  const values = runs.map((run) => run.roundTripSeconds);
  const entries = Object.entries(INTERVAL_QUANTILES).flatMap(([name, p]) => {
    const interval = quantileWithScope(values, p)?.interval;
    return interval === undefined ? [] : [[name, interval]];
  });
  return Object.fromEntries(entries);
}

/** @param ofAll the figures over all sent requests, reused if all were successful */
function ofSuccessful(times: CellTimes, ofAll: Statistic): Pick<CellSummary, "successfulRoundTripSeconds"> {
  const { sent, successful, isOutcomeKnown } = times;
  if (!isOutcomeKnown) return {};
  return {
    successfulRoundTripSeconds: successful === sent ? ofAll : describeAll(times, successfulTripsOf),
  };
}

/** Repetitions do not follow each other without a gap: each counts its own time. Undefined if one has no times. */
function throughput({
  successful,
  runs,
}: CellTimes): Pick<CellSummary, "throughputPerSecond" | "throughputInterval"> {
  const spans = runs.flatMap(({ span }) => span ?? []);
  if (spans.length === 0 || spans.length < runs.length) return {};
  const seconds = spans.reduce((sum, span) => sum + spanSeconds(span), 0);
  const rates = runs.flatMap((run, index) => {
    const span = spans[index] as Span;
    return toRunRate(responsesAfter(run, span.fromEpochMicros), spanSeconds(span)) ?? [];
  });
  const interval = figureWithScope(rates)?.interval;
  return {
    ...(seconds > 0 && { throughputPerSecond: successful / seconds }),
    ...(interval !== undefined && { throughputInterval: rangeOf(interval) }),
  };
}

/** Figures that need single requests; absent for reports of the older text form. */
function ofRequests(
  clients: readonly ClientRun[],
): Pick<CellSummary, "parts" | "delayedAcknowledgementSeconds" | "outcomes" | "faces"> {
  const reported = clients.filter((client) => client.requests !== undefined);
  const requests = reported.flatMap((client) => client.requests ?? []);
  if (requests.length === 0) return {};
  const parts = splitRoundTrips(requests);
  const held = delayedAcknowledgement(requests);
  const sent = requests.reduce((sum, { length }) => sum + length, 0);
  const faces = describeInPlace(
    gather(reported, new Float64Array(sent), (client) => client.requests?.successfulNumbers("faces") ?? []),
  );
  return {
    ...(parts !== undefined && { parts }),
    ...(held !== undefined && { delayedAcknowledgementSeconds: held }),
    outcomes: countOutcomes(requests) as Readonly<Record<string, number>>,
    ...(faces.count > 0 && { faces }),
  };
}

/** Absent if no response says whether it was a cold start. */
function coldStarts(clients: readonly ClientRun[]): Pick<CellSummary, "coldStarts"> {
  const requests = clients.flatMap((client) => client.requests ?? []);
  return requests.some((list) => list.has("coldStart"))
    ? { coldStarts: requests.reduce((sum, list) => sum + list.coldStarts, 0) }
    : {};
}

/** The statistic of each named time that some successful request has. */
function namedTimes(times: CellTimes): Pick<CellSummary, "times"> {
  const names = [...new Set(times.clients.flatMap(({ requests }) => requests?.timeNames ?? []))].sort();
  const statistics = names.flatMap((name) => {
    const statistic = describeAll(times, ({ requests }) => requests?.successfulTimes(name) ?? []);
    return statistic.count === 0 ? [] : [[name, statistic] as const];
  });
  return statistics.length === 0 ? {} : { times: Object.fromEntries(statistics) };
}

const STREAM_FIGURES = ["firstEventSeconds", "longestGapSeconds", "secondsPerUnit"] as const;

function streams(times: CellTimes): Pick<CellSummary, (typeof STREAM_FIGURES)[number]> {
  const known = STREAM_FIGURES.filter((name) => times.clients.some(({ requests }) => requests?.has(name)));
  return Object.fromEntries(
    known.flatMap((name) => {
      const statistic = describeAll(times, ({ requests }) => requests?.successfulNumbers(name) ?? []);
      return statistic.count === 0 ? [] : [[name, statistic]];
    }),
  );
}

/** @param throughputPerSecond of the cell: units are counted over the same time */
function unitsOf(times: CellTimes, throughputPerSecond: number | undefined): Pick<CellSummary, "units"> {
  const { clients, successful } = times;
  if (!clients.some(({ requests }) => requests?.has("units"))) return {};
  const values = gather(
    clients,
    times.scratch(),
    ({ requests }) => requests?.successfulNumbers("units") ?? [],
  );
  const total = values.reduce((sum, value) => sum + value, 0);
  const seconds =
    throughputPerSecond === undefined || throughputPerSecond === 0
      ? undefined
      : successful / throughputPerSecond;
  const perRequest = describeInPlace(values);
  if (perRequest.count === 0) return {};
  const name = clients.find(({ unitsName }) => unitsName !== undefined)?.unitsName ?? "units";
  return {
    units: { name, total, ...(seconds !== undefined && { perSecond: total / seconds }), perRequest },
  };
}
