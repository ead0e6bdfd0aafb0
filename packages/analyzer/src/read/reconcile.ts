import { type ClientReport, parseJournal, parseReport, REPORT_SCHEMA } from "@slbench/client/report";
import { type ClientRun, changed, readClientRun } from "../client-run.ts";
import type { Sample } from "../sample.ts";
import type { Warning } from "../warnings.ts";

/** JMeter's start of a client and the client's own may lie so far apart. */
const START_SLACK_MS = 5000;

/** Reports that did not come with a sample, one per user: of a recovered.jsonl and of journals; the longer one wins. */
export function otherReports(recovered: string, journals: readonly string[]): readonly ClientReport[] {
  const longest = new Map<string, ClientReport>();
  for (const report of [...recovered.split("\n").flatMap(readLine), ...journals.flatMap(readJournal)]) {
    const user = report.user ?? `unknown user started at ${report.startedEpochMicros}`;
    const known = longest.get(user);
    if (known === undefined || known.frames.length < report.frames.length) longest.set(user, report);
  }
  return [...longest.values()];
}

/**
 * The clients of one run from all that is known of them: the richest source of each wins, what contradicts it is a
 * warning. A report belongs to the sample of its user; where the sample's own report is cut or missing, to the one
 * that began when it did. Reports of clients without a sample are clients as well.
 *
 * @param samples of a second log of the same run: what the first one lost
 */
export function reconcileClients(
  clients: readonly ClientRun[],
  samples: readonly ClientRun[],
  reports: readonly ClientReport[],
): { readonly clients: readonly ClientRun[]; readonly warnings: readonly Warning[] } {
  const known = new Set(clients.map(sampleKey));
  const added = samples.filter((client) => !known.has(sampleKey(client)));
  const merged = [...clients, ...added];
  const warnings: Warning[] = [];
  if (added.length > 0) {
    const message = `${added.length} samples are in the second log only`;
    warnings.push({ code: "SOURCES_DIFFER", message, hint: "the first one is torn; both are used" });
  }
  const left: ClientReport[] = [];
  const byUser = new Map(merged.flatMap(({ user }, index) => (user === undefined ? [] : [[user, index]])));
  for (const report of reports) {
    const index = report.user === undefined ? undefined : byUser.get(report.user);
    if (index === undefined) left.push(report);
    else merged[index] = richer(merged[index] as ClientRun, report);
  }
  const taken = pairUp(merged, left);
  for (const [at, report] of left.entries()) {
    const index = taken.get(at);
    if (index === undefined) merged.push(readClientRun(sampleOf(report)));
    else merged[index] = completed(merged[index] as ClientRun, report);
  }
  return { clients: merged, warnings };
}

const sampleKey = ({ sample }: ClientRun) => `${sample.timeStampMs} ${sample.threadName}`;

/** Which report belongs to which client without a whole one: those that began closest to each other first. */
function pairUp(
  clients: readonly ClientRun[],
  reports: readonly ClientReport[],
): ReadonlyMap<number, number> {
  const pairs: { readonly at: number; readonly index: number; readonly distance: number }[] = [];
  for (const [index, { frames, roundTripSeconds, sample }] of clients.entries()) {
    if (frames !== undefined || sample.timeStampMs === undefined) continue;
    for (const [at, report] of reports.entries()) {
      const distance = Math.abs(sample.timeStampMs - report.startedEpochMicros / 1000);
      const isSame = roundTripSeconds.every((own, n) => report.frames[n]?.roundTripSeconds === own);
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

function richer(client: ClientRun, report: ClientReport): ClientRun {
  const { frames } = client;
  if (frames === undefined || report.frames.length > frames.length) return completed(client, report);
  const roundTrips = frames.numbers("roundTripSeconds");
  const places = new Map(frames.numbers("sequence").map((sequence, index) => [sequence, index]));
  const different = report.frames.filter(({ sequence, outcome, roundTripSeconds }) => {
    const own = places.get(sequence);
    if (own === undefined || frames.outcome(own) !== outcome) return true;
    return Math.abs((roundTrips[own] as number) - roundTripSeconds) > 1e-6;
  }).length;
  if (different === 0) return client;
  const message = `${client.sample.threadName}: its report and its journal differ in ${different} frames`;
  const hint = "the report is used";
  return changed(client, { warnings: [...client.warnings, { code: "SOURCES_DIFFER", message, hint }] });
}

function completed({ sample, repetition, sentFrames }: ClientRun, report: ClientReport): ClientRun {
  const client = readClientRun({ ...sample, responseData: JSON.stringify(report) }, repetition);
  const message = `${sample.threadName}: its report has ${sentFrames} frames, its journal ${report.frames.length}`;
  const hint = "the report was cut or did not arrive; the journal is used";
  return changed(client, { warnings: [...client.warnings, { code: "REPORT_COMPLETED", message, hint }] });
}

function readLine(line: string): readonly ClientReport[] {
  const parsed = parseReport(line);
  return parsed.kind === "json" ? [parsed.report] : [];
}

function readJournal(text: string): readonly ClientReport[] {
  const { head, frames, cutShort, ended } = parseJournal(text);
  const last = frames[frames.length - 1];
  if (head === undefined || last === undefined) return [];
  const endedEpochMicros = last.startEpochMicros + Math.round(last.roundTripSeconds * 1e6);
  const why = cutShort ?? (ended ? undefined : "lost");
  return [
    { ...head, schema: REPORT_SCHEMA, endedEpochMicros, frames, ...(why !== undefined && { cutShort: why }) },
  ];
}

/** What JMeter would have written had the client's slave lived: a sample without a return code. */
function sampleOf(report: ClientReport): Sample {
  const responseData = JSON.stringify(report);
  return {
    timeStampMs: report.startedEpochMicros / 1000,
    elapsedMs: (report.endedEpochMicros - report.startedEpochMicros) / 1000,
    label: "recovered",
    responseCode: "",
    responseMessage: "recovered from the client's journal",
    threadName: report.user ?? "unknown user",
    success: false,
    sizeBytes: responseData.length,
    responseData,
  };
}
