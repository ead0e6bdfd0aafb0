import { formatUsers } from "../../core/format.ts";
import { QueueingError } from "../errors.ts";
import { failedRequests } from "../fitting/client-totals.ts";
import type { ModelCell, Observation } from "../fitting/observation.ts";
import type { Doubt } from "./verdict.ts";

/** An answer that came so much later than the limit was not under that limit. */
const LATE = 1.05;
/** Where more of a cell's answers are late than this, the limit or the unit of the times is wrong. */
const MAX_LATE = 0.05;
/** The handler works within the round trip; clocks differ by less than this. */
const LONGER_HANDLER = 1.2;
/** Think times beyond both look like milliseconds. */
const LONG_THINK_SECONDS = 100;
const LONG_THINK_ROUND_TRIPS = 20;
/** The same condition measured twice differs by more only between hosts, or between states of one. */
const DIFFERENT = 1.25;
const STANDARD_ERRORS = 4;

const nameOf = ({ users, thinkTimeSeconds }: { users: number; thinkTimeSeconds: number }) =>
  `${formatUsers(users)} with think time ${thinkTimeSeconds} s`;
const shown = (seconds: number) => `${Number(seconds.toPrecision(3))} s`;

/**
 * What measured cells say against each other, against the limit, or against what they are labelled with.
 * @returns doubts for the verdict
 * @throws {QueueingError} MODEL_BAD_UNITS where times cannot be what they are taken for
 */
export function findContradictions(
  cells: readonly ModelCell[],
  observations: readonly Observation[],
  limitSeconds: number,
): readonly Doubt[] {
  for (const seen of observations) demandPlausibleTimes(seen, limitSeconds);
  return [
    ...cells.flatMap((cell) => lateAnswers(cell, limitSeconds)),
    ...cells.flatMap(missingClients),
    ...longThinkTimes(observations),
    ...differentHosts(observations),
    ...quickFailures(observations),
  ];
}

/** Requests that failed of something else than the limit. */
function quickFailures(observations: readonly Observation[]): readonly Doubt[] {
  const failed = observations.reduce((sum, seen) => sum + (seen.quickFailures ?? 0), 0);
  if (failed === 0) return [];
  const all = observations.reduce((sum, seen) => sum + seen.requests, 0);
  return [
    {
      level: "caution",
      reason: `${failed} of ${all} requests failed long before the time limit: the model knows no such failures, and predicts the others.`,
    },
  ];
}

function demandPlausibleTimes(seen: Observation, limitSeconds: number): void {
  const { meanRoundTripSeconds: mean, uncutMeanSeconds, handlerSeconds = 0 } = seen;
  if (mean > 10 * limitSeconds) {
    throw new QueueingError(
      "MODEL_BAD_UNITS",
      `the mean round trip of ${nameOf(seen)} is ${mean.toFixed(1)} s, more than ten times the limit of ${limitSeconds} s`,
      "check that times are seconds, not milliseconds, and give the limit with --limit",
    );
  }
  if (handlerSeconds > LONGER_HANDLER * uncutMeanSeconds) {
    throw new QueueingError(
      "MODEL_BAD_UNITS",
      `the handler of ${nameOf(seen)} took ${shown(handlerSeconds)} in the mean, longer than the round trips of ${shown(uncutMeanSeconds)} that it is a part of`,
      "give both in seconds: divide handler times that are milliseconds by 1000",
    );
  }
}

/** Answered requests that took longer than the limit. */
function lateAnswers(cell: ModelCell, limitSeconds: number): readonly Doubt[] {
  const { late, answered, longest } = countLate(cell, LATE * limitSeconds);
  if (late === 0) return [];
  const found = `${late} of ${answered} answered requests of ${nameOf(cell)} took longer than the limit of ${limitSeconds} s, ${shown(longest)} at most`;
  const hint = "give the limit that was set with --limit; if the times are milliseconds, divide them by 1000";
  if (late > MAX_LATE * answered) throw new QueueingError("MODEL_BAD_UNITS", found, hint);
  return [{ level: "caution", reason: `${found}: ${hint}.` }];
}

function countLate({ clients, summary }: ModelCell, border: number) {
  let [late, answered, longest] = [0, 0, 0];
  if (summary !== undefined) {
    const { requests, roundTripSeconds, successfulRoundTripSeconds } = summary;
    const known = successfulRoundTripSeconds ?? (requests.failed === 0 ? roundTripSeconds : undefined);
    answered = requests.answered;
    longest = known?.max ?? known?.mean ?? 0;
    // Of a summary it is known whether one was late, and whether most were.
    if (longest > border) late = (known?.mean ?? 0) > border / LATE ? answered : 1;
    return { late, answered, longest };
  }
  for (const client of clients) {
    answered += client.successfulRequests;
    if (!client.roundTripSeconds.some((seconds) => seconds > border)) continue;
    const failed = failedRequests(client);
    const own = client.roundTripSeconds.filter((_, index) => failed[index] === 0);
    late += own.filter((seconds) => seconds > border).length;
    longest = own.reduce((most, seconds) => Math.max(most, seconds), longest);
  }
  return { late, answered, longest };
}

/** Logs that hold more or fewer clients than their label says users. */
function missingClients({ users, thinkTimeSeconds, clients, summary }: ModelCell): readonly Doubt[] {
  const count = summary === undefined ? clients.length : (summary.clients ?? users);
  const repetitions =
    summary === undefined
      ? new Set(clients.map((client) => client.repetition ?? 1)).size
      : Math.max(1, Math.round(count / users));
  if (count === 0 || count === users * repetitions) return [];
  const runs = repetitions === 1 ? "" : ` in ${repetitions} repetitions`;
  return [
    {
      level: count < (users * repetitions) / 2 || count > users * repetitions ? "do not trust" : "caution",
      reason: `${nameOf({ users, thinkTimeSeconds })}: the logs hold ${count} ${count === 1 ? "client" : "clients"}${runs}. Check the number of users that the log is labelled with; name a second run of it with repetition=2.`,
    },
  ];
}

function longThinkTimes(observations: readonly Observation[]): readonly Doubt[] {
  const long = observations.find(
    ({ thinkTimeSeconds, uncutMeanSeconds }) =>
      thinkTimeSeconds >= LONG_THINK_SECONDS && thinkTimeSeconds >= LONG_THINK_ROUND_TRIPS * uncutMeanSeconds,
  );
  if (long === undefined) return [];
  const { thinkTimeSeconds, uncutMeanSeconds } = long;
  return [
    {
      level: "caution",
      reason: `A think time of ${thinkTimeSeconds} s stands beside round trips of ${shown(uncutMeanSeconds)}: think times are seconds; if it was ${thinkTimeSeconds} ms, write think=${thinkTimeSeconds / 1000}.`,
    },
  ];
}

/** The same condition in two results, with round trips that chance does not explain. */
function differentHosts(observations: readonly Observation[]): readonly Doubt[] {
  for (const [index, one] of observations.entries()) {
    const other = observations
      .slice(index + 1)
      .find((seen) => seen.users === one.users && seen.thinkTimeSeconds === one.thinkTimeSeconds);
    if (other === undefined) continue;
    const ratio = Math.abs(Math.log(other.uncutMeanSeconds / one.uncutMeanSeconds));
    const chance = STANDARD_ERRORS * Math.hypot(one.relativeError, other.relativeError);
    if (ratio <= Math.log(DIFFERENT) || ratio <= chance) continue;
    return [
      {
        level: "do not trust",
        reason: `Two results differ in ${nameOf(one)}: ${shown(one.uncutMeanSeconds)} and ${shown(other.uncutMeanSeconds)}. They are not of one host in one state; fit each by itself.`,
      },
    ];
  }
  return [];
}
