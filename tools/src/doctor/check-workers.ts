import type { RequestSpec } from "@slbench/client/request-spec";
import type { Experiment } from "@slbench/jmeter-plans";
import { probeFinding } from "../environment/check-machine.ts";
import type { Finding } from "../environment/finding.ts";
import type { Prepared } from "../environment/prepare.ts";
import { fastestRoundTrip, readProbe } from "../environment/probe.ts";
import { splitAddress } from "../jmeter/start-worker.ts";
import { forecastLoad, loadWarnings } from "../results/load-forecast.ts";
import type { Trial, WorkerTrial } from "../run/smoke-test.ts";

const CLOCK_LIMIT_SECONDS = 0.5;

/** Findings of the smoke test per worker: ports in both directions, client, payloads, clock, function. */
export function checkTrial(
  trial: Trial,
  prepared: Prepared,
  experiment: Experiment,
  spec: RequestSpec,
): readonly Finding[] {
  return trial.workers.flatMap((worker) => checkWorker(worker, trial, prepared, experiment, spec));
}

/** Whether the users will be active together, by the fastest response that a worker got; empty without one. */
export function checkLoad({ workers }: Trial, experiment: Experiment): readonly Finding[] {
  const seconds = fastestRoundTrip(workers.flatMap(({ report }) => report?.requests ?? []));
  if (seconds === undefined || experiment.load.arrivals !== undefined) return [];
  const [warning] = loadWarnings(experiment, forecastLoad(experiment, workers.length, seconds));
  if (warning === undefined)
    return [{ state: "ok", what: "load", found: "all users of each cell are active together" }];
  return [{ state: "warning", what: "load", found: warning.message, fix: warning.hint }];
}

function checkWorker(
  worker: WorkerTrial,
  trial: Trial,
  prepared: Prepared,
  experiment: Experiment,
  spec: RequestSpec,
): readonly Finding[] {
  const { address, sample, report, clockOffsetSeconds } = worker;
  const { host } = splitAddress(address);
  const about = (what: string, rest: Omit<Finding, "what">): Finding => ({
    what: `${address} ${what}`,
    ...rest,
  });
  if (sample === undefined) {
    return [
      about("samples", {
        state: "failed",
        found: `no sample came back: ${trial.outcome.problem ?? "no user started"}`,
        fix: `on this machine: ufw allow from ${host} to any port 8002:8003 proto tcp; check that ${host}'s worker comes from this bundle`,
      }),
    ];
  }
  const bundle =
    experiment.jmeter.remoteHosts.length > 0
      ? "copy this one: slbench workers start EXPERIMENT"
      : "slbench setup";
  if (report === undefined) {
    const lastLine = sample.responseData.trim().split("\n").at(-1) ?? "";
    return [
      about("client", {
        state: "failed",
        found: `return code ${sample.responseCode}: ${lastLine.slice(0, 200)}`,
        fix: bundle,
      }),
    ];
  }
  const findings = [about("ports", { state: "ok", found: "reachable, and its sample came back" })];
  const { build } = prepared.client;
  findings.push(
    about(
      "client",
      report.client.build === build
        ? { state: "ok", found: `the same build (${build})` }
        : { state: "failed", found: `build ${report.client.build}, here ${build}`, fix: bundle },
    ),
  );
  const probe = readProbe(spec, report, undefined, sample.responseData);
  findings.push(probeFinding(`${address} function`, spec.url, probe, spec.timeoutSeconds));
  if (clockOffsetSeconds !== undefined) {
    const off = Math.abs(clockOffsetSeconds) > CLOCK_LIMIT_SECONDS;
    findings.push(
      about("clock", {
        state: off ? "warning" : "ok",
        found: off
          ? `${Math.abs(clockOffsetSeconds).toFixed(1)} s ${clockOffsetSeconds > 0 ? "ahead" : "behind"}`
          : "within 0.5 s of this machine's",
        ...(off && { fix: `on ${host}: timedatectl set-ntp true` }),
      }),
    );
  }
  return findings;
}
