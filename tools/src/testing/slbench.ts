import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseJournal, type RequestResult } from "@slbench/client";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
/** The folder of the example functions. */
export const examples = fileURLToPath(new URL("../../examples/functions/", import.meta.url));

export interface Ended {
  readonly code: number | null;
  /** Standard output and error. */
  readonly output: string;
}

/** Starts slbench from its sources. @param more environment; without SLBENCH_TEST_TOKEN unless it is given */
export function startSlbench(
  args: readonly string[],
  cwd: string,
  more: Readonly<Record<string, string>> = {},
) {
  const { SLBENCH_TEST_TOKEN: _, ...env } = process.env;
  return spawn(process.execPath, ["--conditions=@slbench/source", main, ...args], {
    ...{ cwd, env: { ...env, ...more } },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Runs slbench from its sources and waits for its end. */
export async function runSlbench(...given: Parameters<typeof startSlbench>): Promise<Ended> {
  const child = startSlbench(...given);
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

/** The folder of the first result of an experiment below `folder/results`. */
export function resultOf(folder: string, experiment: string): string {
  const results = join(folder, "results");
  const name = readdirSync(results).find((entry) => entry.startsWith(`${experiment}-2`));
  if (name === undefined) throw new Error(`no result of ${experiment} in ${results}`);
  return join(results, name);
}

/** All requests that the journals below a folder hold. */
export function journalRows(folder: string): readonly RequestResult[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".jsonl") && name.includes("journals"))
    .flatMap((name) => parseJournal(readFileSync(join(folder, name), "utf8")).requests);
}

/** A Python function of examples/functions, on a free port of loopback. */
export interface ExampleFunction {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts an example's function.py and waits until it listens. @throws if it ends before */
export async function startExample(name: string, ...options: string[]): Promise<ExampleFunction> {
  const child = spawn("python3", [join(examples, name, "function.py"), "--port", "0", ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), "line").then(([text]) => String(text)),
    ended.then(([code]) => `exited with ${code} before it listened`),
  ]);
  const [url] = /http:\S+/.exec(line) ?? [];
  if (url !== undefined) return { url, stop };
  await stop();
  throw new Error(`${name} printed ${line}`);
}
