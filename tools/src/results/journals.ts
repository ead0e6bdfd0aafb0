import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { RequestResult } from "@slbench/client/report";

/** Progress of a cell's clients. */
export interface StartedUser {
  readonly worker: number;
  readonly user: number;
  /** When its client began, epoch ms on the worker's clock. */
  readonly startedMs: number;
}

export interface JournalCounts {
  /** Clients that have begun; absent if the journals are on other machines. */
  readonly started?: number;
  /** Clients that have ended. */
  readonly ended: number;
  readonly requests: number;
  readonly answered: number;
  /** Failed requests by outcome. */
  readonly failures: Readonly<Record<string, number>>;
  /** When each client on this machine began; absent as `started` is. */
  readonly starts?: readonly StartedUser[];
}

/** How far a file has been read. */
export interface FileState {
  offset: number;
  rest: string;
  ended: boolean;
}

/** What a journal's line tells of a finished request. */
export type JournalRequest = Pick<RequestResult, "startEpochMicros" | "roundTripSeconds" | "outcome">;

/**
 * Follows a folder of journals; each call of the returned function reads what is new.
 * @param onRequest gets each finished request with its user (`w1-u2`), a user's requests in the order of sending
 */
export function followJournals(
  folder: string,
  onRequest?: (user: string, request: JournalRequest) => void,
): () => Promise<JournalCounts> {
  const files = new Map<string, FileState>();
  const outcomes = new OutcomeCounts(/"outcome":"([a-z-]+)"/g);
  const starts: StartedUser[] = [];
  return async () => {
    for (const name of await readdir(folder).catch(() => [])) {
      if (!name.endsWith(".jsonl")) continue;
      const state = files.get(name) ?? { offset: 0, rest: "", ended: false };
      files.set(name, state);
      if (state.ended) continue;
      const [, worker, user] = /^w(\d+)-u(\d+)\.jsonl$/.exec(name) ?? [];
      for (const line of await newLines(join(folder, name), state)) {
        // Journals are trusted and large, so a text search is enough for counting.
        outcomes.add(line);
        if (onRequest !== undefined && line.startsWith('{"sequence":'))
          onRequest(`w${worker}-u${user}`, JSON.parse(line) as JournalRequest);
        const head = /^\{"schema":.*"startedEpochMicros":(\d+)/.exec(line);
        if (head !== null && worker !== undefined) {
          starts.push({ worker: Number(worker), user: Number(user), startedMs: Number(head[1]) / 1000 });
        }
        if (line.startsWith('{"end":true')) state.ended = true;
      }
    }
    const ended = [...files.values()].filter((state) => state.ended).length;
    return { started: files.size, ended, ...outcomes.counts(), starts };
  };
}

/** Follows samples.xml if the journals are on other machines: a client counts once it has ended. */
export function followSamples(file: string): () => Promise<JournalCounts> {
  const state: FileState = { offset: 0, rest: "", ended: false };
  const count = (line: string, text: string) => line.split(text).length - 1;
  const outcomes = new OutcomeCounts(/&quot;outcome&quot;:&quot;([a-z-]+)&quot;/g);
  let ended = 0;
  return async () => {
    for (const line of await newLines(file, state)) {
      ended += count(line, "<sample ");
      outcomes.add(line);
    }
    return { ended, ...outcomes.counts() };
  };
}

class OutcomeCounts {
  readonly #pattern: RegExp;
  readonly #byOutcome = new Map<string, number>();

  constructor(pattern: RegExp) {
    this.#pattern = pattern;
  }

  add(line: string): void {
    for (const [, outcome = ""] of line.matchAll(this.#pattern))
      this.#byOutcome.set(outcome, (this.#byOutcome.get(outcome) ?? 0) + 1);
  }

  counts(): Pick<JournalCounts, "requests" | "answered" | "failures"> {
    const { ok: answered = 0, ...failures } = Object.fromEntries(this.#byOutcome);
    const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
    return { requests: answered + failed, answered, failures };
  }
}

/** The complete lines added to a growing file since the last call; empty if there is no file. */
export async function newLines(file: string, state: FileState): Promise<readonly string[]> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return [];
  try {
    const { size } = await handle.stat();
    if (size <= state.offset) return [];
    const { buffer, bytesRead } = await handle.read({
      buffer: Buffer.alloc(size - state.offset),
      position: state.offset,
    });
    state.offset += bytesRead;
    const lines = (state.rest + buffer.toString("latin1", 0, bytesRead)).split("\n");
    state.rest = lines.pop() ?? "";
    return lines;
  } finally {
    await handle.close();
  }
}
