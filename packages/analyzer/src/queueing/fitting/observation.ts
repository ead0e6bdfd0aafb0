import { drawNormal } from "../numeric/random.ts";
import { censoredNormal } from "./censored.ts";
import { type ClientTotals, clientTotals, type Totals } from "./client-totals.ts";
import { observeSummary, type SummarizedCell } from "./from-summary.ts";

/** As many clients tell by their own scatter how a mean scatters; fewer, drawn whole, tell of too little. */
const ENOUGH_CLIENTS = 8;

/** What the model needs to know of one client: all its round trips in order, and how many were answered. */
export interface ModelClient {
  readonly roundTripSeconds: readonly number[];
  readonly successfulRequests: number;
  /** Which requests were answered, in the order of the round trips; absent: the fastest were. */
  readonly answered?: readonly boolean[];
  /** Times that the function's handler took, where it said so. */
  readonly handlerSeconds?: readonly number[];
  /** Which repetition of the cell it belongs to; absent: there was one. */
  readonly repetition?: number;
}

/** One measured condition. */
export interface ModelCell {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly clients: readonly ModelClient[];
  /** Users in the system on average, if it is known. */
  readonly meanActiveUsers?: number;
  /** Where only this is left of it: then there are no clients. */
  readonly summary?: SummarizedCell;
}

/** A condition as numbers to fit to. */
export interface Observation {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  /** Mean of the uncut round trips: requests cut at the limit are treated as censored there. */
  readonly uncutMeanSeconds: number;
  /** Standard deviation of the uncut round trips. */
  readonly stdevSeconds: number;
  /** Standard error of the mean, as a share of the mean. */
  readonly relativeError: number;
  /** As published: every sent request, cut ones included. */
  readonly meanRoundTripSeconds: number;
  /** Mean over clients of answered ÷ sent. */
  readonly successRate: number;
  /** Mean handler time: work on the host, so the demand is not less. */
  readonly handlerSeconds?: number;
  readonly requests: number;
  readonly cutRequests: number;
  /** Requests that failed long before the limit: of something else, which the model does not know. */
  readonly quickFailures?: number;
  /** Standard deviation of the repetitions' means, seconds; absent with one repetition. */
  readonly betweenRunsSeconds?: number;
}

/** A condition of which no request was answered: there is nothing to learn from it but that it was too much. */
export interface FailedCell {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly requests: number;
  /** How long its requests took until they failed. */
  readonly meanRoundTripSeconds: number;
}

/** A cell made ready: what it showed, and what it might as well have shown. */
export interface PreparedCell {
  /** Undefined where no request was answered. */
  readonly seen: Observation | undefined;
  readonly failed?: FailedCell;
  /** Clients drawn again, blocks of their requests where they are few; from its standard error where only a summary is left. */
  readonly redraw: (random: () => number) => Observation | undefined;
}

/** Sums up a condition, once for all that is asked of it. */
export function prepare(cell: ModelCell, limitSeconds: number): PreparedCell {
  if (cell.summary !== undefined) {
    const seen = observeSummary(cell.summary, limitSeconds);
    const shifted = (random: () => number) =>
      seen && {
        ...seen,
        uncutMeanSeconds: seen.uncutMeanSeconds * Math.exp(seen.relativeError * drawNormal(random)),
        // As many requests as tell something new: four are worth one.
        stdevSeconds: seen.stdevSeconds * Math.exp(drawNormal(random) / Math.sqrt(seen.requests / 2)),
      };
    const { requests, roundTripSeconds } = cell.summary;
    return {
      seen,
      redraw: shifted,
      ...failedCell(cell, requests.answered, requests.sent, roundTripSeconds.mean),
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
  // Enough clients scatter as their requests do: blocks on top would count that chance twice.
  const drawn = (random: () => number) =>
    clients.length < ENOUGH_CLIENTS ? any(random).draw(random) : any(random).whole;
  return {
    seen: sumUp(whole),
    redraw: (random) => sumUp(clients.map(() => drawn(random))),
    ...failedCell(
      cell,
      sum((client) => client.answered.count),
      requests,
      mean,
    ),
  };
}

function failedCell(
  { users, thinkTimeSeconds }: ModelCell,
  answered: number,
  requests: number,
  meanRoundTripSeconds = 0,
): Pick<PreparedCell, "failed"> {
  if (answered > 0 || requests === 0) return {};
  return { failed: { users, thinkTimeSeconds, requests, meanRoundTripSeconds } };
}

function observeTotals(
  { users, thinkTimeSeconds }: ModelCell,
  clients: readonly Totals[],
  limitSeconds: number,
): Observation | undefined {
  const total = (of: (client: Totals) => number) => clients.reduce((sum, client) => sum + of(client), 0);
  const requests = total((client) => client.requests);
  const answered = {
    count: total((client) => client.answered.count),
    sum: total((client) => client.answered.sum),
    squares: total((client) => client.answered.squares),
  };
  if (answered.count === 0 || requests < 2) return undefined;
  const cutRequests = total((client) => client.cutRequests);
  const quickFailures = total((client) => client.quickFailures);
  const { mean, stdev } = censoredNormal(answered, cutRequests, limitSeconds);
  const handlers = total((client) => client.handler.count);
  return {
    users,
    thinkTimeSeconds,
    uncutMeanSeconds: mean,
    stdevSeconds: stdev,
    relativeError: standardError(clients, stdev, requests) / mean,
    meanRoundTripSeconds: total((client) => client.sumSeconds) / requests,
    successRate: average(clients.map((client) => client.answered.count / client.requests)),
    ...(handlers > 0 && { handlerSeconds: total((client) => client.handler.sumSeconds) / handlers }),
    requests,
    cutRequests,
    ...(quickFailures > 0 && { quickFailures }),
    ...betweenRuns(clients),
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

/** Mean of the clients' means where there are enough clients; else the requests, four of them worth one. */
function standardError(clients: readonly Totals[], stdev: number, requests: number): number {
  const byRequests = (2 * stdev) / Math.sqrt(requests); // requests of one client resemble each other
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

/** Coefficient of variation of one request's work: that of the round trips where the fewest users were. */
export function workVariation(observations: readonly Observation[]): number {
  const least = Math.min(...observations.map((seen) => seen.users));
  const lightest = observations.filter((seen) => seen.users === least);
  return average(lightest.map((seen) => seen.stdevSeconds / seen.uncutMeanSeconds));
}

export function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** At most `most` of them, spread over all in their order, the first and the last among them. */
export function spread<T>(values: readonly T[], most: number): readonly T[] {
  if (values.length <= most) return values;
  return Array.from(
    { length: most },
    (_, index) => values[Math.round((index * (values.length - 1)) / (most - 1))] as T,
  );
}
