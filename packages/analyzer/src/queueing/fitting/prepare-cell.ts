import { drawNormal } from "../../stats/draw-normal.ts";
import { average } from "../numeric/average.ts";
import { censoredNormal } from "./censored.ts";
import { type ClientTotals, clientTotals, type Totals } from "./client-totals.ts";
import { observeSummary } from "./from-summary.ts";
import type { FailedCell, ModelCell, Observation } from "./observation.ts";
import { addSized, explainedShare } from "./sized-moments.ts";

/** From this many clients on, resampling whole clients is enough; with fewer it underestimates the scatter. */
const ENOUGH_CLIENTS = 8;

/** A cell prepared for fitting: its observation, and a way to resample it. */
export interface PreparedCell {
  readonly cell: ModelCell;
  /** Undefined if no request succeeded. */
  readonly seen: Observation | undefined;
  readonly failed?: FailedCell;
  /** Resamples clients (and blocks of their requests if they are few), or draws from the standard error of a summary. */
  readonly redraw: (random: () => number) => Observation | undefined;
}

/** Prepares a condition for fitting and resampling. */
export function prepare(cell: ModelCell, limitSeconds: number): PreparedCell {
  if (cell.summary !== undefined) {
    const seen = observeSummary(cell.summary, limitSeconds);
    const shifted = (random: () => number) =>
      seen && {
        ...seen,
        uncutMeanSeconds: seen.uncutMeanSeconds * Math.exp(seen.relativeError * drawNormal(random)),
        // Correlated requests: four count as one.
        stdevSeconds: seen.stdevSeconds * Math.exp(drawNormal(random) / Math.sqrt(seen.requests / 2)),
      };
    const { requests, roundTripSeconds } = cell.summary;
    return {
      cell,
      seen,
      redraw: shifted,
      ...failedCell(cell, requests.successful, requests.sent, roundTripSeconds.mean),
    };
  }
  const clients = cell.clients
    .filter((client) => client.roundTripSeconds.length > 0)
    .map((client) => clientTotals(client, limitSeconds));
  const sumUp = (totals: readonly Totals[]) => observeTotals(cell, totals, limitSeconds);
  const whole = clients.map((client) => client.whole);
  const sum = (of: (client: Totals) => number) => whole.reduce((total, client) => total + of(client), 0);
  const requests = sum((client) => client.requests);
  const mean = sum((client) => client.sumSeconds) / requests;
  const any = (random: () => number) => clients[Math.floor(random() * clients.length)] as ClientTotals;
  // With enough clients, blocks on top would count the same variation twice.
  const drawn = (random: () => number) =>
    clients.length < ENOUGH_CLIENTS ? any(random).draw(random) : any(random).whole;
  return {
    cell,
    seen: sumUp(whole),
    redraw: (random) => sumUp(clients.map(() => drawn(random))),
    ...failedCell(
      cell,
      sum((client) => client.successful.count),
      requests,
      mean,
    ),
  };
}

function failedCell(
  { users, thinkTimeSeconds }: ModelCell,
  successful: number,
  requests: number,
  meanRoundTripSeconds = 0,
): Pick<PreparedCell, "failed"> {
  if (successful > 0 || requests === 0) return {};
  return { failed: { users, thinkTimeSeconds, requests, meanRoundTripSeconds } };
}

function observeTotals(
  { users, thinkTimeSeconds, throughputPerSecond, isSteady }: ModelCell,
  clients: readonly Totals[],
  limitSeconds: number,
): Observation | undefined {
  const total = (of: (client: Totals) => number) => clients.reduce((sum, client) => sum + of(client), 0);
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
  const handlers = total((client) => client.handler.count);
  return {
    users,
    thinkTimeSeconds,
    uncutMeanSeconds: mean,
    stdevSeconds: stdev,
    relativeError: standardError(clients, stdev, requests) / mean,
    meanRoundTripSeconds: total((client) => client.sumSeconds) / requests,
    successRate: average(clients.map((client) => client.successful.count / client.requests)),
    ...(handlers > 0 && { handlerSeconds: total((client) => client.handler.sumSeconds) / handlers }),
    ...(throughputPerSecond !== undefined && { throughputPerSecond }),
    ...(isSteady !== undefined && { isSteady }),
    requests,
    cutRequests,
    ...sizesSeen(clients, cutRequests),
    ...(quickFailures > 0 && { quickFailures }),
    ...betweenRuns(clients),
  };
}

/** Large requests time out first, so the mean size of the others would be biased. */
function sizesSeen(
  clients: readonly Totals[],
  cutRequests: number,
): Pick<Observation, "meanUnits" | "explainedBySize"> {
  const sized = addSized(clients.map((client) => client.sized));
  if (sized === undefined || sized.count < 2) return {};
  return {
    ...(cutRequests === 0 && { meanUnits: sized.u / sized.count }),
    explainedBySize: explainedShare(sized),
  };
}

function betweenRuns(clients: readonly Totals[]): Pick<Observation, "betweenRunsSeconds"> {
  const repetitions = [...new Set(clients.map((client) => client.repetition))];
  if (repetitions.length < 2) return {};
  const means = repetitions.map((repetition) => {
    const own = clients.filter((client) => client.repetition === repetition);
    return average(own.map((client) => client.sumSeconds)) / average(own.map((client) => client.requests));
  });
  return { betweenRunsSeconds: spreadOf(means) };
}

/** From the clients' means if there are enough clients; otherwise from the requests, with four counted as one. */
function standardError(clients: readonly Totals[], stdev: number, requests: number): number {
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
