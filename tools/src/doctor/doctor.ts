import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checkMachine, checkTarget } from "../environment/check-machine.ts";
import type { Finding } from "../environment/finding.ts";
import { openFunction } from "../environment/function.ts";
import { type FunctionMetrics, readFunctionMetrics } from "../environment/function-metrics.ts";
import { type Prepared, prepare } from "../environment/prepare.ts";
import { sumOf } from "../environment/prometheus.ts";
import { makeRequestSpec, REQUEST_FILE, renderRequestSpec } from "../environment/request-file.ts";
import { type Guard, startGuard } from "../process/guard.ts";
import { type Interrupt, listenForInterrupt } from "../process/interrupt.ts";
import { progressOutput } from "../progress-output.ts";
import { type Job, readJob } from "../results/job.ts";
import { smokeTest } from "../run/smoke-test.ts";
import { stderrLog } from "../setup/steps.ts";
import { describeOpening, openFleet } from "../workers/open-fleet.ts";
import { readWorkerShells } from "../workers/worker-shell.ts";
import { checkWithShells } from "./check-shells.ts";
import { checkLoad, checkTrial } from "./check-workers.ts";

/**
 * Checks everything that a run of the experiment needs, on this machine and on every worker, and ends with a
 * smoke test of two requests per worker. Reports each finding at once; an error with a hint is a finding too.
 *
 * @returns whether nothing failed
 */
export async function runDoctor(experimentFile: string, show: (finding: Finding) => void): Promise<boolean> {
  const job = await readJob({ experimentFile });
  const interrupt = listenForInterrupt();
  const guard = startGuard();
  let failed = false;
  const report = (finding: Finding) => {
    failed ||= finding.state === "failed";
    show(finding);
  };
  try {
    await interrupt.race(examine(job, guard, interrupt, report));
  } finally {
    await guard.release();
    interrupt.close();
  }
  return !failed;
}

async function examine(
  job: Job,
  guard: Guard,
  interrupt: Interrupt,
  report: (finding: Finding) => void,
): Promise<void> {
  const { experiment } = job;
  for (const finding of await checkMachine(experiment)) report(finding);
  const prepared = await attempt("setup", report, () => prepare(experiment, job.file, stderrLog));
  if (prepared === undefined) return;
  reportPrepared(prepared, report);
  const target = await attempt("function", report, () =>
    openFunction(experiment, job.file, guard, stderrLog),
  );
  if (target === undefined) return;
  try {
    const { metrics } = experiment.function;
    if (metrics !== undefined) await attempt("metrics", report, () => reportMetrics(metrics, report));
    const spec = await attempt("request", report, () => makeRequestSpec(experiment, job.file, target.url));
    if (spec === undefined) return;
    const probe = { client: prepared.client.path, spec, payloads: prepared.payloads };
    for (const finding of await checkTarget(target, { ...probe, interrupted: interrupt.signal }))
      report(finding);
    const request = join(await mkdtemp(join(tmpdir(), "slbench-request-")), REQUEST_FILE);
    guard.watchFolder(dirname(request));
    await writeFile(request, renderRequestSpec(spec));
    progressOutput.write(`doctor: ${describeOpening(experiment)} …\n`);
    const opened = await attempt("workers", report, () =>
      openFleet(job, prepared, guard, undefined, request),
    );
    if (opened === undefined) return;
    report({
      state: "ok",
      what: "workers",
      found: opened.fleet.workers.map((worker) => worker.address).join(", "),
    });
    try {
      progressOutput.write("doctor: smoke test: two requests through each worker …\n");
      await opened.fleet.revive();
      const trial = await smokeTest({
        ...{ experiment, prepared, target, guard, ...opened },
        interrupted: interrupt.signal,
      });
      for (const finding of checkTrial(trial, prepared, experiment, spec)) report(finding);
      for (const finding of checkLoad(trial, experiment)) report(finding);
    } finally {
      await opened.fleet.stop();
    }
    const shells = await readWorkerShells(experiment.name);
    for (const finding of await checkWithShells(experiment, shells, prepared)) report(finding);
  } finally {
    await target.close();
  }
}

function reportPrepared({ jmeter, client, payloads }: Prepared, report: (finding: Finding) => void): void {
  report({ state: "ok", what: "Java", found: jmeter.version });
  report({
    state: "ok",
    what: "JMeter",
    found: `${jmeter.jmeterVersion} (${jmeter.from}) in ${jmeter.home}`,
  });
  report({ state: "ok", what: "client", found: `${client.path}, SHA-256 ${client.sha256.slice(0, 12)}…` });
  const where = payloads.path === undefined ? "none" : `${payloads.count} in ${payloads.path}`;
  report({ state: "ok", what: "payloads", found: where });
}

async function reportMetrics(metrics: FunctionMetrics, report: (finding: Finding) => void): Promise<void> {
  const { series, cores } = await readFunctionMetrics(metrics);
  report({
    state: "ok",
    what: "metrics",
    found: `${sumOf(series).toFixed(2)} s of processor time on ${cores} cores`,
  });
}

/** Reports a known error as a finding with its hint and rethrows any other. */
async function attempt<T>(
  what: string,
  report: (finding: Finding) => void,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error && "hint" in error)) throw error;
    report({ state: "failed", what, found: error.message, fix: String(error.hint) });
    return undefined;
  }
}
