import { join } from "node:path";
import type { RunWatch } from "@slbench/analyzer";
import type { ProcessorTime } from "@slbench/handler/processor-time";
import { type Cell, clientDeadlineSeconds } from "@slbench/jmeter-plans";
import type { MachineSamples, TimeSpan } from "../../environment/load-samples.ts";
import { watchLoad } from "../../environment/machine.ts";
import { followJournals, followSamples } from "../../results/journals.ts";
import { type ClockComparison, offsetsOf } from "../../results/worker-clocks.ts";
import type { WorkerSamples } from "../../workers/local-fleet.ts";
import type { RunContext } from "../context.ts";
import { type CellMonitor, monitorCell } from "./monitor.ts";
import type { CellPlace } from "./place.ts";
import { type CellOutcome, runCell } from "./run-plan.ts";
import { feedSteadyPart } from "./steady-responses.ts";

/** JMeter's own start and end around the clients' lives. */
const JMETER_MARGIN_SECONDS = 60;
/** After a cell's deadline, its clients still have this long to deliver their results. */
const HAND_IN_SECONDS = 30;

/** How the plan ended, and what was observed around it. */
export interface MeasuredPlan {
  readonly outcome: CellOutcome;
  readonly clocksBefore: readonly ClockComparison[];
  /** This machine's load, and that of workers on other machines. */
  readonly load: MachineSamples;
  readonly workerLoads: readonly WorkerSamples[];
  /** Absent if the gateway's count is not available. */
  readonly gatewayRequests?: number;
  /** That the function took meanwhile; absent if it is not known. */
  readonly functionTime?: ProcessorTime;
  /** When the controller was started, and when it had ended. */
  readonly span: TimeSpan;
}

/** Runs the cell's plan, and observes machine, workers, gateway and function meanwhile. */
export async function runMeasured(
  context: RunContext,
  cell: Cell,
  place: CellPlace,
  watch: RunWatch | undefined,
): Promise<MeasuredPlan> {
  const { experiment, fleet, target } = context;
  const { folder, awayJournals, ramp, plan, workers } = place;
  const whyMissed = watch === undefined ? {} : { whyMissed: () => watch.whyMissed() };
  const monitor = monitorCell({ folder, fleet, awayJournals, ramp, ...whyMissed });
  const stopFollowing = followCell(context, place, monitor, watch && feedSteadyPart(cell.users, watch));
  const endLoad = watchLoad();
  const clocksBefore = await fleet.readClocks();
  const deadlineSeconds =
    cell.users / (plan.startRatePerSecond ?? Number.POSITIVE_INFINITY) +
    clientDeadlineSeconds(plan) +
    JMETER_MARGIN_SECONDS;
  const endWorkerLoads = fleet.watchLoads(deadlineSeconds + HAND_IN_SECONDS);
  const requestsBefore = await target.countRequests?.();
  const endTime = await target.watchProcessorTime?.();
  const fromMs = Date.now();
  let outcome: CellOutcome;
  try {
    outcome = await runCell({
      ...context,
      jmeter: context.prepared.jmeter,
      mode: experiment.jmeter.mode,
      clockOffsetsSeconds: offsetsOf(workers, clocksBefore),
      ...(target.died !== undefined && { functionDied: target.died }),
      ...{ folder, monitor, deadlineSeconds },
    });
  } finally {
    await stopFollowing();
  }
  const span = { fromMs, toMs: Date.now() };
  const load = endLoad();
  const workerLoads = await endWorkerLoads();
  const functionTime = await endTime?.();
  const requestsAfter = await target.countRequests?.();
  return {
    ...{ outcome, clocksBefore, load, workerLoads, span },
    ...(functionTime !== undefined && { functionTime }),
    ...(requestsBefore !== undefined &&
      requestsAfter !== undefined && { gatewayRequests: requestsAfter - requestsBefore }),
  };
}

/** Updates progress and monitor every second; the returned function stops that, after a last look. */
function followCell(
  context: RunContext,
  { folder, journals, near }: CellPlace,
  monitor: CellMonitor,
  onRequest: Parameters<typeof followJournals>[1],
) {
  const count = near ? followJournals(journals, onRequest) : followSamples(join(folder, "samples.xml"));
  const look = async () => {
    const counts = await count();
    context.progress.update(counts);
    return counts;
  };
  let looking: Promise<void> | undefined;
  const ticker = setInterval(() => {
    // A saturated machine takes longer than a second; two readers would count twice.
    looking ??= look()
      .then((counts) => monitor.update(counts))
      .catch(() => {}) // the next attempt may succeed; the watchdog and the deadline do not depend on it
      .finally(() => {
        looking = undefined;
      });
  }, 1_000);
  return async () => {
    clearInterval(ticker);
    await looking;
    await look().catch(() => {});
  };
}
