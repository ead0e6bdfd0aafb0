import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { analyze, type ClientRun } from "@slbench/analyzer";
import type { FrameResult, ReportHead } from "@slbench/client";

/** What is known of one virtual user of a cell, from every source. */
export interface UserData {
  /** Which slave and which of its users, both from 1: `s2-u1`; slave 0 is none of ours. */
  readonly slave: number;
  readonly user: number;
  /** Its row in samples.xml. */
  readonly sample?: { readonly responseCode: string; readonly success: boolean };
  /** Its report, as response data of that row. */
  readonly report?: { readonly frames: number; readonly answered: number };
  readonly journal?: JournalData;
}

export interface JournalData {
  readonly head: ReportHead;
  readonly frames: readonly FrameResult[];
  /** Its last line is there. */
  readonly ended: boolean;
  readonly cutShort?: string;
}

/** Reads samples.xml and the journals of a cell. @param slaves addresses, as in the master's -R, in order */
export async function readCellData(folder: string, slaves: readonly string[]): Promise<readonly UserData[]> {
  const users = new Map<string, UserData>();
  const put = (slave: number, user: number, more: Partial<UserData>) => {
    const key = `s${slave}-u${user}`;
    users.set(key, { ...users.get(key), ...more, slave, user });
  };
  for (const { sample, frames, answeredFrames } of await readClientRuns(join(folder, "samples.xml"))) {
    const place = parseThreadName(sample.threadName, slaves);
    put(place?.slave ?? 0, place?.user ?? users.size + 1, {
      sample: { responseCode: sample.responseCode, success: sample.success },
      ...(frames !== undefined && { report: { frames: frames.length, answered: answeredFrames } }),
    });
  }
  for (const name of await readdir(join(folder, "journals")).catch(() => [])) {
    const [, slave, user] = /^s(\d+)-u(\d+)\.jsonl$/.exec(name) ?? [];
    if (slave === undefined) continue;
    const journal = parseJournal(await readFile(join(folder, "journals", name), "utf8"));
    if (journal !== undefined) put(Number(slave), Number(user), { journal });
  }
  return [...users.values()].sort((a, b) => a.slave - b.slave || a.user - b.user);
}

async function readClientRuns(file: string): Promise<readonly ClientRun[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  if (!text.includes("<sample ")) return [];
  const { clients } = analyze([{ users: 0, thinkTimeSeconds: 0, repetition: 1, source: file, text }]);
  return clients.flat();
}

/** `127.0.0.1:41921-Users 1-2` → slave and user, both from 1. */
export function parseThreadName(
  threadName: string,
  slaves: readonly string[],
): { readonly slave: number; readonly user: number } | undefined {
  const index = slaves.findIndex((address) => threadName.startsWith(`${address}-`));
  const user = Number(/-(\d+)$/.exec(threadName)?.[1]);
  return index < 0 || !Number.isInteger(user) ? undefined : { slave: index + 1, user };
}

/** Whole lines of a client's journal; a torn last line is left out. */
export function parseJournal(text: string): JournalData | undefined {
  const rows: unknown[] = [];
  for (const line of text.split("\n")) {
    try {
      if (line !== "") rows.push(JSON.parse(line));
    } catch {
      break; // killed while it wrote
    }
  }
  const [head, ...rest] = rows as [ReportHead?, ...(FrameResult & { end?: true; cutShort?: string })[]];
  if (head === undefined) return undefined;
  const last = rest.at(-1);
  const ended = last?.end === true;
  return {
    head,
    frames: ended ? rest.slice(0, -1) : rest,
    ended,
    ...(ended && last.cutShort !== undefined && { cutShort: last.cutShort }),
  };
}
