import { formatSeconds, formatUsers } from "@slbench/analyzer/logs";
import { conditionKey } from "@slbench/client/condition";
import { type ExpectedLoad, type Experiment, expectedLoads } from "@slbench/jmeter-plans";
import type { ExpectedCondition, LoadForecast, Warning } from "./result-folder.ts";
import { loadNotReached } from "./warnings.ts";

const MAX_NAMED = 5;

/** @param workers that share the users */
export function forecastLoad(experiment: Experiment, workers: number, responseSeconds: number): LoadForecast {
  const conditions = expectedLoads(experiment, workers, responseSeconds).map(({ cell, expected }) => ({
    ...{ users: cell.users, thinkTimeSeconds: cell.thinkTimeSeconds },
    ...(cell.thinkTime !== undefined && { thinkTime: cell.thinkTime }),
    ...expected,
  }));
  return { responseSeconds, conditions };
}

/** One warning for all conditions whose users will not be active together; empty without such a one. */
export function loadWarnings(experiment: Experiment, forecast: LoadForecast): readonly Warning[] {
  const { conditions, responseSeconds } = forecast;
  const missed = conditions
    .filter(({ isTogether }) => !isTogether)
    .toSorted((a, b) => a.meanActiveUsers / a.users - b.meanActiveUsers / b.users);
  if (missed.length === 0) return [];
  const named = nameFirst(missed, (one) => describeExpected(one, experiment.load.start));
  return [
    loadNotReached(
      `in ${missed.length} of ${conditions.length} conditions the users will not be active together for 2 responses each: ${named}`,
      `${whatToChange(experiment, missed, responseSeconds)}; as planned, these cells count by their mean active users`,
    ),
  ];
}

/** For plans without a known response time: how long responses must take. Empty if any time will do. */
export function responseTimeWarnings(experiment: Experiment, workers: number): readonly Warning[] {
  const { conditions } = forecastLoad(experiment, workers, 0);
  const needy = conditions
    .filter(({ responseSecondsNeeded }) => responseSecondsNeeded !== 0)
    .toSorted((a, b) => shortestResponse(b) - shortestResponse(a));
  if (needy.length === 0) return [];
  const named = nameFirst(needy, ({ responseSecondsNeeded: seconds }) =>
    seconds === undefined ? "no response time is long enough" : `at least ${formatTime(seconds)}`,
  );
  return [
    loadNotReached(
      `in ${needy.length} of ${conditions.length} conditions the users are active together for 2 responses each only if responses take long enough: ${named}`,
      `${whatToChange(experiment, needy, 0)}; slbench doctor and slbench run ask the function how long it takes`,
    ),
  ];
}

const shortestResponse = ({ responseSecondsNeeded = Number.POSITIVE_INFINITY }: ExpectedCondition) =>
  responseSecondsNeeded;

/** `u08-t0: at least 0.82 s; …; and 3 more` */
function nameFirst(
  conditions: readonly ExpectedCondition[],
  describe: (one: ExpectedCondition) => string,
): string {
  const named = conditions.slice(0, MAX_NAMED).map((one) => `${conditionKey(one)}: ${describe(one)}`);
  const more = conditions.length > MAX_NAMED ? [`and ${conditions.length - MAX_NAMED} more`] : [];
  return [...named, ...more].join("; ");
}

/** `8 users started at 0.25/s, each busy for about 3 s: 0.8 active on average` */
function describeExpected(one: ExpectedCondition, start: string): string {
  const how = start === "together" ? "started together" : `started at ${start}`;
  return `${formatUsers(one.users)} ${how}, each busy for about ${formatTime(one.busySeconds)}: ${one.meanActiveUsers.toFixed(1)} active on average`;
}

/** The settings with which all users would be together: the start, or the number of requests, or both. */
function whatToChange(
  experiment: Experiment,
  missed: readonly ExpectedLoad[],
  responseSeconds: number,
): string {
  const asPlanned = longer(missed);
  if (experiment.load.start === "together") return `set ${asPlanned}`;
  const together = { ...experiment, load: { ...experiment.load, start: "together" } };
  const stillMissed = expectedLoads(together, 1, responseSeconds)
    .map(({ expected }) => expected)
    .filter(({ isTogether }) => !isTogether);
  if (stillMissed.length > 0) return `set load.start: together and ${longer(stillMissed)}`;
  return asPlanned === "" ? "set load.start: together" : `set load.start: together, or ${asPlanned}`;
}

/** `load.requestsPerUser: 353 or more`; empty without a response time. */
function longer(missed: readonly ExpectedLoad[]): string {
  const requests = Math.max(...missed.map(({ requestsNeeded = 0 }) => requestsNeeded));
  const seconds = Math.max(...missed.map(({ secondsNeeded = 0 }) => secondsNeeded));
  if (seconds > 0) return `load.durationSeconds: ${seconds} or more`;
  return requests > 0 ? `load.requestsPerUser: ${requests} or more` : "";
}

const formatTime = (seconds: number) =>
  seconds >= 10 ? formatSeconds(seconds, 0) : formatSeconds(Number(seconds.toPrecision(2)));
