import { formatCount, formatInteger, formatUsers } from "../../core/format.ts";
import { type QueueingErrorCode, SlbenchError } from "../errors.ts";
import { failedRequests } from "../fitting/client-totals.ts";
import type { ModelCell, Observation } from "../fitting/observation.ts";
import { findOtherFailures } from "../fitting/other-failures.ts";
import type { Caveat } from "./verdict.ts";

/** A response later than the limit by this factor was not subject to that limit. */
const LATE = 1.05;
/** If more than this share of a cell's responses is late, the limit or the unit of the times is wrong. */
const MAX_LATE = 0.05;
/** Tolerance for handler times, which must lie within the round trip. */
const LONGER_HANDLER = 1.2;
/** Think times beyond both are probably milliseconds. */
const LONG_THINK_SECONDS = 100;
const LONG_THINK_ROUND_TRIPS = 20;
/** Two measurements of one condition differ by more only on different hosts, or if one host changed. */
const DIFFERENT = 1.25;
const STANDARD_ERRORS = 4;

const nameOf = ({ users, thinkTimeSeconds }: { users: number; thinkTimeSeconds: number }) =>
  `${formatUsers(users)} with think time ${thinkTimeSeconds} s`;
const shown = (seconds: number) => `${Number(seconds.toPrecision(3))} s`;

/**
 * Finds contradictions between measured cells, the limit, and the cells' labels.
 * @returns warnings for the verdict
 * @throws {SlbenchError} MODEL_BAD_UNITS if times cannot be in the assumed unit
 */
export function findContradictions(
  cells: readonly ModelCell[],
  observations: readonly Observation[],
  limitSeconds: number,
): readonly Caveat[] {
  for (const seen of observations) demandPlausibleTimes(seen, limitSeconds);
  return [
    ...cells.flatMap((cell) => lateAnswers(cell, limitSeconds)),
    ...cells.flatMap(missingClients),
    ...longThinkTimes(observations),
    ...differentHosts(observations),
    ...quickFailures(observations),
  ];
}

/** Requests that failed for another reason than the limit. */
function quickFailures(observations: readonly Observation[]): readonly Caveat[] {
  const other = findOtherFailures(observations);
  if (other === undefined) return [];
  const { failed, requests, dependOnLoad } = other;
  const seen = `${formatInteger(failed)} of ${formatCount(requests, "request")} failed for another reason than the time limit.`;
  return [
    dependOnLoad
      ? {
          level: "caution",
          reason: `${seen} Their share depends on the load, which the model does not describe: predicted success rates contain the same share at every load.`,
        }
      : { level: "note", reason: `${seen} Predicted success rates contain the same share at every load.` },
  ];
}

function demandPlausibleTimes(seen: Observation, limitSeconds: number): void {
  const { meanRoundTripSeconds: mean, uncutMeanSeconds, handlerSeconds = 0 } = seen;
  if (mean > 10 * limitSeconds) {
    throw new SlbenchError<QueueingErrorCode>(
      "MODEL_BAD_UNITS",
      `the mean round trip of ${nameOf(seen)} is ${mean.toFixed(1)} s, more than ten times the limit of ${limitSeconds} s`,
      { hint: "check that times are seconds, not milliseconds, and give the limit with --timeout" },
    );
  }
  if (handlerSeconds > LONGER_HANDLER * uncutMeanSeconds) {
    throw new SlbenchError<QueueingErrorCode>(
      "MODEL_BAD_UNITS",
      `the handler of ${nameOf(seen)} took ${shown(handlerSeconds)} on average, longer than the round trips of ${shown(uncutMeanSeconds)} that contain it`,
      { hint: "give both in seconds: divide handler times in milliseconds by 1000" },
    );
  }
}

/** Successful requests that took longer than the limit. */
function lateAnswers(cell: ModelCell, limitSeconds: number): readonly Caveat[] {
  const { late, successful, longest } = countLate(cell, LATE * limitSeconds);
  if (late === 0) return [];
  const found = `${late} of ${successful} successful requests of ${nameOf(cell)} took longer than the limit of ${limitSeconds} s, up to ${shown(longest)}`;
  const hint =
    "give the limit that was set with --timeout; if the times are milliseconds, divide them by 1000";
  if (late > MAX_LATE * successful)
    throw new SlbenchError<QueueingErrorCode>("MODEL_BAD_UNITS", found, { hint });
  return [{ level: "caution", reason: `${found}: ${hint}.` }];
}

function countLate({ clients, summary }: ModelCell, border: number) {
  let [late, successful, longest] = [0, 0, 0];
  if (summary !== undefined) {
    const { requests, roundTripSeconds, successfulRoundTripSeconds } = summary;
    const known = successfulRoundTripSeconds ?? (requests.failed === 0 ? roundTripSeconds : undefined);
    successful = requests.successful;
    longest = known?.max ?? known?.mean ?? 0;
    // A summary shows whether one was late, and whether most were.
    if (longest > border) late = (known?.mean ?? 0) > border / LATE ? successful : 1;
    return { late, successful, longest };
  }
  for (const client of clients) {
    successful += client.successfulRequests;
    if (!client.roundTripSeconds.some((seconds) => seconds > border)) continue;
    const failed = failedRequests(client);
    const own = client.roundTripSeconds.filter((_, index) => failed[index] === 0);
    late += own.filter((seconds) => seconds > border).length;
    longest = own.reduce((most, seconds) => Math.max(most, seconds), longest);
  }
  return { late, successful, longest };
}

/** Logs with more or fewer clients than the users of their label. */
function missingClients({ users, thinkTimeSeconds, clients, summary }: ModelCell): readonly Caveat[] {
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
      reason: `${nameOf({ users, thinkTimeSeconds })}: the logs hold ${count} ${count === 1 ? "client" : "clients"}${runs}. Check the log's users label; give a second run of it with repetition=2.`,
    },
  ];
}

function longThinkTimes(observations: readonly Observation[]): readonly Caveat[] {
  const long = observations.find(
    ({ thinkTimeSeconds, uncutMeanSeconds }) =>
      thinkTimeSeconds >= LONG_THINK_SECONDS && thinkTimeSeconds >= LONG_THINK_ROUND_TRIPS * uncutMeanSeconds,
  );
  if (long === undefined) return [];
  const { thinkTimeSeconds, uncutMeanSeconds } = long;
  return [
    {
      level: "caution",
      reason: `The think time is ${thinkTimeSeconds} s, but round trips take ${shown(uncutMeanSeconds)}. Think times are in seconds; for ${thinkTimeSeconds} ms write think=${thinkTimeSeconds / 1000}.`,
    },
  ];
}

/** The same condition in two results, with round trips that differ by more than chance. */
function differentHosts(observations: readonly Observation[]): readonly Caveat[] {
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
        reason: `Two results differ in ${nameOf(one)}: ${shown(one.uncutMeanSeconds)} and ${shown(other.uncutMeanSeconds)}. They were not measured on one host in one state; fit each result separately.`,
      },
    ];
  }
  return [];
}
