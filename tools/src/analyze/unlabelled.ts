import { dirname } from "node:path";
import { type LogInput, type LogOptions, unzipped } from "@slbench/analyzer/logs";
import { parseJournal } from "@slbench/client/report";
import { JOURNAL_NAME, readBytes } from "./inputs.ts";
import { readLogFile } from "./labelled.ts";

/**
 * Logs of which nobody said the condition. A log's users are its different threads; its think time is what its
 * clients' reports say. Clients' journals are users of one run where they lie in one folder and think alike.
 */
export async function readUnlabelled(
  sources: readonly string[],
  options: LogOptions,
): Promise<readonly LogInput[]> {
  const inputs: LogInput[] = [];
  const journals: Journal[] = [];
  for (const source of sources) {
    if (JOURNAL_NAME.test(source)) journals.push({ source, text: await readText(source) });
    else inputs.push(await readUnlabelledLog(source, options));
  }
  return [...inputs, ...gatherRuns(journals)];
}

interface Journal {
  readonly source: string;
  readonly text: string;
}

/** One without a whole first line goes with the others of its folder: the analysis says what is lost of it. */
function gatherRuns(journals: readonly Journal[]): readonly LogInput[] {
  const runs = new Map<string, { readonly think: number | undefined; readonly journals: Journal[] }>();
  const headless: Journal[] = [];
  for (const journal of journals) {
    const think = parseJournal(journal.text).head?.thinkTimeSeconds;
    const key = `${dirname(journal.source)}\n${think}`;
    if (think === undefined) headless.push(journal);
    else if (runs.has(key)) runs.get(key)?.journals.push(journal);
    else runs.set(key, { think, journals: [journal] });
  }
  const users = new Map([...runs].map(([key, run]) => [key, run.journals.length]));
  for (const journal of headless) {
    const folder = dirname(journal.source);
    const [key = `${folder}\n`] = [...runs.keys()].filter((one) => one.startsWith(`${folder}\n`));
    const run = runs.get(key) ?? { think: undefined, journals: [] };
    run.journals.push(journal);
    runs.set(key, run);
  }
  return [...runs].map(([key, { think, journals: own }]) => ({
    ...{ users: users.get(key) ?? own.length, thinkTimeSeconds: think ?? 0, repetition: 1 },
    source: own.length === 1 ? (own[0] as Journal).source : dirname((own[0] as Journal).source),
    journals: own.map(({ text }) => text),
    guessed: think === undefined,
  }));
}

async function readText(source: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  const damaged = ({ reason }: { readonly reason: string }) =>
    void process.stderr.write(`${source}: ${reason}\n`);
  for await (const chunk of unzipped(readBytes(source), source, damaged)) chunks.push(chunk.slice());
  return Buffer.concat(chunks).toString("utf8");
}

/** Logs of the same condition are repetitions of it, in their order, where nobody numbered them. */
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
        `${source}: taken for repetition ${repetition} of users ${users}, think time ${thinkTimeSeconds} s; say otherwise with --cell\n`,
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
      `${source}: think time ${found}, shown as 0; label it with --cell users=…,think=…,path=…\n`,
    );
  }
  return {
    ...{ users: log.threads, thinkTimeSeconds: thinkTimeSeconds ?? 0, repetition: 1, source, log },
    guessed: thinkTimeSeconds === undefined,
  };
}
