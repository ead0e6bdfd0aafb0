import type { Analysis } from "../analyze.ts";
import type { ClientRun } from "../clients/client-run.ts";
import { groupByRepetition, type Repetition, startsOf } from "../clients/repetitions.ts";
import { measuredPart } from "../clients/steady-part.ts";
import { isClosedLoop } from "../core/condition.ts";
import type { ModelCell, ModelClient, TracedRequest } from "../queueing/index.ts";
import type { CellSummary } from "../summary/cell.ts";
import { changesOf } from "../summary/run-summary.ts";
import { findSizes, sizesOf } from "./request-sizes.ts";

/**
 * The cells of results. The same condition in two results stays two: they may differ by more than chance.
 * Open loops are left out, because the model's users wait for their responses; and so are cells with a number of replicas
 * of their own, because the model has one host for all cells.
 *
 * @example
 * ```ts
 * toModelCells([analyze([])]).length; // 0
 * ```
 */
export function toModelCells(analyses: readonly Analysis[]): readonly ModelCell[] {
  const sent = analyses
    .flatMap(({ clients }) => clients.flat())
    .reduce((sum, one) => sum + one.sentRequests, 0);
  const sizes = findSizes(analyses.flatMap(({ clients }) => clients.flat()));
  return analyses.flatMap(({ summary, clients }) =>
    summary.cells.flatMap((cell, index) =>
      isClosedLoop(cell) && cell.replicaCount === undefined
        ? [toModelCell(cell, clients[index] ?? [], sizes, sent <= MAX_TRACED)]
        : [],
    ),
  );
}

function toModelCell(
  cell: CellSummary,
  clients: readonly ClientRun[],
  sizes: ReturnType<typeof findSizes>,
  isTraced: boolean,
): ModelCell {
  const { users, thinkTimeSeconds, meanActiveUsers, throughputPerSecond, part } = cell;
  const changes = changesOf(cell);
  const functionCpu = processorNeedOf(cell);
  const limits = clients.flatMap(({ timeoutSeconds }) => timeoutSeconds ?? []);
  return {
    users,
    thinkTimeSeconds,
    ...(limits.length > 0 && { timeoutSeconds: Math.max(...limits) }),
    ...(meanActiveUsers !== undefined && { meanActiveUsers }),
    ...(throughputPerSecond !== undefined && { throughputPerSecond }),
    isSteady: part === "steady",
    ...(cell.thinkTime !== undefined && { thinkTime: cell.thinkTime }),
    ...runsOf(clients),
    ...(sizes !== undefined && { size: sizes.size }),
    ...(functionCpu !== undefined && { functionCpu }),
    ...(changes.length > 0 && { changes }),
    clients: clients.map((whole) => {
      const client = measuredPart(whole);
      return {
        roundTripSeconds: client.roundTripSeconds,
        successfulRequests: client.successfulRequests,
        ...successOf(client),
        handlerSeconds: client.handlerSeconds,
        ...reportedBy(client),
        repetition: client.repetition,
        ...(sizes !== undefined && sizesOf(client, sizes)),
        ...(isTraced && kindsOf(client)),
        ...(isTraced && traceOf(whole)),
      };
    }),
  };
}

/** The name of a time in the experiment's `response.times` by which a function reports its processor time per request. */
const REPORTED_CPU = "cpuSeconds";

/**
 * The processor time per request: measured by slbench, otherwise as the function reports it (`response.times.cpuSeconds`),
 * which does not say how many cores there are. Undefined if neither is known.
 *
 * @example
 * ```ts
 * processorNeedOf({ functionCpu: { secondsPerRequest: 0.5, cores: 2, busyRatio: 0.9 } })?.cores; // 2
 * ```
 */
export function processorNeedOf({
  functionCpu,
  times,
}: Pick<CellSummary, "functionCpu" | "times">): ModelCell["functionCpu"] {
  if (functionCpu !== undefined)
    return { secondsPerRequest: functionCpu.secondsPerRequest, cores: functionCpu.cores };
  const reported = times?.[REPORTED_CPU]?.mean;
  return reported === undefined ? undefined : { secondsPerRequest: reported };
}

/** The times that all successful responses report, on average and by name without `Seconds`; processor time is not one. */
function reportedBy(client: ClientRun): Pick<ModelClient, "reportedSeconds"> {
  const { requests, successfulRequests: count } = client;
  const known = [
    ["handler", client.handlerSeconds],
    ["ml", client.mlSeconds],
    ...(requests?.timeNames ?? [])
      .filter((name) => name !== REPORTED_CPU)
      .map((name) => [name.replace(/Seconds$/, ""), requests?.successfulTimes(name) ?? []] as const),
  ] as const;
  const all = known.filter(([, seconds]) => count > 0 && seconds.length === count);
  if (all.length === 0) return {};
  const mean = (seconds: readonly number[]) => seconds.reduce((sum, one) => sum + one, 0) / count;
  return { reportedSeconds: Object.fromEntries(all.map(([name, seconds]) => [name, mean(seconds)])) };
}

/** Which requests succeeded; nothing if all did, or if that is not known. */
function successOf({ requests, successfulRequests }: ClientRun): Pick<ModelClient, "successful"> {
  if (requests === undefined || successfulRequests === requests.length) return {};
  return {
    successful: Array.from({ length: requests.length }, (_, index) => requests.outcome(index) === "ok"),
  };
}

/** Requests of all results, beyond which the model gets no single ones: it then looks for no cold starts. */
const MAX_TRACED = 300_000;

/** The payloads of the requests that did not start cold; nothing if they are not known. */
function kindsOf({ requests }: ClientRun): Pick<ModelClient, "kinds"> {
  if (requests === undefined) return {};
  const kinds = Array.from({ length: requests.length }, (_, index) =>
    requests.isColdStart(index) ? undefined : requests.payload(index),
  );
  return kinds.some((kind) => kind !== undefined) ? { kinds } : {};
}

/** Every request of the client's run; nothing if a start is not known. */
function traceOf(client: ClientRun): Pick<ModelClient, "trace" | "measuredFrom"> {
  const { requests, steady } = client;
  const starts = startsOf(client);
  if (requests === undefined || starts.some(Number.isNaN)) return {};
  const roundTrips = requests.numbers("roundTripSeconds");
  const handlers = requests.numbers("handlerSeconds");
  const saysCold = requests.has("coldStart");
  const trace = starts.map((micros, index): TracedRequest => {
    const successful = requests.outcome(index) === "ok";
    const handlerSeconds = handlers[index] as number;
    const replica = requests.replica(index);
    return {
      startSeconds: micros / 1e6,
      roundTripSeconds: roundTrips[index] as number,
      successful,
      ...(saysCold && successful && { isCold: requests.isColdStart(index) }),
      ...(replica !== undefined && { replica }),
      ...(!Number.isNaN(handlerSeconds) && { handlerSeconds }),
    };
  });
  return { trace, measuredFrom: steady?.from ?? 0 };
}

/** How the runs were made, before the steady part was selected. */
function runsOf(clients: readonly ClientRun[]): Pick<ModelCell, "requestsPerUser" | "startRatePerSecond"> {
  const repetitions = groupByRepetition(clients);
  const active = repetitions.flatMap((repetition) => repetition.clients);
  if (active.length === 0) return {};
  const startRatePerSecond = startRate(repetitions);
  return {
    requestsPerUser: active.reduce((sum, client) => sum + client.sentRequests, 0) / active.length,
    ...(startRatePerSecond !== undefined && { startRatePerSecond }),
  };
}

/** Users that started per second (Infinity: all at once); undefined for one user, or if a start is not known. */
function startRate(repetitions: readonly Repetition[]): number | undefined {
  let [others, seconds] = [0, 0];
  for (const { clients } of repetitions) {
    const starts = clients.map((client) => startsOf(client)[0] ?? Number.NaN);
    others += starts.length - 1;
    seconds += (Math.max(...starts) - Math.min(...starts)) / 1e6;
  }
  return others === 0 || Number.isNaN(seconds) ? undefined : others / seconds;
}
