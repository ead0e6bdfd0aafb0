import type { ClientRun } from "../clients/client-run.ts";
import { checkClientCount } from "../clients/count-clients.ts";
import { checkClients } from "../clients/read-client.ts";
import { otherReports, reconcileClients } from "../clients/reconcile.ts";
import { alignClients } from "../clocks/align-clients.ts";
import { conditionKey, conditionOf } from "../core/condition.ts";
import { noReports, samplesSummed } from "../core/warning-catalogue.ts";
import type { SkippedInput, Warning } from "../core/warnings.ts";
import { crashedProcesses } from "../log/labels.ts";
import { type Log, parseLog } from "../log/log.ts";
import { type PlainLog, type RowHead, selectSamples } from "../rows/plain-log.ts";
import type { Selection } from "../rows/selection.ts";
import type { LogInput } from "./log-input.ts";
import type { Pass } from "./pass.ts";

/** The clients of one input, from all its sources. */
export interface MeasuredRun {
  readonly input: LogInput;
  readonly clients: readonly ClientRun[];
}

/** What inputs hold: runs of clients, and logs without clients' reports. */
export interface ReadInputs {
  readonly runs: readonly MeasuredRun[];
  readonly plainLogs: readonly PlainLog[];
}

/**
 * First pass: what each input holds.
 * @throws {SlbenchError} when an input is no log at all; EXPRESSION_…
 */
export function readInputs(inputs: readonly LogInput[], selection: Selection): Pass<ReadInputs> {
  const names = new Map<string, number>();
  for (const { source } of inputs) names.set(baseName(source), (names.get(baseName(source)) ?? 0) + 1);
  const passes = inputs.map((input) => readInput(input, names, selection));
  return {
    value: {
      runs: passes.flatMap(({ value }) => value.run ?? []),
      plainLogs: passes.flatMap(({ value }) => value.plain ?? []),
    },
    warnings: passes.flatMap(({ warnings }) => warnings),
    skipped: passes.flatMap(({ skipped }) => skipped),
  };
}

function readInput(
  input: LogInput,
  names: ReadonlyMap<string, number>,
  selection: Selection,
): Pass<{ readonly run?: MeasuredRun; readonly plain?: PlainLog }> {
  const { source, secondLog, recovered = "", journals = [] } = input;
  const { reports, skipped: skippedReports } = otherReports(recovered, journals, source);
  const log = input.log ?? readText(input, reports.length + skippedReports.length > 0);
  const skipped = [
    ...skippedReports,
    ...(log?.skipped ?? []),
    // The second log replaces what the first one lacks: if that is whole, nothing is missing.
    ...(log === undefined || log.skipped.length > 0 ? (secondLog?.skipped ?? []) : []),
  ];
  if (log === undefined || log.hasReports || reports.length > 0) {
    const own = runOf(input, log, reports);
    return { value: { run: own.value }, warnings: own.warnings, skipped: [...skipped, ...own.skipped] };
  }
  const plain = selectSamples(log, rowHead(input, names), source, selection);
  const warnings = [
    ...log.warnings,
    ...(log.summed === undefined ? [] : [samplesSummed(source, log.summed.rows, log.summed.samples)]),
    ...plain.warnings,
  ];
  // A cell of an experiment stays a cell, whatever its clients' return codes.
  const isOfRequests = input.plannedClients === undefined && log.labels.every(({ isRequest }) => isRequest);
  if (input.isConditionInferred === true || isOfRequests) {
    const more =
      input.isConditionInferred === true ? crashedProcesses(source, log) : missingReports(input, log.clients);
    return { value: { plain }, warnings: [...warnings, ...more], skipped };
  }
  const own = runOf(input, log, reports);
  return {
    value: { run: own.value, plain },
    warnings: [...warnings, ...own.warnings],
    skipped: [...skipped, ...own.skipped],
  };
}

function runOf(
  input: LogInput,
  log: Log | undefined,
  reports: ReturnType<typeof otherReports>["reports"],
): Pass<MeasuredRun> {
  const { source, repetition } = input;
  const sources = reconcileClients(
    log?.clients ?? [],
    input.secondLog?.clients ?? [],
    reports,
    source,
    input.workers,
  );
  const checked = checkClients(sources.clients).map((client) =>
    client.repetition === repetition ? client : client.with({ repetition }),
  );
  const { clients, warnings: clockWarnings } = alignClients(checked, input.clocks, input);
  const cell = conditionOf(input);
  return {
    value: { input, clients },
    warnings: [
      ...clockWarnings,
      ...sources.warnings,
      ...checkClientCount(source, input.plannedClients, clients),
      ...missingReports(input, clients),
      ...clients.flatMap((client) => client.warnings).map((warning) => ({ ...warning, cell })),
    ],
    skipped: clients.flatMap(({ sample, torn = [] }) =>
      torn.map((reason): SkippedInput => ({ source, position: sample.threadName, reason })),
    ),
  };
}

const baseName = (source: string) => source.split(/[/\\]/).at(-1) as string;

/** If the condition is inferred, a log's rows bear its name, or its path if several logs have that name. */
function rowHead(input: LogInput, names: ReadonlyMap<string, number>): RowHead {
  const { source, users, thinkTimeSeconds, repetition, isConditionInferred } = input;
  const name = baseName(source);
  return isConditionInferred === true
    ? { cell: (names.get(name) ?? 0) > 1 ? source : name, users, repetition }
    : { cell: conditionKey(input), users, thinkTimeSeconds, repetition };
}

/** Undefined if there is no log because everything was recovered. */
function readText(input: LogInput, isRecovered: boolean): Log | undefined {
  const text = input.text ?? "";
  return text.trim() === "" && isRecovered ? undefined : parseLog(text, input.source);
}

/** A log of something else than slbench's clients, or one without response data. */
function missingReports(input: LogInput, clients: readonly ClientRun[]): readonly Warning[] {
  if (clients.length === 0 || clients.some((client) => client.hasReport)) return [];
  const printedSomething = clients.some(({ printedNoReport }) => printedNoReport);
  return [noReports(input.source, clients.length, printedSomething)];
}
