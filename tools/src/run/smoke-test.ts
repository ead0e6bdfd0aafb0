import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseJtl, parseThreadName } from "@slbench/analyzer";
import { type ClientReport, parseReport } from "@slbench/client";
import { cellPlanOptions, clientDeadlineSeconds, type PlanOptions, renderPlan } from "@slbench/jmeter-plans";
import { offsetsOf } from "../results/worker-clocks.ts";
import { journalFolderName } from "../workers/journal-folder.ts";
import { type CellOutcome, runCell } from "./cell/run-plan.ts";
import type { RunContext } from "./context.ts";

/** Result of the smoke test on one worker. */
export interface WorkerTrial {
  readonly address: string;
  /** Absent if no sample came back. */
  readonly sample?: { readonly responseCode: string; readonly responseData: string };
  readonly report?: ClientReport;
  /** The worker's clock minus the controller's, in seconds: from its shell, otherwise from its sample, ±0.2 s. */
  readonly clockOffsetSeconds?: number;
}

export interface Trial {
  readonly outcome: CellOutcome;
  readonly workers: readonly WorkerTrial[];
}

/**
 * Runs a real plan with one user per worker and two requests each: the first may meet a cold start. It tests ports in
 * both directions, client, payloads and function as each worker sees them, and leaves nothing behind.
 */
export async function smokeTest(context: Omit<RunContext, "folder" | "progress" | "about">): Promise<Trial> {
  const { experiment, fleet, prepared } = context;
  const folder = await mkdtemp(join(tmpdir(), "slbench-doctor-"));
  try {
    for (const part of ["journals", "logs"]) await mkdir(join(folder, part));
    const resultXml = join(folder, "samples.xml");
    const addresses = fleet.workers.map((worker) => worker.address);
    const awayJournals = journalFolderName("doctor", "trial");
    const cell = { users: addresses.length, thinkTimeSeconds: 0, name: "smoke-test", repetition: 1 };
    const {
      durationSeconds: _,
      startRatePerSecond: _start,
      ...options
    } = cellPlanOptions(...[experiment, cell, addresses.length]);
    const plan: PlanOptions = {
      ...options,
      requestsPerUser: 2,
      ...fleet.paths(join(folder, "journals"), awayJournals),
      resultXml,
      resultCsv: join(folder, "samples.csv"),
    };
    await writeFile(join(folder, "plan.jmx"), renderPlan(plan));
    const compared = await fleet.readClocks();
    const seen = watchArrivals(resultXml, addresses);
    const outcome = await runCell({
      ...context,
      jmeter: prepared.jmeter,
      mode: "Standard",
      clockOffsetsSeconds: offsetsOf(addresses, compared),
      folder,
      deadlineSeconds: clientDeadlineSeconds(plan) + 30,
    });
    // Removes both from the workers.
    await fleet.collectJournals(join(folder, "journals"), awayJournals);
    await fleet.collectResponses(folder, awayJournals);
    const arrivals = await seen();
    const text = await readFile(resultXml, "utf8").catch(() => "");
    const samples = text.includes("<sample ") ? parseJtl(text, resultXml).samples : [];
    const workers = addresses.map((address, index): WorkerTrial => {
      const sample = samples.find(
        ({ threadName }) => parseThreadName(threadName, addresses)?.worker === index + 1,
      );
      if (sample === undefined) return { address };
      const parsed = parseReport(sample.responseData ?? "");
      const report = parsed.kind === "json" ? parsed.report : undefined;
      const arrived = arrivals.get(address);
      const clock = compared.some(({ worker }) => worker === address)
        ? offsetsOf([address], compared)[0]
        : report && arrived && report.endedEpochMicros / 1e6 - arrived;
      return {
        address,
        sample: { responseCode: sample.responseCode, responseData: sample.responseData ?? "" },
        ...(report !== undefined && { report }),
        ...(clock !== undefined && { clockOffsetSeconds: clock }),
      };
    });
    return { outcome, workers };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** When each worker's sample was first seen in the result file, epoch seconds by our clock. */
function watchArrivals(
  file: string,
  addresses: readonly string[],
): () => Promise<ReadonlyMap<string, number>> {
  const arrivals = new Map<string, number>();
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      const text = await readFile(file, "utf8").catch(() => "");
      for (const address of addresses) {
        if (!arrivals.has(address) && text.includes(`tn="${address}-`))
          arrivals.set(address, Date.now() / 1000);
      }
      await sleep(30);
    }
  })();
  return async () => {
    stopped = true;
    await watching;
    return arrivals;
  };
}
