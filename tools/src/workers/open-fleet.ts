import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatCount } from "@slbench/analyzer/logs";
import type { Experiment } from "@slbench/jmeter-plans";
import type { Prepared } from "../environment/prepare.ts";
import { createKeys, experimentKeys, type RmiKeys } from "../jmeter/keys.ts";
import type { Guard } from "../process/guard.ts";
import type { Job } from "../results/job.ts";
import { experimentHosts } from "./bundle.ts";
import { type AskPort, createAskPort } from "./heartbeat.ts";
import { type Fleet, startLocalFleet } from "./local-fleet.ts";
import { connectRemoteFleet } from "./remote-fleet.ts";
import { readWorkerShells } from "./worker-shell.ts";

export interface OpenFleet {
  /** Absent with `rmi: insecure`. */
  readonly keys: RmiKeys | undefined;
  readonly askPort: AskPort;
  readonly fleet: Fleet;
}

/** What openFleet() does, for a line of progress: it takes seconds. */
export function describeOpening({ jmeter }: Experiment): string {
  const { length } = jmeter.remoteHosts;
  return length > 0
    ? `connecting to ${formatCount(length, "worker")}`
    : `starting ${formatCount(jmeter.localWorkers, "JMeter worker")} on this machine`;
}

/**
 * Starts local workers with temporary keys, or connects to remote workers with the experiment's keys.
 * @param request the request specification on this machine
 * @param folder the result folder; without it, logs are not kept
 */
export async function openFleet(
  { experiment, resumed }: Job,
  prepared: Prepared,
  guard: Guard,
  folder: string | undefined,
  request: string,
): Promise<OpenFleet> {
  const { jmeter } = prepared;
  const remote = experiment.jmeter.remoteHosts.length > 0;
  const secure = experiment.jmeter.rmi === "tls";
  let keys: RmiKeys | undefined;
  if (secure && remote) {
    keys = await experimentKeys(jmeter.keytool, experiment.name);
  } else if (secure) {
    keys = await createKeys(jmeter.keytool);
    guard.watchFolder(keys.folder);
  }
  const askPort = await createAskPort(keys);
  const saveResponses = (experiment.response.save ?? 0) > 0;
  if (remote) {
    const shells = await readWorkerShells(experiment.name);
    const addresses = experimentHosts(experiment);
    const fleet = await connectRemoteFleet({
      ...{ jmeter, keys, askPort, addresses, shells },
      hasPayloads: prepared.payloads.path !== undefined,
      saveResponses,
      resumed: resumed !== undefined,
    });
    return { keys, askPort, fleet };
  }
  const logFolder = folder === undefined ? await privateFolder(guard) : join(folder, "logs");
  await mkdir(logFolder, { recursive: true });
  const fleet = await startLocalFleet({
    ...{ jmeter, keys, guard, askPort, logFolder },
    count: experiment.jmeter.localWorkers,
    client: prepared.client.path,
    request,
    ...(prepared.payloads.path !== undefined && { payloads: prepared.payloads.path }),
    saveResponses,
  });
  return { keys, askPort, fleet };
}

async function privateFolder(guard: Guard): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "slbench-logs-"));
  guard.watchFolder(folder);
  return folder;
}
