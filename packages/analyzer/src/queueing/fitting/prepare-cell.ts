import { average } from "../numeric/average.ts";
import { censoredNormal } from "./censored.ts";
import { type ClientTotals, clientTotals } from "./client-totals.ts";
import { observeSummary } from "./from-summary.ts";
import type { FailedCell, ModelCell, ModelClient, Observation } from "./observation.ts";
import { planOf, usersTogether } from "./plan.ts";
import { addSized, explainedShare } from "./sized-moments.ts";

/** A cell and what the model is fitted to. */
export interface PreparedCell {
  readonly cell: ModelCell;
  /** Undefined if no request succeeded. */
  readonly seen: Observation | undefined;
  readonly failed?: FailedCell;
}

/** Prepares a condition for fitting. */
export function prepare(cell: ModelCell, limitSeconds: number): PreparedCell {
  if (cell.summary !== undefined) {
    const { requests, roundTripSeconds } = cell.summary;
    const figures = [requests.successful, requests.sent, roundTripSeconds.mean ?? 0] as const;
    return {
      cell,
      seen: observeSummary(cell.summary, cell, limitSeconds),
      ...failedCell(cell, limitSeconds, ...figures),
    };
  }
  const clients = cell.clients
    .filter((client) => client.roundTripSeconds.length > 0)
    .map((client) => clientTotals(client, limitSeconds));
  const sum = (of: (client: ClientTotals) => number) =>
    clients.reduce((total, client) => total + of(client), 0);
  const requests = sum((client) => client.requests);
  const successful = sum((client) => client.successful.count);
  const mean = sum((client) => client.sumSeconds) / requests;
  return {
    cell,
    seen: observeTotals(cell, clients, limitSeconds),
    ...failedCell(cell, limitSeconds, successful, requests, mean),
  };
}

function failedCell(
  cell: ModelCell,
  limitSeconds: number,
  successful: number,
  requests: number,
  meanRoundTripSeconds: number,
): Pick<PreparedCell, "failed"> {
  if (successful > 0 || requests === 0) return {};
  const { users, thinkTimeSeconds } = cell;
  const condition = { users, thinkTimeSeconds, requests, meanRoundTripSeconds };
  const asTimeouts: Observation = {
    ...condition,
    ...{ uncutMeanSeconds: limitSeconds, stdevSeconds: 0, relativeError: 1, successRate: 0 },
    ...{ modelMeanSeconds: limitSeconds, modelSuccessRate: 0, cutRequests: requests, runs: 1 },
    plan: planOf(cell, requests / users, limitSeconds + thinkTimeSeconds),
    activeUsers: usersTogether(cell),
  };
  return { failed: { ...condition, asTimeouts } };
}

function observeTotals(
  cell: ModelCell,
  clients: readonly ClientTotals[],
  limitSeconds: number,
): Observation | undefined {
  const { users, thinkTimeSeconds, throughputPerSecond, isSteady, functionCpu } = cell;
  const total = (of: (client: ClientTotals) => number) =>
    clients.reduce((sum, client) => sum + of(client), 0);
  const requests = total((client) => client.requests);
  const successful = {
    count: total((client) => client.successful.count),
    sum: total((client) => client.successful.sum),
    squares: total((client) => client.successful.squares),
  };
  if (successful.count === 0 || requests < 2) return undefined;
  const cutRequests = total((client) => client.cutRequests);
  const quickFailures = total((client) => client.quickFailures);
  const { mean, stdev } = censoredNormal(successful, cutRequests, limitSeconds);
  const covered = successful.count + cutRequests;
  const modelMeanSeconds = (successful.sum + cutRequests * limitSeconds) / covered;
  const handlers = total((client) => client.handler.count);
  return {
    users,
    thinkTimeSeconds,
    uncutMeanSeconds: mean,
    stdevSeconds: stdev,
    relativeError: standardError(clients, stdev, requests) / mean,
    meanRoundTripSeconds: total((client) => client.sumSeconds) / requests,
    successRate: average(clients.map((client) => client.successful.count / client.requests)),
    modelMeanSeconds,
    modelSuccessRate: successful.count / covered,
    plan: planOf(cell, requests / clients.length, modelMeanSeconds + thinkTimeSeconds),
    runs: new Set(clients.map((client) => client.repetition)).size,
    activeUsers: usersTogether(cell),
    ...(handlers > 0 && { handlerSeconds: total((client) => client.handler.sumSeconds) / handlers }),
    ...(functionCpu !== undefined && successful.count === requests && { functionCpu }),
    ...(successful.count === requests && reportedSeconds(cell.clients)),
    ...(throughputPerSecond !== undefined && { throughputPerSecond }),
    ...(isSteady !== undefined && { isSteady }),
    requests,
    cutRequests,
    ...sizesSeen(
      clients.map((client) => client.sized),
      cutRequests,
    ),
    ...(quickFailures > 0 && { quickFailures }),
    ...betweenRuns(clients),
  };
}

/** The times that all clients report, on average over their requests. */
function reportedSeconds(all: readonly ModelClient[]): Pick<Observation, "reportedSeconds"> {
  const clients = all.filter((client) => client.successfulRequests > 0);
  const requests = clients.reduce((sum, client) => sum + client.successfulRequests, 0);
  const names = Object.keys(clients[0]?.reportedSeconds ?? {}).filter((name) =>
    clients.every((client) => client.reportedSeconds?.[name] !== undefined),
  );
  if (names.length === 0) return {};
  const sumOf = (name: string) =>
    clients.reduce((sum, one) => sum + one.successfulRequests * (one.reportedSeconds?.[name] as number), 0);
  return { reportedSeconds: Object.fromEntries(names.map((name) => [name, sumOf(name) / requests])) };
}

/** Large requests time out first, so the mean size of the others would be biased. */
export function sizesSeen(
  clients: readonly ClientTotals["sized"][],
  cutRequests: number,
): Pick<Observation, "meanUnits" | "explainedBySize"> {
  const sized = addSized(clients);
  if (sized === undefined || sized.count < 2) return {};
  return {
    ...(cutRequests === 0 && { meanUnits: sized.u / sized.count }),
    explainedBySize: explainedShare(sized),
  };
}

function betweenRuns(clients: readonly ClientTotals[]): Pick<Observation, "betweenRunsSeconds"> {
  const repetitions = [...new Set(clients.map((client) => client.repetition))];
  if (repetitions.length < 2) return {};
  const means = repetitions.map((repetition) => {
    const own = clients.filter((client) => client.repetition === repetition);
    return average(own.map((client) => client.sumSeconds)) / average(own.map((client) => client.requests));
  });
  return { betweenRunsSeconds: spreadOf(means) };
}

/** From the clients' means if there are enough clients; otherwise from the requests, with four counted as one. */
function standardError(clients: readonly ClientTotals[], stdev: number, requests: number): number {
  const byRequests = (2 * stdev) / Math.sqrt(requests); // requests of one client are correlated
  if (clients.length < 4) return byRequests;
  const means = clients.map((client) => client.sumSeconds / client.requests);
  return Math.max(byRequests / 2, spreadOf(means) / Math.sqrt(means.length));
}

/** Standard deviation, n − 1. */
function spreadOf(values: readonly number[]): number {
  const centre = average(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
