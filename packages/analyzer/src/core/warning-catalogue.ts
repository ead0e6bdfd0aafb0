/**
 * Every warning of the analyzer: one function per code and case, with its message and hint. docs/errors.md lists the
 * codes, and a test compares both. What is measured is decided elsewhere; here are the words only.
 */
import { type Condition, conditionOf } from "./condition.ts";
import { formatCount, formatDecimals, formatPercent, formatSeconds } from "./format.ts";
import { describeHostChange, type HostChange } from "./host-change.ts";
import type { Warning } from "./warnings.ts";

const plural = (count: number, one: string, several: string) => (count === 1 ? one : several);

// Input

/** A log holds no client's report at all. @param printedSomething its processes left output that is no report */
export const noReports = (source: string, samples: number, printedSomething: boolean): Warning => ({
  code: "NO_REPORTS",
  message: `${source}: ${formatCount(samples, "sample")} without a client's report, so single requests are not known`,
  hint: printedSomething
    ? "check what the clients printed: warnings about crashed ones quote their last line"
    : "give the XML log of a View Results Tree that saved response data",
});

export const samplesSummed = (source: string, rows: number, samples: number): Warning => ({
  code: "SAMPLES_SUMMED",
  message: `${source}: ${formatCount(rows, "row")} ${plural(rows, "stands", "stand")} for ${samples} samples (SampleCount), each with the mean of their times`,
  hint: "let JMeter send samples one by one (mode=Standard or StrippedBatch): counts, errors and means are right, quantiles and maxima are those of means",
});

export const columnsInferred = (source: string, columns: readonly string[]): Warning => ({
  code: "COLUMNS_INFERRED",
  message: `${source}: no header; the ${formatCount(columns.length, "column")} ${plural(columns.length, "was", "were")} read as ${columns.join(", ")}`,
  hint: "if that is wrong, name the columns with --columns, in the order of the file",
});

/** @param example a text that was read so */
export const encodingAssumed = (source: string, example: string): Warning => ({
  code: "ENCODING_ASSUMED",
  message: `${source}: some texts are not UTF-8 and were read as Windows-1252, for example "${example}"`,
  hint: "if they look wrong, convert the log to UTF-8, for example with iconv",
});

export const encodingUnknown = (source: string, encoding: string): Warning => ({
  code: "ENCODING_ASSUMED",
  message: `${source}: the declared encoding "${encoding.slice(0, 40)}" is unknown; the log was read as UTF-8`,
  hint: "if texts look wrong, convert the log to UTF-8, for example with iconv, and correct its first line",
});

export const timesConverted = (source: string, unit: string): Warning => ({
  code: "TIMES_CONVERTED",
  message: `${source}: the time stamps are ${unit}, not milliseconds; they were converted`,
  hint:
    unit === "seconds"
      ? "nothing to do if that is right; rates of less than a minute are rough, because starts are known to a second only"
      : "nothing to do if that is right",
});

/** @param format what --timestamp-format gives */
export const timesNotRead = (
  source: string,
  samples: number,
  example: string,
  format: string | undefined,
): Warning => ({
  code: "TIMES_NOT_READ",
  message: `${source}: ${formatCount(samples, "time stamp")} such as "${example}" ${plural(samples, "has", "have")} ${format === undefined ? "no known format" : `another format than "${format}"`}; elapsed times are used, rates are left out`,
  hint: "give --timestamp-format in JMeter's letters, for example 'dd/MM/yyyy HH:mm:ss'",
});

export const timesMissing = (source: string, samples: number): Warning => ({
  code: "TIMES_NOT_READ",
  message: `${source}: ${formatCount(samples, "sample")} without a time stamp; elapsed times are used, rates are left out`,
  hint: "let JMeter save time stamps: jmeter.save.saveservice.timestamp_format=ms",
});

/** @param first the earliest one or so, ms since the epoch */
export const timesImplausible = (source: string, samples: number, first: number): Warning => ({
  code: "TIMES_IMPLAUSIBLE",
  message: `${source}: ${formatCount(samples, "sample")} ${plural(samples, "has", "have")} a time that cannot be right (${new Date(first).toISOString().slice(0, 10)}); rates and everything over time leave ${plural(samples, "it", "them")} out`,
  hint: "nothing to do: all other figures include such samples; JMeter writes time 0 for samples that never began",
});

/** @param gap without a sample, of so long a log, ms since the epoch */
export const timesPause = (
  source: string,
  { fromMs, toMs, spanMs }: { readonly fromMs: number; readonly toMs: number; readonly spanMs: number },
): Warning => ({
  code: "TIMES_PAUSE",
  message: `${source}: no sample ended for ${duration(toMs - fromMs)}, and all within the other ${duration(spanMs - (toMs - fromMs))}; rates of the whole log include this pause`,
  hint: `if the log holds two runs, as jmeter -l appends to a file, analyze one: --filter 'startEpochMicros>=${Math.round((fromMs + toMs) / 2) * 1000}', or <`,
});

/** In the unit that needs few digits. */
function duration(ms: number): string {
  const [unit, unitMs] =
    ms < 120_000 ? ["s", 1000] : ms < 7_200_000 ? ["min", 60_000] : (["h", 3_600_000] as const);
  return `${Number((ms / unitMs).toPrecision(2))} ${unit}`;
}

export const timeZoneUsed = (source: string, zone: string, isGiven: boolean): Warning => ({
  code: "TIME_ZONE_USED",
  message: `${source}: dates without an offset were read in the time zone ${zone}${isGiven ? "" : ", that of this machine"}`,
  hint: isGiven ? "nothing to do" : "if JMeter ran in another one, give it: --time-zone Europe/Berlin",
});

/** @param example field and number: `elapsed 100,5` */
export const commasRead = (source: string, example: string): Warning => ({
  code: "DECIMAL_COMMA",
  message: `${source}: numbers have decimal commas (${example}), as a spreadsheet with a European locale writes them`,
  hint: "nothing to do if that is right: JMeter itself writes whole numbers",
});

/** @param column the last one, which may be cut */
export const lastRowNotEnded = (source: string, column: string): Warning => ({
  code: "LAST_ROW_NOT_ENDED",
  message: `${source}: the last row has no line end; it was used, but its ${column} may be cut`,
  hint: "check that JMeter had finished writing the log",
});

/** @param ended how a process of a log without clients' reports ended */
export const processFailed = (source: string, ended: string): Warning => ({
  code: "PROCESS_FAILED",
  message: `${source}: ${ended}`,
  hint: "it counts as an error; its time is in the figures",
});

/** Those beyond the ones that are named. */
export const moreProcessesFailed = (source: string, processes: number): Warning => ({
  code: "PROCESS_FAILED",
  message: `${source}: ${processes} more ${plural(processes, "process", "processes")} ended with a return code other than 0`,
  hint: "see the errors by type",
});

/** @param difference the first sample that differs, and how */
export const logsDiffer = (source: string, samples: number, difference: string): Warning => ({
  code: "SOURCES_DIFFER",
  message: `${source}: the XML and CSV logs contradict each other in ${formatCount(samples, "sample")}, first ${difference}`,
  hint: "find out which log was changed; the first log is used",
});

export const samplesInSecondLogOnly = (source: string, samples: number): Warning => ({
  code: "SOURCES_DIFFER",
  message: `${source}: ${formatCount(samples, "sample")} ${plural(samples, "is", "are")} in the second log only`,
  hint: "check why the first log is torn; both logs are used",
});

export const journalDiffers = (client: string, requests: number): Warning => ({
  code: "SOURCES_DIFFER",
  message: `${client}: report and journal differ in ${formatCount(requests, "request")}`,
  hint: "find out which one was changed; the report is used",
});

export const reportCompleted = (client: string, reported: number, journalled: number): Warning => ({
  code: "REPORT_COMPLETED",
  message: `${client}: the report has ${formatCount(reported, "request")}, the journal ${journalled}`,
  hint: "nothing to do: the report was cut or did not arrive, so the journal is used",
});

/** @param fields of the filter that the log lacks @param known fields that the log has */
export const filterNotApplied = (
  source: string,
  fields: readonly string[],
  known: readonly string[],
): Warning => ({
  code: "OPTION_NOT_APPLIED",
  message: `${source}: no sample matches the filter, because a log without clients' reports has no ${fields.join(", ")}`,
  hint: `use the fields of such a log: ${known.join(", ")}`,
});

/** @param known the names of times that requests have */
export const timesNotKnown = (names: readonly string[], known: readonly string[]): Warning => ({
  code: "OPTION_NOT_APPLIED",
  message: `the filter compares ${names.join(", ")}, which no request has`,
  hint:
    known.length === 0
      ? "use a column of requests.csv: these requests have no times with names of their own"
      : `use a column of requests.csv, or a time that the experiment names: ${known.join(", ")}`,
});

export const samplesNotCut = (source: string): Warning => ({
  code: "NO_STEADY_PART",
  message: `${source}: no time found in which all threads were active, so figures are of the whole log`,
  hint: "let the threads loop longer: the first one ended before the last one began, or the log has no times",
});

export const noSteadyPart = (condition: Condition): Warning => ({
  code: "NO_STEADY_PART",
  cell: conditionOf(condition),
  message: "no time found in which all users were active, so figures are of the whole run",
  hint: "start the users together or send more requests per user: the first user ended before the last one began, or the reports have no times",
});

export const hostChanged = (condition: Condition, changes: readonly HostChange[]): Warning => ({
  code: "HOST_CHANGED",
  cell: conditionOf(condition),
  message: `the host changed within this cell: ${changes
    .map((change) => `round trips ${describeHostChange(change)} in repetition ${change.repetition}`)
    .join("; ")}`,
  hint: "measure this cell again on a quiet host; its figures mix two speeds, and the model leaves it out",
});

/** @param outside requests before and after the steady part */
export const failedOutside = (
  condition: Condition,
  outside: { readonly sent: number; readonly failed: number },
): Warning => ({
  code: "FAILED_OUTSIDE_STEADY_PART",
  cell: conditionOf(condition),
  message: `${formatCount(outside.failed, "request")} of ${outside.sent} failed before or after the steady part, more often than in it; the figures do not show that`,
  hint: "look at cold starts and the start of the run; --part whole has figures of the whole run",
});

// Clients

/** @param recovered clients that are known from their journals only */
export const clientsDiffer = (
  source: string,
  samples: number,
  recovered: number,
  planned: number,
): Warning => ({
  code: "CLIENTS_DIFFER",
  message: `${source}: ${formatCount(samples, "client")} left a sample${recovered === 0 ? "" : `, ${recovered} more left only ${plural(recovered, "a journal", "journals")}`}; ${planned} were planned`,
  hint:
    samples > planned
      ? "the log holds more than this run: restore it, or measure the cell again"
      : "see the cell's logs: a worker may have died, or run another plan",
});

export const clientsNotNamed = (source: string, processes: number): Warning => ({
  code: "CLIENTS_NOT_NAMED",
  message: `${source}: crashed processes among ${processes} are counted, not named`,
  hint: "see the column of errors",
});

/** Whether a crashed client's requests are in the figures. */
const keptRequests = (kept: number | undefined) =>
  kept === undefined
    ? "its requests are not in the figures"
    : `its ${formatCount(kept, "finished request")} ${plural(kept, "is", "are")} in the figures`;

/** @param kept finished requests that a report or journal still holds */
export const clientLost = (client: string, kept: number | undefined, remark: string): Warning => ({
  code: "CLIENT_LOST",
  message: `${client} left no sample`,
  hint: `check its worker: the client was killed, or the worker was lost; ${keptRequests(kept)}, ${remark}`,
});

export interface Crash {
  readonly client: string;
  /** JMeter's response code; 0 if the process ended well but printed no report. */
  readonly returnCode: string;
  readonly lastLine: string;
  readonly isOutputSaved: boolean;
  readonly isRecordedAsSuccess: boolean;
  /** Finished requests that are in the figures. */
  readonly keptRequests: number | undefined;
}

export const clientCrashed = (crash: Crash): Warning => {
  const ended = crash.returnCode === "0" ? "left no report" : `ended with return code ${crash.returnCode}`;
  const line = crash.lastLine === "" ? "" : `: ${crash.lastLine}`;
  const recorded = crash.isRecordedAsSuccess ? "; JMeter recorded it as a success" : "";
  return {
    code: "CLIENT_CRASHED",
    message: `${crash.client} ${ended}${line}${recorded}`,
    hint: crash.isOutputSaved
      ? `read its output, the response data of its sample in the XML log; ${keptRequests(crash.keptRequests)}`
      : `look for its output in an XML log: CSV logs hold no response data; ${keptRequests(crash.keptRequests)}`,
  };
};

export interface EarlyEnds {
  readonly clients: number;
  /** `w1-u1 after 3 of 10 (interrupted)`: the first ones. */
  readonly named: readonly string[];
  readonly early: number;
  readonly unfinishedRequests: number;
  readonly longestWaitSeconds: number;
}

export const clientsEndedEarly = (ends: EarlyEnds): Warning => {
  const more = ends.early - ends.named.length;
  const waiting =
    ends.unfinishedRequests === 0
      ? ""
      : `; still without a response: ${ends.unfinishedRequests}, one after ${formatSeconds(ends.longestWaitSeconds, 3)}`;
  return {
    code: "CLIENTS_ENDED_EARLY",
    message: `${ends.early} of ${formatCount(ends.clients, "client")} ended before the last request: ${ends.named.join(", ")}${more > 0 ? `, and ${more} more` : ""}${waiting}`,
    hint: "give the clients more time, or send fewer requests: the figures lack the unfinished requests, which may have been slow ones",
  };
};

// The function

export const backendsDiffer = (backends: readonly string[]): Warning => ({
  code: "BACKENDS_DIFFER",
  message: `the function used several backends: ${backends.join(", ")}`,
  hint: "compare only cells of one backend",
});

export const backendWasm = (): Warning => ({
  code: "BACKEND_WASM",
  message: "the function ran on the wasm backend, several times slower than onnx",
  hint: "read the log of the function: it reports why ONNX Runtime could not be loaded",
});

export const responsesRejected = (condition: Condition, requests: number, reason: string): Warning => ({
  code: "RESPONSES_REJECTED",
  cell: conditionOf(condition),
  message: `all ${formatCount(requests, "request")} were rejected: ${reason}`,
  hint: "check the function's address and what it responds, then run the cell again: this is not overload",
});

// Figures of a cell

/** @param fewest the cell with the fewest requests @param more other cells below the limit */
export const fewRequests = (fewest: Condition, sent: number, more: number, limit: number): Warning => ({
  code: "FEW_REQUESTS",
  cell: conditionOf(fewest),
  message: `only ${formatCount(sent, "request")} sent${more === 0 ? "" : `, and ${more} more ${plural(more, "cell has", "cells have")} fewer than ${limit}`}; means are rough, and quantiles beyond the median are single requests`,
  hint: `send more requests per user, or repeat the cells, until each has ${limit} or more`,
});

export const usersNotTogether = (condition: Condition, activeUsers: string): Warning => ({
  code: "USERS_NOT_TOGETHER",
  cell: conditionOf(condition),
  message: `only ${activeUsers} were active on average, so the cell does not show how the function serves that many`,
  hint: "start the users faster (load.start), or send more requests per user, so that they are active together for most of the cell",
});

export interface LawCheck {
  readonly clients: number;
  readonly predictedClients: number;
  /** predicted ÷ clients − 1 */
  readonly offRatio: number;
  readonly meanPauseSeconds: number;
}

export const lawOff = (condition: Condition, law: LawCheck): Warning => ({
  code: "LAW_OFF",
  cell: conditionOf(condition),
  message: `throughput × (round trip + think time) gives ${law.predictedClients.toFixed(2)} users instead of ${law.clients}, ${formatPercent(Math.abs(law.offRatio), 0)} too ${law.offRatio < 0 ? "few" : "many"}; the pause between requests was ${formatDecimals(law.meanPauseSeconds)} s, not ${formatSeconds(condition.thinkTimeSeconds)}`,
  hint:
    law.offRatio < 0
      ? "check the clients' think time, and what held them up between requests: a busy load generator, payloads read slowly, a clock set forward"
      : "check the clients' think time, whether their requests overlap, and whether a clock was set back",
});

/** @param heldSeconds median time from the first byte of a response to its last */
export const acknowledgementDelayed = (condition: Condition, heldSeconds: number): Warning => ({
  code: "ACKNOWLEDGEMENT_DELAYED",
  cell: conditionOf(condition),
  message: `most responses end ${formatDecimals(heldSeconds)} s after their first byte although they are small: the server seems to send head and body apart, and holds the body until the client's delayed acknowledgement arrives (Nagle's algorithm)`,
  hint: "in the function's server, send each response in one write or set TCP_NODELAY (Python's http.server: disable_nagle_algorithm = True), and measure again",
});

export interface TrendCheck {
  readonly changeRatio: number;
  readonly pValue: number;
  readonly warmUpRequests: number;
}

export const notSteady = (condition: Condition, trend: TrendCheck): Warning => ({
  code: "NOT_STEADY",
  cell: conditionOf(condition),
  message: `round trips ${trend.changeRatio > 0 ? "rose" : "fell"} by ${formatPercent(Math.abs(trend.changeRatio), 0)} of their mean while all users were active (p = ${trend.pValue.toPrecision(2)})${trend.warmUpRequests > 0 ? `; the first ${formatCount(trend.warmUpRequests, "request")} ${plural(trend.warmUpRequests, "looks", "look")} like warm-up` : ""}`,
  hint:
    trend.changeRatio > 0
      ? "send more requests per user until the round trips level off: a queue may still have been growing, or later payloads are harder"
      : "warm the function up before the cell, or send more requests: it may have been warming up or scaling out, or later payloads are easier",
});

export const modelFailed = (reason: string): Warning => ({
  code: "MODEL_FAILED",
  message: `the model could not be fitted: ${reason}`,
  hint: "run slbench model for details, and please report it; all other figures are complete",
});

// Load generators

/** @param reasons which limits the busiest machine reached, in words */
export const generatorBusy = (
  condition: Condition,
  reasons: readonly string[],
  withFunction: boolean,
): Warning => ({
  code: "GENERATOR_BUSY",
  cell: conditionOf(condition),
  message: reasons.join("; "),
  hint: withFunction
    ? "serve the function from another machine, or end other programs: the function had to share the processors"
    : "spread the users over more workers: clients may have waited for a processor",
});

export const generatorNotMeasured = (condition: Condition, workers: readonly string[]): Warning => ({
  code: "GENERATOR_NOT_MEASURED",
  cell: conditionOf(condition),
  message: `the load of ${workers.length === 1 ? "worker" : "workers"} ${workers.join(", ")} was not measured`,
  hint: "start workers with slbench workers start, so that slbench can ask their machines: the load generator may have been busy",
});

/** @param lateness how many started late, and how late, in words */
export const startsLate = (condition: Condition, lateness: string): Warning => ({
  code: "STARTS_LATE",
  cell: conditionOf(condition),
  message: lateness,
  hint: "start the users more slowly (load.start), or spread them over more workers: a load generator that starts clients late measures too long round trips",
});

// Clocks

const SYNCHRONIZE =
  "synchronize the workers' clocks, for example with timedatectl set-ntp true; slbench doctor checks them";

export const clockStep = (condition: Condition, client: string, seconds: number): Warning => ({
  code: "CLOCK_STEP",
  cell: conditionOf(condition),
  message: `the clock of ${client} was set ${seconds > 0 ? "forward" : "back"} by up to ${formatSeconds(Math.abs(seconds), 3)}`,
  hint: "let time synchronization settle before measuring: throughput, order and active times are wrong, round trips (monotonic clock) are right",
});

export const clocksNotMeasured = (condition: Condition, hosts: number): Warning => ({
  code: "CLOCKS_NOT_MEASURED",
  cell: conditionOf(condition),
  message: `the clocks of ${hosts} hosts were not compared: throughput and active users are right only if they agreed`,
  hint: "run the cell again to compare them",
});

/** @param offsets `the clock of 10.0.0.1 was 2.0 s ahead of this controller's (±0.1 s)` */
export const clockOff = (condition: Condition, offsets: readonly string[]): Warning => ({
  code: "CLOCK_OFF",
  cell: conditionOf(condition),
  message: `${offsets.join("; ")}; start times are corrected`,
  hint: SYNCHRONIZE,
});

/** @param moves `the clock of 10.0.0.1 moved by 2.0 s during the cell` */
export const clockMoved = (condition: Condition, moves: readonly string[]): Warning => ({
  code: "CLOCK_MOVED",
  cell: conditionOf(condition),
  message: moves.join("; "),
  hint: SYNCHRONIZE,
});

export const clocksUncertain = (condition: Condition, within: string, throughputError: number): Warning => ({
  code: "CLOCKS_UNCERTAIN",
  cell: conditionOf(condition),
  message: `the workers' clocks are known only within ${within} of each other: throughput may be off by ${formatPercent(throughputError)}`,
  hint: SYNCHRONIZE,
});

/** @param reason `the clock of 10.0.0.1 could not be compared` */
export const clocksUnknown = (condition: Condition, reason: string): Warning => ({
  code: "CLOCKS_UNKNOWN",
  cell: conditionOf(condition),
  message: `${reason}; throughput, active users and everything else that needs one time line is left out`,
  hint: SYNCHRONIZE,
});
