import { type ClientReport, parseJournal, parseReport, reportOf } from "@slbench/client/report";
import type { Sample } from "../core/sample.ts";
import type { SkippedInput, Warning } from "../core/warnings.ts";
import type { ClientRun } from "./client-run.ts";
import { RECOVERED_LABEL } from "./count-clients.ts";
import { readClientRun } from "./read-client.ts";
import { threadOfUser, userOfThread } from "./thread-name.ts";

/** JMeter's start of a client and the client's own may lie so far apart. */
const START_SLACK_MS = 5000;

/** A report that did not come with a sample, and what of it was torn. */
export interface OtherReport {
  readonly report: ClientReport;
  readonly torn: readonly string[];
}

/**
 * Reports that did not come with a sample, one per client: of a recovered.jsonl and of journals; the longer one wins.
 * @returns `lost`: what of them belongs to no user
 */
export function otherReports(
  recovered: string,
  journals: readonly string[],
  source: string,
): { readonly reports: readonly OtherReport[]; readonly lost: readonly SkippedInput[] } {
  const longest = new Map<string, OtherReport>();
  const lost: SkippedInput[] = [];
  const take = (other: OtherReport) => {
    const { user, startedEpochMicros, requests } = other.report;
    const name = `${user ?? ""} ${startedEpochMicros}`;
    if ((longest.get(name)?.report.requests.length ?? -1) < requests.length) longest.set(name, other);
  };
  for (const [index, line] of recovered.split("\n").entries()) {
    const parsed = parseReport(line);
    if (parsed.kind === "json") take({ report: parsed.report, torn: [] });
    else if (line.trim() !== "")
      lost.push({ source, place: `recovered.jsonl, line ${index + 1}`, reason: "it is no whole report" });
  }
  for (const [index, text] of journals.entries()) {
    if (text.trim() === "") continue; // of a client that had not begun
    const journal = readJournal(text);
    if (typeof journal !== "string") take(journal);
    else lost.push({ source, place: `journal ${index + 1}`, reason: journal });
  }
  return { reports: [...longest.values()], lost };
}

/**
 * The clients of one run from all that is known of them: the richest source of each wins, what contradicts it is a
 * warning. A report belongs to the sample of its user; where the sample's own report is cut or missing, to the one
 * that began when it did. Reports of clients without a sample are clients as well.
 *
 * @param workers addresses in order: with them a sample without a report tells its user by its thread
 * @param samples of a second log of the same run: what the first one lost, and what contradicts it
 */
export function reconcileClients(
  clients: readonly ClientRun[],
  samples: readonly ClientRun[],
  reports: readonly OtherReport[],
  workers: readonly string[] = [],
): { readonly clients: readonly ClientRun[]; readonly warnings: readonly Warning[] } {
  const known = new Map(clients.map((client) => [sampleKey(client), client]));
  const added = samples.filter((client) => !known.has(sampleKey(client)));
  const merged = [...clients, ...added];
  const warnings: Warning[] = [];
  const different = samples.flatMap((second) => {
    const first = known.get(sampleKey(second));
    return first === undefined ? [] : differences(first.sample, second.sample);
  });
  if (different.length > 0) {
    const message = `the two logs of it say different things of ${different.length} samples, first ${different[0]}`;
    warnings.push({
      code: "SOURCES_DIFFER",
      message,
      hint: "the first log is used: see which one was changed",
    });
  }
  if (added.length > 0) {
    const message = `${added.length} samples are in the second log only`;
    warnings.push({ code: "SOURCES_DIFFER", message, hint: "the first one is torn; both are used" });
  }
  const left: OtherReport[] = [];
  const byUser = new Map(
    merged.flatMap(({ user, sample }, index) => {
      const name = user ?? userOfThread(sample.threadName, workers);
      return name === undefined ? [] : [[name, index] as const];
    }),
  );
  for (const other of reports) {
    const { user } = other.report;
    const index = user === undefined ? undefined : byUser.get(user);
    if (index === undefined) left.push(other);
    else merged[index] = richer(merged[index] as ClientRun, other);
  }
  const taken = pairUp(merged, left);
  const isOnly = merged.length === 0;
  for (const [at, other] of left.entries()) {
    const index = taken.get(at);
    if (index === undefined)
      merged.push(withTorn(readClientRun(sampleOf(other.report, isOnly, workers)), other));
    else merged[index] = completed(merged[index] as ClientRun, other);
  }
  return { clients: merged, warnings };
}

function differences(first: Sample, second: Sample): readonly string[] {
  for (const name of ["responseCode", "elapsedMs"] as const)
    if (first[name] !== second[name])
      return [`${first.threadName}: ${name} ${first[name]} and ${second[name]}`];
  return [];
}

const sampleKey = ({ sample }: ClientRun) => `${sample.timeStampMs} ${sample.threadName}`;

/** Which report belongs to which client without a whole one: those that began closest to each other first. */
function pairUp(clients: readonly ClientRun[], reports: readonly OtherReport[]): ReadonlyMap<number, number> {
  const pairs: { readonly at: number; readonly index: number; readonly distance: number }[] = [];
  for (const [index, { requests, roundTripSeconds, sample }] of clients.entries()) {
    if (requests !== undefined || sample.timeStampMs === undefined) continue;
    for (const [at, { report }] of reports.entries()) {
      const distance = Math.abs(sample.timeStampMs - report.startedEpochMicros / 1000);
      const isSame = roundTripSeconds.every((own, n) => report.requests[n]?.roundTripSeconds === own);
      if (isSame && distance < START_SLACK_MS) pairs.push({ at, index, distance });
    }
  }
  pairs.sort((a, b) => a.distance - b.distance);
  const taken = new Map<number, number>();
  const used = new Set<number>();
  for (const { at, index } of pairs) {
    if (taken.has(at) || used.has(index)) continue;
    taken.set(at, index);
    used.add(index);
  }
  return taken;
}

function richer(client: ClientRun, other: OtherReport): ClientRun {
  const { report } = other;
  const { requests } = client;
  if (requests === undefined || report.requests.length > requests.length) return completed(client, other);
  const roundTrips = requests.numbers("roundTripSeconds");
  const places = new Map(requests.numbers("sequence").map((sequence, index) => [sequence, index]));
  const different = report.requests.filter(({ sequence, outcome, roundTripSeconds }) => {
    const own = places.get(sequence);
    if (own === undefined || requests.outcome(own) !== outcome) return true;
    return Math.abs((roundTrips[own] as number) - roundTripSeconds) > 1e-6;
  }).length;
  if (different === 0) return client;
  const message = `${client.sample.threadName}: its report and its journal differ in ${different} requests`;
  const hint = "the report is used";
  return client.with({ warnings: [...client.warnings, { code: "SOURCES_DIFFER", message, hint }] });
}

function completed(known: ClientRun, other: OtherReport): ClientRun {
  const { report } = other;
  if (report.requests.length === 0 && report.unfinished === undefined) return known;
  const { sample, repetition, sentRequests } = known;
  const client = readClientRun({ ...sample, responseData: JSON.stringify(report) }, repetition);
  const message = `${sample.threadName}: its report has ${sentRequests} requests, its journal ${report.requests.length}`;
  const hint = "the report was cut or did not arrive; the journal is used";
  const warnings = [...client.warnings, { code: "REPORT_COMPLETED", message, hint }];
  return withTorn(client.with({ warnings }), other);
}

/** What is torn of a journal counts only where the journal is used. */
function withTorn(client: ClientRun, { torn }: OtherReport): ClientRun {
  return torn.length === 0 ? client : client.with({ torn: torn.map((reason) => `its journal: ${reason}`) });
}

/** Why it is of no use. */
function readJournal(text: string): OtherReport | string {
  const { head, ...journal } = parseJournal(text);
  if (head !== undefined) return { report: reportOf({ head, ...journal }), torn: journal.problems };
  const why = journal.problems.length > 0 ? journal.problems.join("; ") : "its first line is missing";
  return `nobody knows whose its ${journal.requests.length} requests are: ${why}`;
}

/**
 * What JMeter would have written had the client's worker lived: a sample without a return code.
 * @param isOnly nobody gave a log of JMeter: a journal to its end is of a client that ended well
 */
function sampleOf(report: ClientReport, isOnly: boolean, workers: readonly string[]): Sample {
  const responseData = JSON.stringify(report);
  return {
    timeStampMs: report.startedEpochMicros / 1000,
    elapsedMs: (report.endedEpochMicros - report.startedEpochMicros) / 1000,
    label: RECOVERED_LABEL,
    responseCode: isOnly && report.cutShort !== "lost" ? "0" : "",
    responseMessage: "recovered from the client's journal",
    threadName: report.user === undefined ? "unknown user" : threadOfUser(report.user, workers),
    success: false,
    sizeBytes: responseData.length,
    responseData,
  };
}
