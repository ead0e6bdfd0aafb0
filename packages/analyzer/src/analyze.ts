import type { ClientRun } from "./clients/client-run.ts";
import { judgeClients } from "./clients/read-client.ts";
import { otherReports, reconcileClients } from "./clients/reconcile.ts";
import type { Loss, Warning } from "./core/warnings.ts";
import type { LabelSummary } from "./log/label-values.ts";
import { crashedProcesses, summarizeLabels } from "./log/labels.ts";
import { type Log, parseLog } from "./log/log.ts";
import { type PlainLog, type RowHead, selectSamples } from "./rows/plain-log.ts";
import { cellName } from "./rows/rows.ts";
import { type Selection, selectFrames } from "./rows/select.ts";
import { type CellSummary, type Condition, summarizeCell } from "./summary/cell.ts";
import { type CellContext, cellDoubts, fewFrames, type MachineLoad } from "./summary/doubts.ts";

export const SUMMARY_SCHEMA = "slbench.summary/1";

/** One log with the condition under which it was made. */
export interface LogInput extends Condition {
  readonly repetition: number;
  /** Name for messages. */
  readonly source: string;
  /** The log: read already, or its text, XML or CSV; empty only where everything was recovered. */
  readonly log?: Log;
  readonly text?: string;
  /** Nobody said what its users and think time are: it is a cell only where it holds clients' reports. */
  readonly guessed?: boolean;
  /** Reports of clients that left no sample, one JSON line each: a result folder's recovered.jsonl. */
  readonly recovered?: string;
  /** The clients' journals: what is in none of the reports is taken from them. */
  readonly journals?: readonly string[];
  /** A second log of the same run, without response data: for the samples that the first one lost. */
  readonly secondLog?: Log;
  /** How many clients there should be; absent: not known. */
  readonly plannedClients?: number;
  /** How busy the load generator's machine was. */
  readonly load?: MachineLoad;
}

/** summary.json. */
export interface Summary {
  readonly schema: typeof SUMMARY_SCHEMA;
  /** Where the figures are not of all frames. */
  readonly selection?: Selection & { readonly framesLeftOut: number };
  /** What detected the faces, as the answers said: `native`, `wasm`, `none`; empty where they did not say. */
  readonly backends: readonly string[];
  readonly cells: readonly CellSummary[];
  /** Logs without clients' reports, of any JMeter: figures per label and number of threads. */
  readonly labels: readonly LabelSummary[];
  /** Whether all of the input was used: nothing is in `lost`. */
  readonly complete: boolean;
  readonly warnings: readonly Warning[];
  readonly lost: readonly Loss[];
}

/** The summary and the client runs that it was made of, cell by cell. */
export interface Analysis {
  readonly summary: Summary;
  readonly clients: readonly (readonly ClientRun[])[];
  /** The logs without clients' reports. */
  readonly plainLogs: readonly PlainLog[];
}

/** All logs of one condition. */
interface Measured extends CellContext {
  readonly condition: Condition;
  readonly clients: ClientRun[];
  readonly loads: MachineLoad[];
  guessed: boolean;
}

/**
 * Logs in, figures per condition out: logs of the same users and think time are one cell.
 * @param selection which frames the figures are of; absent: all
 * @param missing what should be among the inputs and is not
 * @throws {AnalyzerError} when an input is no log at all; FILTER_…
 */
export function analyze(
  inputs: readonly LogInput[],
  selection: Selection = {},
  missing: readonly Loss[] = [],
): Analysis {
  const warnings: Warning[] = [];
  const lost: Loss[] = [...missing];
  const plainLogs: PlainLog[] = [];
  const conditions = new Map<string, Measured>();
  const names = new Map<string, number>();
  for (const { source } of inputs) names.set(baseName(source), (names.get(baseName(source)) ?? 0) + 1);
  for (const input of inputs) {
    const { reports, lost: lostReports } = otherReports(
      input.recovered ?? "",
      input.journals ?? [],
      input.source,
    );
    lost.push(...lostReports);
    const log = input.log ?? readText(input, reports.length + lostReports.length > 0);
    if (log !== undefined) lost.push(...log.lost);
    // Where the first log is whole, nothing is missing.
    if (log === undefined || log.lost.length > 0) lost.push(...(input.secondLog?.lost ?? []));
    if (log !== undefined && !log.hasReports && reports.length === 0) {
      if (log.summed !== undefined) warnings.push(summedSamples(input.source, log.summed));
      const plain = selectSamples(log, rowHead(input, names), input.source, selection);
      plainLogs.push(plain);
      warnings.push(...plain.warnings);
    }
    // A cell of ours stays, whatever its clients ended with.
    const isOfRequests =
      input.plannedClients === undefined && log?.labels.every(({ isRequest }) => isRequest) === true;
    if (log !== undefined && reports.length === 0 && !log.hasReports && (input.guessed || isOfRequests)) {
      if (input.guessed) warnings.push(...crashedProcesses(input.source, log));
      else warnings.push(...missingReports(input, log.clients));
      continue;
    }
    const sources = reconcileClients(log?.clients ?? [], input.secondLog?.clients ?? [], reports);
    const { repetition } = input;
    const clients = judgeClients(sources.clients).map((client) =>
      client.repetition === repetition ? client : client.with({ repetition }),
    );
    for (const { sample, torn } of clients)
      for (const reason of torn ?? []) lost.push({ source: input.source, place: sample.threadName, reason });
    warnings.push(...sources.warnings.map((one) => ({ ...one, message: `${input.source}: ${one.message}` })));
    const key = `${input.users} ${input.thinkTimeSeconds}`;
    const entry = conditions.get(key) ?? { condition: input, clients: [], loads: [], guessed: false };
    entry.clients.push(...clients);
    if (input.load !== undefined) entry.loads.push(input.load);
    entry.guessed ||= input.guessed === true;
    conditions.set(key, entry);
    warnings.push(...missingClients(input, clients.length), ...missingReports(input, clients));
    const where = `users ${input.users}, think time ${input.thinkTimeSeconds} s`;
    for (const warning of clients.flatMap((client) => client.warnings)) {
      warnings.push({ ...warning, message: `${where}: ${warning.message}` });
    }
  }
  const samplesLeftOut = plainLogs.reduce((sum, plain) => sum + plain.samplesLeftOut, 0);
  const selected = select(conditions, selection, samplesLeftOut, warnings);
  const backends = backendsOf([...conditions.values()].flatMap(({ clients }) => clients));
  warnings.push(...backendWarnings(backends));
  const cells = [...conditions.values()].sort(
    (a, b) =>
      a.condition.thinkTimeSeconds - b.condition.thinkTimeSeconds || a.condition.users - b.condition.users,
  );
  const summaries = cells.map(({ condition, clients }) => summarizeCell(condition, clients));
  warnings.push(...fewFrames(summaries));
  for (const [index, summary] of summaries.entries()) {
    const { clients, ...context } = cells[index] as Measured;
    warnings.push(...cellDoubts(summary, clients, context));
  }
  return {
    summary: {
      schema: SUMMARY_SCHEMA,
      ...(selected !== undefined && { selection: selected }),
      backends,
      cells: summaries,
      labels: summarizeLabels(plainLogs),
      complete: lost.length === 0,
      warnings,
      lost,
    },
    clients: cells.map(({ clients }) => clients),
    plainLogs,
  };
}

const baseName = (source: string) => source.split(/[/\\]/).at(-1) as string;

/** Where nobody said the condition, a log's rows bear its name; its path where others have the same name. */
function rowHead(input: LogInput, names: ReadonlyMap<string, number>): RowHead {
  const { source, users, thinkTimeSeconds, repetition, guessed } = input;
  const name = baseName(source);
  return guessed === true
    ? { cell: (names.get(name) ?? 0) > 1 ? source : name, users, repetition }
    : { cell: cellName({ users, thinkTimeSeconds }), users, thinkTimeSeconds, repetition };
}

/** Leaves out what is not wanted, and cells of which nothing is left. */
function select(
  conditions: Map<string, Measured>,
  selection: Selection,
  samplesLeftOut: number,
  warnings: Warning[],
): Summary["selection"] | undefined {
  const { filter, cutRamp } = selection;
  if (filter === undefined && cutRamp !== true) return undefined;
  let framesLeftOut = samplesLeftOut;
  for (const [key, entry] of conditions) {
    const { users, thinkTimeSeconds } = entry.condition;
    const found = selectFrames(entry.condition, entry.clients, selection);
    framesLeftOut += found.framesLeftOut;
    // Without some of a client's frames its pauses are no think times.
    const guessed = entry.guessed || filter !== undefined;
    if (found.clients.length === 0) conditions.delete(key);
    else conditions.set(key, { ...entry, guessed, clients: [...found.clients] });
    if (found.uncutRepetitions.length === 0) continue;
    warnings.push({
      code: "RAMP_NOT_CUT",
      message: `users ${users}, think time ${thinkTimeSeconds} s: no time is known in which all users of repetition ${found.uncutRepetitions.join(", ")} were active; nothing was cut`,
      hint: "reports of older clients have no times; else the first user ended before the last one began: send more frames",
    });
  }
  return { ...selection, framesLeftOut };
}

/** Nothing where everything was recovered. */
function readText(input: LogInput, isRecovered: boolean): Log | undefined {
  const text = input.text ?? "";
  return text.trim() === "" && isRecovered ? undefined : parseLog(text, input.source);
}

function missingClients(input: LogInput, found: number): readonly Warning[] {
  const { plannedClients } = input;
  if (plannedClients === undefined || plannedClients === found) return [];
  return [
    {
      code: "CLIENTS_DIFFER",
      message: `${input.source}: ${found} clients left a sample, ${plannedClients} were planned`,
      hint: "see the cell's logs: a slave may have died, or run another plan",
    },
  ];
}

function summedSamples(source: string, { rows, samples }: NonNullable<Log["summed"]>): Warning {
  return {
    code: "SAMPLES_SUMMED",
    message: `${source}: ${rows} of its rows stand for ${samples} samples (SampleCount) with their mean times; each counts as one`,
    hint: "counts, throughput and quantiles are of rows: let JMeter send samples one by one (mode=Standard or StrippedBatch)",
  };
}

/** A log of something else than slbench's clients, or one without response data. */
function missingReports(input: LogInput, clients: readonly ClientRun[]): readonly Warning[] {
  if (clients.length === 0 || clients.some((client) => client.hasReport)) return [];
  return [
    {
      code: "NO_REPORTS",
      message: `${input.source}: none of its ${clients.length} samples holds a client's report, so nothing is known of single frames`,
      hint: clients.some(({ saidNoReport }) => saidNoReport)
        ? "what they printed is no report: the last line of those that crashed is told"
        : "give the XML log of a View Results Tree that saved response data",
    },
  ];
}

function backendsOf(clients: readonly ClientRun[]): readonly string[] {
  const names = new Set<string>();
  for (const { frames } of clients) {
    for (let index = 0; index < (frames?.length ?? 0); index++) {
      const backend = frames?.backend(index);
      if (backend !== undefined) names.add(backend);
    }
  }
  return [...names].sort();
}

/** A fallback shows in the result, and so do figures that mix two machines' worth of speed. */
function backendWarnings(backends: readonly string[]): readonly Warning[] {
  const warnings: Warning[] = [];
  if (backends.length > 1) {
    warnings.push({
      code: "BACKENDS_DIFFER",
      message: `the function answered from several backends: ${backends.join(", ")}`,
      hint: "compare only cells of one backend",
    });
  }
  if (backends.includes("wasm")) {
    warnings.push({
      code: "BACKEND_WASM",
      message: "the function ran on the wasm backend, several times slower than native TensorFlow",
      hint: "slbench setup says why the native one could not be built",
    });
  }
  return warnings;
}
