import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { startDelayMs } from "@slbench/jmeter-plans";
import { type Child, type Ending, startChild } from "../process/child.ts";
import type { Guard } from "../process/guard.ts";
import { checkController, type Verdict } from "./ending.ts";
import type { JMeter } from "./home.ts";
import type { RmiKeys } from "./keys.ts";
import { jmeterArguments, jmeterProperties } from "./launch.ts";

export interface ControllerOptions {
  readonly jmeter: JMeter;
  /** Absent: plain RMI. */
  readonly keys: RmiKeys | undefined;
  readonly guard: Guard;
  /** Address at which the workers reach the controller. */
  readonly host: string;
  /** The workers call back on this port + 1 and + 2; absent: on any free port. */
  readonly portBase?: number;
  readonly plan: string;
  /** As `host:port`. */
  readonly workers: readonly string[];
  /** How workers send samples. */
  readonly mode?: string;
  /** Each worker's clock minus ours, in order; 0 if unknown. */
  readonly clockOffsetsSeconds?: readonly number[];
  /** The file of the plan's View Results Tree. */
  readonly resultXml: string;
  readonly logFolder: string;
}

export interface Controller {
  readonly child: Child;
  /** Resolves when the result file is closed or the process has ended; never rejects. */
  readonly finished: Promise<void>;
  /** Ends the process (JMeter closes its result files on SIGTERM) and checks whether the run is complete. */
  conclude(graceMs?: number): Promise<Verdict & { readonly ending: Ending }>;
}

/** Starts `jmeter -n -R …` for one plan. */
export function startController(options: ControllerOptions): Controller {
  const log = join(options.logFolder, "controller.log");
  const args = jmeterArguments(options.jmeter, options.host, options.keys, [
    "-n",
    "-j",
    log,
    ...jmeterProperties({
      mode: options.mode ?? "Standard", // JMeter's default strips response data
      "client.tries": 1,
      // Samples arrive on the two ports after this one; 0: any.
      "client.rmi.localport": options.portBase ?? 0,
      "jmeter.save.saveservice.hostname": true,
      "jmeter.save.saveservice.autoflush": true, // keeps received samples on disk if JMeter dies
    }),
    "-t",
    options.plan,
    "-R",
    options.workers.join(","),
    // Workers receive the plan one after another, seconds apart; a common start time lets users start together.
    ...startArguments(Date.now() + startDelayMs(options.workers.length), options.clockOffsetsSeconds ?? []),
  ]);
  const child = startChild(options.jmeter.java, args, {
    cwd: options.logFolder,
    logFile: join(options.logFolder, "controller.out.txt"),
    guard: options.guard,
  });
  const output: string[] = [];
  child.onLine((line) => output.push(line));
  const tidied = new Promise<void>((done) => {
    // All workers have finished. JMeter then sleeps 5 s "to allow listeners to close files".
    child.onLine((line) => {
      if (line.startsWith("Tidying up remote")) void closedSoon(options.resultXml).then(done);
    });
  });
  return {
    child,
    finished: Promise.race([tidied, child.ended.then(() => {})]),
    async conclude(graceMs = 4_000) {
      const ending = await child.stop(graceMs);
      const verdict = checkController({
        ...(ending.exitCode !== undefined && { exitCode: ending.exitCode }),
        output: output.join("\n"),
        log: await readFile(log, "utf8").catch(() => ""),
        workers: options.workers,
        resultClosed: await isClosed(options.resultXml),
      });
      return { ...verdict, ending };
    },
  };
}

/** The start time on our clock, and on each worker's clock if it differs. */
function startArguments(startMs: number, offsetsSeconds: readonly number[]): readonly string[] {
  const own = offsetsSeconds.map(
    (offset, index) => `-Gslbench.start.ms.${index}=${Math.round(startMs + offset * 1000)}`,
  );
  return [`-Gslbench.start.ms=${startMs}`, ...own];
}

/** Waits for the closing tag, at most the 5 s that JMeter itself waits. */
async function closedSoon(file: string): Promise<void> {
  for (let i = 0; i < 50 && !(await isClosed(file)); i++) await new Promise((done) => setTimeout(done, 100));
}

/** Whether an XML result file ends with its closing tag. */
export async function isClosed(file: string): Promise<boolean> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return false;
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, 64);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString("latin1").trimEnd().endsWith("</testResults>");
  } finally {
    await handle.close();
  }
}
