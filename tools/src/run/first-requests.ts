import { setTimeout as sleep } from "node:timers/promises";
import { formatCount } from "@slbench/analyzer/logs";
import type { RequestSpec } from "@slbench/client/request-spec";
import type { FunctionUnderTest } from "../environment/function.ts";
import type { Prepared } from "../environment/prepare.ts";
import {
  describeProbe,
  fastestRoundTrip,
  isValid,
  type Probe,
  probeError,
  probeFunction,
  readProbe,
} from "../environment/probe.ts";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import type { Interrupt } from "../process/interrupt.ts";
import type { Job } from "../results/job.ts";
import type { RunCell } from "../results/result-folder.ts";
import type { RunContext } from "./context.ts";
import { functionDied } from "./function-died.ts";
import type { Progress } from "./progress.ts";
import { smokeTest } from "./smoke-test.ts";

/**
 * Sends the first request from this machine: is the response valid? Then as many as the experiment asks for.
 * Workers on other machines have their own way to the function, and their own secrets: probeWorkers() asks them.
 *
 * @returns the first request, with the shortest round trip of all; undefined if no worker runs here
 */
export async function warmUp(
  { experiment }: Job,
  prepared: Prepared,
  target: FunctionUnderTest,
  spec: RequestSpec,
  interrupt: Interrupt,
  progress: Progress,
): Promise<Probe | undefined> {
  if (experiment.jmeter.remoteHosts.length > 0) return undefined;
  const { warmUpRequests, arrivals } = experiment.load;
  const options = {
    client: prepared.client.path,
    spec,
    payloads: prepared.payloads,
    interrupted: interrupt.signal,
  };
  const first = await interrupt.race(probeFunction(options));
  if (!isValid(first))
    throw (await endedFunction(target)) ?? probeError(spec.url, first, spec.timeoutSeconds);
  for (const line of describeProbe(first)) progress.say(`run: ${line}`);
  const needed =
    arrivals !== undefined ? 0 : first.request.roundTripSeconds > SLOW_SECONDS ? 1 : MORE_REQUESTS;
  const count = Math.max(warmUpRequests - 1, needed);
  const more = count === 0 ? first : await interrupt.race(probeFunction({ ...options, count }));
  if (warmUpRequests > 0) progress.say(`run: warmed up with ${warmUpRequests} requests (not counted)`);
  const { fastestSeconds = Number.POSITIVE_INFINITY } = first;
  return { ...first, fastestSeconds: Math.min(fastestSeconds, more.fastestSeconds ?? fastestSeconds) };
}

/** slbench notices within this time that a function has ended. */
const ENDING_MS = 500;

/** The error if the first request ended a function that slbench had started; undefined if it still runs. */
async function endedFunction(target: FunctionUnderTest): Promise<SlbenchError | undefined> {
  if (target.died === undefined) return undefined;
  const how = await Promise.race([target.died, sleep(ENDING_MS, undefined)]);
  if (how === undefined) return undefined;
  return functionDied(target, `(${how}) during its first request`, "start it by hand and send it a request");
}

/** The first response may include a cold start: these tell how fast the function is, which a closed loop needs. */
const MORE_REQUESTS = 4;
/** If the first response takes longer, one more request is enough. */
const SLOW_SECONDS = 1;

/**
 * Sends two requests from each worker on another machine, through JMeter.
 * @returns the shortest round trip in seconds; undefined if all workers run here
 * @throws {SlbenchError} if a worker's response is not valid
 */
export async function probeWorkers(
  context: Omit<RunContext, "folder" | "about">,
  spec: RequestSpec,
): Promise<number | undefined> {
  if (context.experiment.jmeter.remoteHosts.length === 0) return undefined;
  await context.fleet.revive(); // of a resumed run: workers may still run an earlier test
  const { workers, outcome } = await smokeTest(context);
  for (const { address, report, sample } of workers) {
    if (sample === undefined) {
      throw new SlbenchError<ToolErrorCode>(
        "RUN_PROBE_FAILED",
        `${address}: no sample of the first request came back`,
        {
          hint: `${outcome.problem ?? "the worker started no user"}; slbench doctor EXPERIMENT checks the workers`,
        },
      );
    }
    const probe = readProbe(spec, report, undefined, sample.responseData);
    if (!isValid(probe)) throw probeError(`${spec.url} (from ${address})`, probe, spec.timeoutSeconds);
    for (const line of describeProbe(probe)) context.progress.say(`run: ${address}: ${line}`);
  }
  return fastestRoundTrip(workers.flatMap(({ report }) => report?.requests ?? []));
}

/** Requests for each replica of a function that was started again, so that none measures its first one. */
const WARM_UP_PER_REPLICA = 2;

/** Starts the function with the replicas of a cell, if it names them, and warms them up. */
export async function scaleFunction(
  { replicaCount }: RunCell,
  target: FunctionUnderTest,
  prepared: Prepared,
  spec: RequestSpec,
  interrupt: Interrupt,
  progress: Progress,
): Promise<void> {
  if (replicaCount === undefined || target.scale === undefined) return;
  if (!(await interrupt.race(target.scale(replicaCount)))) return;
  progress.say(`run: the function was started with ${formatCount(replicaCount, "replica")}`);
  await interrupt.race(
    probeFunction({
      ...{ client: prepared.client.path, spec, payloads: prepared.payloads },
      ...{ count: WARM_UP_PER_REPLICA * replicaCount, interrupted: interrupt.signal },
    }),
  );
}
