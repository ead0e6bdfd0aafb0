/** What one virtual user prints, written and read in one place. Pure: no files, no clock. */

export const REPORT_SCHEMA = "slbench.client-report/1";
export const JOURNAL_SCHEMA = "slbench.journal/1";

/** How one frame ended, as the virtual user saw it. */
export const OUTCOMES = [
  "ok",
  "timeout",
  "http-error",
  "connection-closed",
  "connect-error",
  "bad-response",
  "wrong-answer",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** One sent frame; durations in seconds, sizes in bytes. Absent is not known. */
export interface FrameResult {
  /** 1, 2, … in the order of sending. */
  readonly sequence: number;
  /** The frame's file name. */
  readonly frame: string;
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
  /** By the clock of the function's gateway: the request was sent before this, the first byte came back after that. */
  readonly sentBeforeEpochMicros?: number;
  readonly answeredAfterEpochMicros?: number;
  /** Open loop only: how far behind its schedule the request began. */
  readonly lateSeconds?: number;
  readonly outcome: Outcome;
  readonly message?: string;
}

/** A frame on its way when its client ended: nobody knows how long its answer would have taken. */
export interface UnfinishedFrame {
  readonly sequence: number;
  readonly startEpochMicros: number;
  /** From its begin to the client's end: its round trip is at least that. */
  readonly waitedSeconds: number;
}

/** Everything about a client process but its frames: the journal's first line. */
export interface ReportHead {
  readonly client: { readonly version: string; readonly build: string; readonly runtime: string };
  readonly user?: string;
  readonly url: string;
  /** The mean where it is drawn. */
  readonly thinkTimeSeconds: number;
  /** As it was asked for, with the seed, where it is drawn: `exponential:1`. */
  readonly thinkTime?: string;
  readonly seed?: number;
  /** Open loop only. */
  readonly ratePerSecond?: number;
  readonly timeoutSeconds: number;
  readonly encoding: string;
  readonly format: string;
  /** Each answer's picture was checked. */
  readonly verified?: true;
  readonly startedEpochMicros: number;
  readonly plannedFrames: number;
}

export interface ClientReport extends ReportHead {
  readonly schema: typeof REPORT_SCHEMA;
  readonly endedEpochMicros: number;
  /** Why it ended before its last frame; absent when it did not. */
  readonly cutShort?: string;
  readonly frames: readonly FrameResult[];
  /** Begun and not answered when it was cut short, by sequence: the slow ones among them are in no statistic. */
  readonly unfinished?: readonly UnfinishedFrame[];
}

/** The three lists that older clients printed, in seconds. */
export interface TextBlocks {
  readonly mlSeconds: readonly number[];
  readonly handlerSeconds: readonly number[];
  /** One per sent frame, failed ones included. */
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
 * ML and handler lists are quoted strings, one per answered frame; round trips are numbers, one per sent frame.
 */
export function renderReport(report: ClientReport): string {
  const answered = report.frames.filter((frame) => frame.outcome === "ok");
  const quoted = (values: readonly (number | undefined)[]) =>
    `[${values.flatMap((value) => (value === undefined ? [] : [`'${value}'`])).join(", ")}]`;
  return [
    `${HEADERS.mlSeconds} `,
    quoted(answered.map((frame) => frame.mlSeconds)),
    `${HEADERS.handlerSeconds} `,
    quoted(answered.map((frame) => frame.handlerSeconds)),
    `${HEADERS.roundTripSeconds} `,
    `[${report.frames.map((frame) => frame.roundTripSeconds).join(", ")}]`,
    JSON.stringify(report),
    "",
  ].join("\n");
}

/**
 * Reads a client's output, whatever else stands around it: the JSON line where there is a whole one,
 * else the older blocks, even cut in the middle; `problems` says what was missing or torn.
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
  const fault = reportFault(value);
  if (fault !== undefined) {
    problems.push(fault);
    return undefined;
  }
  return value as ClientReport;
}

/** What was found in a journal. */
export interface ParsedJournal {
  /** Absent when not even the first line is whole. */
  readonly head?: ReportHead;
  /** Finished frames, by sequence. */
  readonly frames: readonly FrameResult[];
  /** The client wrote its last line, so nothing is missing. */
  readonly ended: boolean;
  readonly cutShort?: string;
  /** As in the report; reckoned from the schedule where an open loop was killed. */
  readonly unfinished?: readonly UnfinishedFrame[];
  /** What was torn or unreadable. */
  readonly problems: readonly string[];
}

/** The journal's last line. */
export type JournalEnd = Pick<ClientReport, "cutShort" | "unfinished">;

/**
 * Reads a client's journal, also one that ends in the middle of a line because the client was killed.
 * Where one file was given to several clients, the last of them counts.
 */
export function parseJournal(text: string): ParsedJournal {
  const problems: string[] = [];
  let frames: FrameResult[] = [];
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
    const fault = frameFault(value);
    if (value?.schema === JOURNAL_SCHEMA) {
      if (head !== undefined)
        problems.push(
          `line ${index + 1} begins another client: ${frames.length} frames before it are left out`,
        );
      head = value;
      frames = [];
      last = undefined;
      ends = 0;
    } else if (value?.end === true) {
      last = value;
      ends++;
    } else if (fault === undefined) frames.push(value as unknown as FrameResult);
    else problems.push(`line ${index + 1} ${fault}`);
  }
  frames.sort((left, right) => left.sequence - right.sequence);
  if (ends > 1 || frames.some(({ sequence }, index) => sequence === frames[index - 1]?.sequence)) {
    problems.push("several clients wrote into it at once");
    head = undefined;
  }
  const unfinished = last === undefined ? reckonUnfinished(head, frames) : unfinishedIn(last.unfinished);
  return {
    ...(head !== undefined && { head }),
    frames,
    ended: last !== undefined,
    ...(last?.cutShort !== undefined && { cutShort: last.cutShort }),
    ...(unfinished !== undefined && { unfinished }),
    problems,
  };
}

/**
 * The report that a client would have printed of which only the journal is there.
 * @returns `cutShort` is `lost` where the journal has no end
 */
export function reportOf(journal: ParsedJournal & { readonly head: ReportHead }): ClientReport {
  const { head, frames, ended, unfinished } = journal;
  const cutShort = journal.cutShort ?? (ended ? undefined : "lost");
  const moments = [
    ...frames.map((frame) => frame.startEpochMicros + frame.roundTripSeconds * 1e6),
    ...(unfinished ?? []).map((frame) => frame.startEpochMicros + frame.waitedSeconds * 1e6),
  ];
  return {
    ...head,
    schema: REPORT_SCHEMA,
    endedEpochMicros: Math.round(
      moments.reduce((latest, one) => Math.max(latest, one), head.startedEpochMicros),
    ),
    ...(cutShort !== undefined && { cutShort }),
    frames,
    ...(unfinished !== undefined && { unfinished }),
  };
}

/** Those of a report or a journal that are such; undefined where none is. */
export function unfinishedIn(value: unknown): readonly UnfinishedFrame[] | undefined {
  const entries = (Array.isArray(value) ? value : []) as (Partial<UnfinishedFrame> | null)[];
  const whole = entries.filter(
    (one) =>
      Number.isFinite(one?.sequence) &&
      Number.isFinite(one?.startEpochMicros) &&
      Number.isFinite(one?.waitedSeconds),
  );
  return whole.length === 0 ? undefined : (whole as UnfinishedFrame[]);
}

/**
 * What a killed open loop had begun by the last sign of life in its journal: it keeps to its schedule, so
 * what was due by then and has no row was on its way or held up by those that were.
 */
function reckonUnfinished(
  head: ReportHead | undefined,
  frames: readonly FrameResult[],
): readonly UnfinishedFrame[] | undefined {
  const [first] = frames;
  if (head?.ratePerSecond === undefined || first === undefined) return undefined;
  const periodMicros = 1e6 / head.ratePerSecond;
  const lateMicros = (first.lateSeconds ?? 0) * 1e6;
  const beginMicros = first.startEpochMicros - lateMicros - (first.sequence - 1) * periodMicros;
  const ends = frames.map((frame) => frame.startEpochMicros + frame.roundTripSeconds * 1e6);
  const endMicros = ends.reduce((latest, end) => Math.max(latest, end), 0);
  const finished = new Set(frames.map(({ sequence }) => sequence));
  const unfinished: UnfinishedFrame[] = [];
  for (let sequence = 1; sequence <= head.plannedFrames; sequence++) {
    const startEpochMicros = Math.round(beginMicros + (sequence - 1) * periodMicros);
    if (startEpochMicros > endMicros) break;
    const waitedSeconds = Math.round(endMicros - startEpochMicros) / 1e6;
    if (!finished.has(sequence)) unfinished.push({ sequence, startEpochMicros, waitedSeconds });
  }
  return unfinished.length === 0 ? undefined : unfinished;
}

/** What keeps a value from being a report of this version, or undefined. */
function reportFault(value: unknown): string | undefined {
  const report = value as Partial<ClientReport>;
  if (report.schema !== REPORT_SCHEMA)
    return `the JSON line has schema "${report.schema}", not "${REPORT_SCHEMA}"`;
  if (!Array.isArray(report.frames)) return "the JSON line has no frames";
  const wrong = report.frames.findIndex((frame: FrameResult) => frameFault(frame) !== undefined);
  return wrong < 0 ? undefined : `frame ${wrong + 1} of the JSON line ${frameFault(report.frames[wrong])}`;
}

/** What keeps a value from being a frame's row, or undefined. */
export function frameFault(frame: unknown): string | undefined {
  if (typeof frame !== "object" || frame === null) return "is no object";
  const row = frame as Partial<FrameResult>;
  if (!OUTCOMES.includes(row.outcome as Outcome)) return `has outcome "${row.outcome}"`;
  for (const name of ["sequence", "roundTripSeconds", "startEpochMicros"] as const) {
    if (!Number.isFinite(row[name])) return `has no number ${name}`;
  }
  return undefined;
}

/** The numbers of a Python list that begins after a header; a torn last number is dropped and said. */
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
    items.pop(); // cut in the middle: nobody knows how the last one went on
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
