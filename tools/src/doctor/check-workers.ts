import type { Experiment } from "@slbench/jmeter-plans";
import type { Prepared } from "../environment/prepare.ts";
import { splitAddress } from "../jmeter/start-worker.ts";
import type { Trial, WorkerTrial } from "./smoke-test.ts";

/** One line of `slbench doctor`. */
export interface Finding {
  readonly state: "ok" | "warning" | "failed" | "unknown";
  /** What was looked at. */
  readonly what: string;
  readonly found: string;
  /** What mends it. */
  readonly mend?: string;
}

const CLOCK_LIMIT_SECONDS = 0.5;

/** What the try-out showed of each worker: ports both ways, client, frames, clock, function. */
export function checkTrial(trial: Trial, prepared: Prepared, experiment: Experiment): readonly Finding[] {
  return trial.workers.flatMap((worker) => checkWorker(worker, trial, prepared, experiment));
}

function checkWorker(
  worker: WorkerTrial,
  trial: Trial,
  prepared: Prepared,
  experiment: Experiment,
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
        found: `none came back: ${trial.outcome.problem ?? "no user was started"}`,
        mend: `on this machine: ufw allow from ${host} to any port 8002:8003 proto tcp; is ${host}'s worker of this bundle?`,
      }),
    ];
  }
  const bundle =
    experiment.jmeter.remoteHosts.length > 0
      ? "slbench workers start EXPERIMENT brings this one"
      : "slbench setup";
  if (report === undefined) {
    const said = sample.responseData.trim().split("\n").at(-1) ?? "";
    return [
      about("client", {
        state: "failed",
        found: `return code ${sample.responseCode}: ${said.slice(0, 200)}`,
        mend: bundle,
      }),
    ];
  }
  const findings = [about("ports", { state: "ok", found: "reached, and its sample came back" })];
  const { build } = prepared.client;
  findings.push(
    about(
      "client",
      report.client.build === build
        ? { state: "ok", found: `the same build (${build})` }
        : { state: "failed", found: `build ${report.client.build}, here ${build}`, mend: bundle },
    ),
  );
  const [frame] = report.frames;
  const ok = frame?.outcome === "ok";
  findings.push(
    about(
      "function",
      ok
        ? { state: "ok", found: `answers in ${frame.roundTripSeconds.toFixed(3)} s` }
        : {
            state: "failed",
            found: `${frame?.outcome ?? "no frame was sent"}${frame?.message ? `: ${frame.message}` : ""}`,
            mend: `on ${host}: curl -v ${report.url}`,
          },
    ),
  );
  if (clockOffsetSeconds !== undefined) {
    const off = Math.abs(clockOffsetSeconds) > CLOCK_LIMIT_SECONDS;
    findings.push(
      about("clock", {
        state: off ? "warning" : "ok",
        found: off
          ? `${Math.abs(clockOffsetSeconds).toFixed(1)} s ${clockOffsetSeconds > 0 ? "ahead" : "behind"}`
          : "within 0.5 s of this machine's",
        ...(off && { mend: `on ${host}: timedatectl set-ntp true` }),
      }),
    );
  }
  return findings;
}
