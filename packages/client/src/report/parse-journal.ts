import type { ArrivalProcess } from "../condition.ts";
import { createSchedule, seedOf } from "../timing/schedule.ts";
import {
  type ClientReport,
  JOURNAL_SCHEMA,
  type JournalEnd,
  REPORT_SCHEMA,
  type ReportHead,
  type RequestResult,
  type UnfinishedRequest,
} from "./report.ts";
import { requestFault, unfinishedIn } from "./rows.ts";

/** What was found in a journal. */
export interface ParsedJournal {
  /** Absent if even the first line is torn. */
  readonly head?: ReportHead;
  /** Finished requests, by sequence. */
  readonly requests: readonly RequestResult[];
  /** The client wrote its last line, so the journal is complete. */
  readonly ended: boolean;
  readonly cutShort?: string;
  /** As in the report; estimated from the schedule if an open loop was killed. */
  readonly unfinished?: readonly UnfinishedRequest[];
  /** Lines that were torn or unreadable. */
  readonly problems: readonly string[];
}

/**
 * Reads a client's journal, also one that ends in the middle of a line because the client was killed.
 * If several clients used one file, the last of them counts.
 */
export function parseJournal(text: string): ParsedJournal {
  const problems: string[] = [];
  let requests: RequestResult[] = [];
  let head: ReportHead | undefined;
  let last: JournalEnd | undefined;
  let ends = 0;
  for (const [index, line] of text.split("\n").entries()) {
    if (line === "") continue;
    let value: { readonly schema?: string; readonly end?: true } & JournalEnd & ReportHead;
    try {
      value = JSON.parse(line);
    } catch {
      problems.push(`line ${index + 1} is torn after ${line.length} characters`);
      continue;
    }
    const fault = requestFault(value);
    if (value?.schema === JOURNAL_SCHEMA) {
      if (head !== undefined)
        problems.push(
          `line ${index + 1} begins another client: ${requests.length} requests before it are left out`,
        );
      head = value;
      requests = [];
      last = undefined;
      ends = 0;
    } else if (value?.end === true) {
      last = value;
      ends++;
    } else if (fault === undefined) requests.push(value as unknown as RequestResult);
    else problems.push(`line ${index + 1} ${fault}`);
  }
  requests.sort((left, right) => left.sequence - right.sequence);
  if (ends > 1 || requests.some(({ sequence }, index) => sequence === requests[index - 1]?.sequence)) {
    problems.push("several clients wrote into it at once");
    head = undefined;
  }
  const unfinished = last === undefined ? estimateUnfinished(head, requests) : unfinishedIn(last.unfinished);
  return {
    ...(head !== undefined && { head }),
    requests,
    ended: last !== undefined,
    ...(last?.cutShort !== undefined && { cutShort: last.cutShort }),
    ...(unfinished !== undefined && { unfinished }),
    problems,
  };
}

/**
 * Makes the report of a client that left only its journal.
 * @returns `cutShort` is `lost` if the journal has no end
 */
export function reportOf(journal: ParsedJournal & { readonly head: ReportHead }): ClientReport {
  const { head, requests, ended, unfinished } = journal;
  const cutShort = journal.cutShort ?? (ended ? undefined : "lost");
  const moments = [
    ...requests.map((request) => request.startEpochMicros + request.roundTripSeconds * 1e6),
    ...(unfinished ?? []).map((request) => request.startEpochMicros + request.waitedSeconds * 1e6),
  ];
  const plannedRequests =
    head.plannedRequests === 0 ? requests.length + (unfinished?.length ?? 0) : head.plannedRequests;
  return {
    ...{ ...head, plannedRequests },
    schema: REPORT_SCHEMA,
    endedEpochMicros: Math.round(
      moments.reduce((latest, one) => Math.max(latest, one), head.startedEpochMicros),
    ),
    ...(cutShort !== undefined && { cutShort }),
    requests,
    ...(unfinished !== undefined && { unfinished }),
  };
}

/**
 * The requests of a killed open loop that have no row. The client keeps to its schedule, so each request that
 * was due by the journal's last row was in flight or held back.
 */
function estimateUnfinished(
  head: ReportHead | undefined,
  requests: readonly RequestResult[],
): readonly UnfinishedRequest[] | undefined {
  const [first] = requests;
  if (head?.ratePerSecond === undefined || first === undefined) return undefined;
  const arrivals: ArrivalProcess = head.process ?? "constant";
  const schedule = createSchedule(head.ratePerSecond, arrivals, seedOf(head.seed ?? 1, head.user));
  const lateMicros = (first.lateSeconds ?? 0) * 1e6;
  const beginMicros = first.startEpochMicros - lateMicros - schedule(first.sequence) * 1e6;
  const ends = requests.map((request) => request.startEpochMicros + request.roundTripSeconds * 1e6);
  const endMicros = ends.reduce((latest, end) => Math.max(latest, end), 0);
  const finished = new Set(requests.map(({ sequence }) => sequence));
  const unfinished: UnfinishedRequest[] = [];
  for (let sequence = 1; sequence <= head.plannedRequests; sequence++) {
    const startEpochMicros = Math.round(beginMicros + schedule(sequence) * 1e6);
    if (startEpochMicros > endMicros) break;
    const waitedSeconds = Math.round(endMicros - startEpochMicros) / 1e6;
    if (!finished.has(sequence)) unfinished.push({ sequence, startEpochMicros, waitedSeconds });
  }
  return unfinished.length === 0 ? undefined : unfinished;
}
