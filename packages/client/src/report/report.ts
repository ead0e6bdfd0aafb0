/** Writes and reads what one virtual user prints. Pure: no files, no clock. */
import type { ArrivalProcess } from "../condition.ts";
import { createSchedule, userSeed } from "../timing/schedule.ts";

export const REPORT_SCHEMA = "slbench.client-report/2";
export const JOURNAL_SCHEMA = "slbench.journal/2";

/** How one request ended, as the virtual user saw it. */
export const OUTCOMES = [
  "ok",
  "timeout",
  "http-error",
  "throttled",
  "redirect",
  "connection-closed",
  "connect-error",
  "invalid-response",
  "wrong-answer",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** One sent request; durations in seconds, sizes in bytes. Unknown values are absent. */
export interface RequestResult {
  /** 1, 2, … in the order of sending. */
  readonly sequence: number;
  /** The request's file name. */
  readonly payload: string;
  readonly startEpochMicros: number;
  readonly startMonotonicSeconds: number;
  readonly roundTripSeconds: number;
  readonly connectSeconds?: number;
  readonly sendSeconds?: number;
  readonly waitSeconds?: number;
  readonly receiveSeconds?: number;
  readonly status?: number;
  readonly sentBytes: number;
  readonly receivedBytes?: number;
  readonly handlerSeconds?: number;
  readonly mlSeconds?: number;
  readonly faces?: number;
  readonly backend?: string;
  readonly coldStart?: boolean;
  readonly replica?: string;
  readonly callId?: string;
  /** The function's other times by the names of the request specification, which end in `Seconds`. */
  readonly times?: Readonly<Record<string, number>>;
  /** What the function produced, for example tokens: `unitsName` of the head. */
  readonly units?: number;
  /** Streams only: from the request's start to the first event. */
  readonly firstEventSeconds?: number;
  readonly events?: number;
  /** Streams only: the longest time from an event to the next one. */
  readonly longestGapSeconds?: number;
  /** Streams only: (last event − first event) ÷ (units − 1). */
  readonly secondsPerUnit?: number;
  /** Only `throttled`: when the function allows the next request. */
  readonly retryAfterSeconds?: number;
  /** By the gateway's clock: the request was sent before the first, and the response started after the second. */
  readonly sentBeforeEpochMicros?: number;
  readonly answeredAfterEpochMicros?: number;
  /** Open loop only: how far behind its schedule the request started. */
  readonly lateSeconds?: number;
  readonly outcome: Outcome;
  readonly message?: string;
}

/** A request in flight when its client ended: how long its response would have taken is unknown. */
export interface UnfinishedRequest {
  readonly sequence: number;
  readonly startEpochMicros: number;
  /** From its start to the client's end, a lower bound of its round trip. */
  readonly waitedSeconds: number;
}

/** Everything about a client process except its requests: the journal's first line. */
export interface ReportHead {
  readonly client: { readonly version: string; readonly build: string; readonly runtime: string };
  readonly user?: string;
  readonly url: string;
  /** The mean, if it is not constant. */
  readonly thinkTimeSeconds: number;
  /** Only if it is not constant: `exponential:1`. */
  readonly thinkTime?: string;
  /** Only if think times, arrivals or the order of payloads are random. */
  readonly seed?: number;
  /** Open loop only. */
  readonly ratePerSecond?: number;
  /** Open loop only, if it is not `constant`. */
  readonly process?: ArrivalProcess;
  /** Requests started for this long, instead of a given number. */
  readonly durationSeconds?: number;
  readonly timeoutSeconds: number;
  readonly preset?: string;
  /** Only of the preset slblur: `slblur-json`, `slblur-text`, `slblur-image`. */
  readonly form?: string;
  readonly stream?: string;
  readonly unitsName?: string;
  /** Set if each response was checked. */
  readonly verified?: true;
  readonly startedEpochMicros: number;
  /** In a closed loop with `durationSeconds`: those that it started, and 0 in a journal's head. */
  readonly plannedRequests: number;
}

export interface ClientReport extends ReportHead {
  readonly schema: typeof REPORT_SCHEMA;
  readonly endedEpochMicros: number;
  /** Why it ended before its last request; absent if it completed. */
  readonly cutShort?: string;
  readonly requests: readonly RequestResult[];
  /** Requests without a response when it was cut short, by sequence; no statistic includes them. */
  readonly unfinished?: readonly UnfinishedRequest[];
}

/** The three lists that older clients printed, in seconds. */
export interface TextBlocks {
  readonly mlSeconds: readonly number[];
  readonly handlerSeconds: readonly number[];
  /** One per sent request, failed ones included. */
  readonly roundTripSeconds: readonly number[];
}

/** What was found in a client's output. */
export type ParsedReport =
  | { readonly kind: "json"; readonly report: ClientReport; readonly problems: readonly string[] }
  | { readonly kind: "text"; readonly blocks: TextBlocks; readonly problems: readonly string[] }
  | { readonly kind: "none"; readonly problems: readonly string[] };

const HEADERS = {
  mlSeconds: "Elapsed ML time in the handler:",
  handlerSeconds: "Elapsed total time in the handler:",
  roundTripSeconds: "Elapsed round trip time in the client:",
} as const;

/**
 * The report as printed: the three blocks of older clients, then one line of JSON.
 * ML and handler lists are quoted strings, one per successful request; round trips are numbers, one per sent
 * request.
 */
export function renderReport(report: ClientReport): string {
  const answered = report.requests.filter((request) => request.outcome === "ok");
  const quoted = (values: readonly (number | undefined)[]) =>
    `[${values.flatMap((value) => (value === undefined ? [] : [`'${value}'`])).join(", ")}]`;
  return [
    `${HEADERS.mlSeconds} `,
    quoted(answered.map((request) => request.mlSeconds)),
    `${HEADERS.handlerSeconds} `,
    quoted(answered.map((request) => request.handlerSeconds)),
    `${HEADERS.roundTripSeconds} `,
    `[${report.requests.map((request) => request.roundTripSeconds).join(", ")}]`,
    JSON.stringify(report),
    "",
  ].join("\n");
}

/**
 * Reads a client's output, even among other text: the JSON line if it is complete, otherwise the older blocks,
 * even if they are truncated. `problems` lists what is missing or torn.
 */
export function parseReport(text: string): ParsedReport {
  const problems: string[] = [];
  const json = findJsonLine(text, problems);
  if (json !== undefined) return { kind: "json", report: json, problems };
  const found = { mlSeconds: 0, handlerSeconds: 0, roundTripSeconds: 0 };
  const blocks = {
    mlSeconds: [] as number[],
    handlerSeconds: [] as number[],
    roundTripSeconds: [] as number[],
  };
  for (const name of ["mlSeconds", "handlerSeconds", "roundTripSeconds"] as const) {
    const at = text.lastIndexOf(HEADERS[name]);
    if (at < 0) {
      problems.push(`no line "${HEADERS[name]}"`);
      continue;
    }
    found[name] = 1;
    blocks[name] = parseList(text.slice(at + HEADERS[name].length), HEADERS[name], problems);
  }
  if (found.mlSeconds + found.handlerSeconds + found.roundTripSeconds === 0)
    return { kind: "none", problems };
  return { kind: "text", blocks, problems };
}

function findJsonLine(text: string, problems: string[]): ClientReport | undefined {
  const marker = text.lastIndexOf('{"schema":"slbench.client-report/');
  if (marker < 0) return undefined;
  const end = text.indexOf("\n", marker);
  const line = text.slice(marker, end < 0 ? undefined : end).trimEnd();
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    problems.push(`the JSON line is torn after ${line.length} characters`);
    return undefined;
  }
  const fault = findReportFault(value);
  if (fault !== undefined) {
    problems.push(fault);
    return undefined;
  }
  return value as ClientReport;
}

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

/** The journal's last line. */
export type JournalEnd = Pick<ClientReport, "cutShort" | "unfinished">;

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

/** The valid entries of a report's or journal's `unfinished`; undefined if it has none. */
export function unfinishedIn(value: unknown): readonly UnfinishedRequest[] | undefined {
  const entries = (Array.isArray(value) ? value : []) as (Partial<UnfinishedRequest> | null)[];
  const whole = entries.filter(
    (one) =>
      Number.isFinite(one?.sequence) &&
      Number.isFinite(one?.startEpochMicros) &&
      Number.isFinite(one?.waitedSeconds),
  );
  return whole.length === 0 ? undefined : (whole as UnfinishedRequest[]);
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
  const schedule = createSchedule(head.ratePerSecond, arrivals, userSeed(head.seed ?? 1, head.user));
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

/** Why a value is no report of this version; undefined if it is one. */
function findReportFault(value: unknown): string | undefined {
  const report = value as Partial<ClientReport>;
  if (report.schema !== REPORT_SCHEMA)
    return `the JSON line has schema "${report.schema}", not "${REPORT_SCHEMA}"`;
  if (!Array.isArray(report.requests)) return "the JSON line has no requests";
  const wrong = report.requests.findIndex((request: RequestResult) => requestFault(request) !== undefined);
  return wrong < 0
    ? undefined
    : `request ${wrong + 1} of the JSON line ${requestFault(report.requests[wrong])}`;
}

/** Why a value is no request's row; undefined if it is one. */
export function requestFault(request: unknown): string | undefined {
  if (typeof request !== "object" || request === null) return "is no object";
  const row = request as Partial<RequestResult>;
  if (!OUTCOMES.includes(row.outcome as Outcome)) return `has outcome "${row.outcome}"`;
  for (const name of ["sequence", "roundTripSeconds", "startEpochMicros"] as const) {
    if (!Number.isFinite(row[name])) return `has no number ${name}`;
  }
  return undefined;
}

/** The numbers of a Python list after a header. A torn last number is dropped and listed as a problem. */
function parseList(text: string, header: string, problems: string[]): number[] {
  const open = /^\s*\[/.exec(text);
  if (open === null) {
    problems.push(`no list after "${header}"`);
    return [];
  }
  const rest = text.slice(open[0].length);
  const close = rest.indexOf("]");
  const items = (close < 0 ? rest : rest.slice(0, close)).split(",");
  if (close < 0) {
    items.pop(); // the last value may be incomplete
    problems.push(`the list after "${header}" is cut after ${items.length} values`);
  }
  const numbers: number[] = [];
  for (const item of items) {
    const bare = item.trim().replace(/^(['"])(.*)\1$/, "$2");
    if (bare === "") continue;
    const value = Number(bare);
    if (Number.isFinite(value)) numbers.push(value);
    else problems.push(`"${bare.slice(0, 80)}" after "${header}" is not a number`);
  }
  return numbers;
}
