import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { LogInput, LogOptions } from "@slbench/analyzer/logs";
import { JOURNAL_SCHEMA, parseJournal } from "@slbench/client/report";
import { readBytes, STDIN } from "./inputs.ts";
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
  const journals = new Map<string, LogInput & { readonly journals: readonly string[] }>();
  for (const source of sources) {
    if (!(await isJournal(source))) {
      inputs.push(await readUnlabelledLog(source, options));
      continue;
    }
    const text = await readFile(source, "utf8");
    const think = parseJournal(text).head?.thinkTimeSeconds;
    const key = `${dirname(source)}\n${think}`;
    const before = journals.get(key)?.journals ?? [];
    journals.set(key, {
      ...{
        users: before.length + 1,
        thinkTimeSeconds: think ?? 0,
        repetition: 1,
        journals: [...before, text],
      },
      source: before.length === 0 ? source : dirname(source),
      guessed: think === undefined,
    });
  }
  return [...inputs, ...journals.values()];
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

async function isJournal(source: string): Promise<boolean> {
  if (source === STDIN) return false;
  for await (const chunk of readBytes(source)) {
    const head = new TextDecoder().decode(chunk.subarray(0, 100));
    return head.startsWith("{") && head.includes(JOURNAL_SCHEMA);
  }
  return false;
}
