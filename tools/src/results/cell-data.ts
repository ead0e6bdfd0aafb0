import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ClientRun, parseThreadName, type Rejection } from "@slbench/analyzer";
import { type Interval, offsetFromServer, readLog } from "@slbench/analyzer/logs";
import { type ParsedJournal, parseJournal, type ReportHead } from "@slbench/client";

/** Everything known about one virtual user of a cell, from every source. */
export interface UserData {
  /** Its worker and its number on that worker, both from 1: `w2-u1`; worker 0 is unknown. */
  readonly worker: number;
  readonly user: number;
  /** Its row in samples.xml. */
  readonly sample?: { readonly responseCode: string; readonly success: boolean };
  /** Its report, as response data of that row. */
  readonly report?: {
    readonly requests: number;
    readonly successful: number;
    /** Why every request was rejected, if there was a single reason. */
    readonly rejection?: Rejection | undefined;
  };
  /** Its clock minus that of the function's gateway, if responses carry it. */
  readonly serverOffset?: Interval;
  readonly journal?: JournalData;
}

/** A journal with at least its first line. */
export type JournalData = ParsedJournal & { readonly head: ReportHead };

/** Reads samples.xml and the journals of a cell. @param workers addresses, as in the controller's -R, in order */
export async function readCellData(folder: string, workers: readonly string[]): Promise<readonly UserData[]> {
  const users = new Map<string, UserData>();
  const put = (worker: number, user: number, more: Partial<UserData>) => {
    const key = `w${worker}-u${user}`;
    users.set(key, { ...users.get(key), ...more, worker, user });
  };
  for (const { sample, requests, successfulRequests } of await readClientRuns(join(folder, "samples.xml"))) {
    const place = parseThreadName(sample.threadName, workers);
    put(place?.worker ?? 0, place?.user ?? users.size + 1, {
      sample: { responseCode: sample.responseCode, success: sample.success },
      ...(requests !== undefined && {
        report: {
          requests: requests.length,
          successful: successfulRequests,
          rejection: requests.facts.rejection,
        },
      }),
      ...withOffset(requests?.facts.serverOffset),
    });
  }
  for (const name of await readdir(join(folder, "journals")).catch(() => [])) {
    const [, worker, user] = /^w(\d+)-u(\d+)\.jsonl$/.exec(name) ?? [];
    if (worker === undefined) continue;
    const { head, ...journal } = parseJournal(await readFile(join(folder, "journals", name), "utf8"));
    if (head === undefined) continue;
    const offset = withOffset(offsetFromServer(journal.requests));
    put(Number(worker), Number(user), { journal: { head, ...journal }, ...offset });
  }
  return [...users.values()].sort((a, b) => a.worker - b.worker || a.user - b.user);
}

const withOffset = (serverOffset: Interval | undefined) => serverOffset && { serverOffset };

async function readClientRuns(file: string): Promise<readonly ClientRun[]> {
  const bytes = await readFile(file).catch(() => Buffer.alloc(0));
  if (!bytes.includes("<sample ")) return [];
  const { clients } = await readLog(new Blob([bytes]).stream(), file, { figuresOnly: true });
  return clients;
}
