import { type ClientReport, parseJournal, parseReport, reportOf } from "@slbench/client/report";
import { formatCount } from "../core/format.ts";
import type { Sample } from "../core/sample.ts";
import {
  journalDiffers,
  logsDiffer,
  reportCompleted,
  samplesInSecondLogOnly,
} from "../core/warning-catalogue.ts";
import type { SkippedInput, Warning } from "../core/warnings.ts";
import type { ClientRun } from "./client-run.ts";
import { RECOVERED_LABEL } from "./count-clients.ts";
import { readClientRun } from "./read-client.ts";
import { threadOfUser, userOfThread } from "./thread-name.ts";

/** How far JMeter's start of a client and the client's own start may lie apart. */
const START_SLACK_MS = 5000;

/** A report that did not come with a sample, and why parts of it are missing. */
export interface OtherReport {
  readonly report: ClientReport;
  readonly torn: readonly string[];
}

/**
 * Reports that did not come with a sample, one per client: of a recovered.jsonl and of journals; the longer one wins.
 * @returns `skipped`: pieces that belong to no user
 */
export function otherReports(
  recovered: string,
  journals: readonly string[],
  source: string,
): { readonly reports: readonly OtherReport[]; readonly skipped: readonly SkippedInput[] } {
  const longest = new Map<string, OtherReport>();
  const skipped: SkippedInput[] = [];
  const take = (other: OtherReport) => {
    const { user, startedEpochMicros, requests } = other.report;
    const name = `${user ?? ""} ${startedEpochMicros}`;
    if ((longest.get(name)?.report.requests.length ?? -1) < requests.length) longest.set(name, other);
  };
  for (const [index, line] of recovered.split("\n").entries()) {
    const parsed = parseReport(line);
    if (parsed.kind === "json") take({ report: parsed.report, torn: [] });
    else if (line.trim() !== "")
      skipped.push({ source, position: `recovered.jsonl, line ${index + 1}`, reason: "not a whole report" });
  }
  for (const [index, text] of journals.entries()) {
    if (text.trim() === "") continue; // its client had not begun
    const journal = readJournal(text);
    if (typeof journal !== "string") take(journal);
    else skipped.push({ source, position: `journal ${index + 1}`, reason: journal });
  }
  return { reports: [...longest.values()], skipped };
}

/**
 * The clients of one run from all their sources: the richest source of each client wins, and contradictions are
 * warnings. A report belongs to the sample of its user. If that is not known, it belongs to the sample without a
 * whole report that began at the same time. Reports of clients without a sample are clients as well.
 *
 * @param samples of a second log of the same run: they complete the first log
 * @param source name for messages
 * @param workers addresses in order: they give the user of a sample without a report by its thread
 */
export function reconcileClients(
  clients: readonly ClientRun[],
  samples: readonly ClientRun[],
  reports: readonly OtherReport[],
  source: string,
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
  const [first] = different;
  if (first !== undefined) warnings.push(logsDiffer(source, different.length, first));
  if (added.length > 0) warnings.push(samplesInSecondLogOnly(source, added.length));
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

/** Pairs reports with clients that lack a whole one: those that began closest to each other first. */
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
  const indexes = new Map(requests.numbers("sequence").map((sequence, index) => [sequence, index]));
  const different = report.requests.filter(({ sequence, outcome, roundTripSeconds }) => {
    const own = indexes.get(sequence);
    if (own === undefined || requests.outcome(own) !== outcome) return true;
    return Math.abs((roundTrips[own] as number) - roundTripSeconds) > 1e-6;
  }).length;
  if (different === 0) return client;
  return client.with({ warnings: [...client.warnings, journalDiffers(client.sample.threadName, different)] });
}

function completed(known: ClientRun, other: OtherReport): ClientRun {
  const { report } = other;
  if (report.requests.length === 0 && report.unfinished === undefined) return known;
  const { sample, repetition, sentRequests } = known;
  const client = readClientRun({ ...sample, responseData: JSON.stringify(report) }, repetition);
  const warnings = [
    ...client.warnings,
    reportCompleted(sample.threadName, sentRequests, report.requests.length),
  ];
  return withTorn(client.with({ warnings }), other);
}

/** Torn pieces of a journal count only if the journal is used. */
function withTorn(client: ClientRun, { torn }: OtherReport): ClientRun {
  return torn.length === 0 ? client : client.with({ torn: torn.map((reason) => `its journal: ${reason}`) });
}

/** A string is the reason why the journal is of no use. */
function readJournal(text: string): OtherReport | string {
  const { head, ...journal } = parseJournal(text);
  if (head !== undefined) return { report: reportOf({ head, ...journal }), torn: journal.problems };
  const problems = journal.problems.length > 0 ? journal.problems.join("; ") : "its first line is missing";
  return `its ${formatCount(journal.requests.length, "request")} cannot be attributed to a user: ${problems}`;
}

/**
 * The sample that JMeter would have written if the client's worker had lived: it has no return code.
 * @param isOnly there is no log of JMeter: a journal with an end belongs to a client that ended well
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
