import { dirname } from "node:path";
import { describeCondition, type LogInput, type LogOptions, unzipped } from "@slbench/analyzer/logs";
import { parseJournal } from "@slbench/client/report";
import { JOURNAL_NAME, readBytes } from "./inputs.ts";
import { readLogFile } from "./labelled.ts";

/**
 * Reads logs without a given condition. A log's users are its threads; the think time comes from its clients' reports.
 * Journals in one folder with one think time are the users of one run.
 */
export async function readUnlabelled(
  sources: readonly string[],
  options: LogOptions,
): Promise<readonly LogInput[]> {
  const inputs: LogInput[] = [];
  const journals: Journal[] = [];
  for (const source of sources) {
    if (JOURNAL_NAME.test(source)) journals.push(await readJournal(source));
    else inputs.push(await readUnlabelledLog(source, options));
  }
  return [...inputs, ...gatherRuns(journals)];
}

interface Journal {
  readonly source: string;
  readonly text: string;
  /** Absent if its first line is not complete. */
  readonly think?: number | undefined;
}

function gatherRuns(journals: readonly Journal[]): readonly LogInput[] {
  const runs = new Map<string, { readonly think: number | undefined; readonly own: Journal[] }>();
  for (const journal of journals) {
    const folder = dirname(journal.source);
    // A journal without think time joins the others of its folder; the analysis reports what is missing.
    const near = journals.find((one) => one.think !== undefined && dirname(one.source) === folder);
    const think = journal.think ?? near?.think;
    const key = `${folder}\n${think}`;
    const run = runs.get(key) ?? { think, own: [] };
    run.own.push(journal);
    runs.set(key, run);
  }
  return [...runs.values()].map(({ think, own }) => ({
    users: own.filter((one) => one.think !== undefined).length || own.length,
    ...{ thinkTimeSeconds: think ?? 0, repetition: 1, isConditionInferred: think === undefined },
    source: own.length === 1 ? (own[0] as Journal).source : dirname((own[0] as Journal).source),
    journals: own.map(({ text }) => text),
  }));
}

async function readJournal(source: string): Promise<Journal> {
  const text = await readText(source);
  return { source, text, think: parseJournal(text).head?.thinkTimeSeconds };
}

async function readText(source: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  const damaged = ({ reason }: { readonly reason: string }) =>
    void process.stderr.write(`${source}: ${reason}\n`);
  for await (const chunk of unzipped(readBytes(source), source, damaged)) chunks.push(chunk.slice());
  return Buffer.concat(chunks).toString("utf8");
}

/** Numbers logs of the same condition as its repetitions, in order, unless they are numbered already. */
export function numberRepetitions(
  inputs: readonly LogInput[],
  isNumbered: (input: LogInput) => boolean,
): LogInput[] {
  const taken = new Set(inputs.filter(isNumbered).map(runOf));
  return inputs.map((input) => {
    if (isNumbered(input) || input.log?.hasReports === false) return input;
    let { repetition } = input;
    while (taken.has(runOf({ ...input, repetition }))) repetition++;
    taken.add(runOf({ ...input, repetition }));
    if (repetition > 1) {
      const { source, users, thinkTimeSeconds } = input;
      process.stderr.write(
        `${source}: treated as repetition ${repetition} of ${describeCondition({ users, thinkTimeSeconds })}; use --cell to change that\n`,
      );
    }
    return { ...input, repetition };
  });
}

const runOf = ({ users, thinkTimeSeconds, repetition }: LogInput) =>
  `${users} ${thinkTimeSeconds} ${repetition}`;

async function readUnlabelledLog(source: string, options: LogOptions): Promise<LogInput> {
  const log = await readLogFile(source, options);
  const thinkTimes = new Set(log.clients.map((client) => client.thinkTimeSeconds));
  thinkTimes.delete(undefined);
  const [known] = thinkTimes;
  const thinkTimeSeconds = thinkTimes.size === 1 ? known : undefined;
  if (log.hasReports && thinkTimeSeconds === undefined) {
    const found = thinkTimes.size === 0 ? "unknown" : `differs (${[...thinkTimes].join(", ")} s)`;
    process.stderr.write(
      `${source}: think time ${found}, shown as 0; set it with --cell users=…,think=…,path=…\n`,
    );
  }
  return {
    ...{ users: log.threads, thinkTimeSeconds: thinkTimeSeconds ?? 0, repetition: 1, source, log },
    isConditionInferred: thinkTimeSeconds === undefined,
  };
}
