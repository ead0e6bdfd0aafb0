import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { interruptedError, listenForInterrupt } from "../process/interrupt.ts";
import { type Job, readJob } from "../results/job.ts";
import { stderrLog } from "../setup/steps.ts";
import { dismissController, fetchResults, findController, followRun, sendInput } from "./controller-pod.ts";
import { createFleetKeys } from "./fleet-keys.ts";
import { writeInput } from "./input.ts";
import { type Cluster, kubectl } from "./kubectl.ts";
import { type FleetOptions, fleetLabels, fleetManifests, fleetName } from "./manifests.ts";
import { readSecrets } from "./secrets.ts";

/** The fleet as the command line describes it. */
export type FleetChoices = Omit<FleetOptions, "name" | "keys" | "secrets">;

const WORKERS_START_SECONDS = 600;

/**
 * `slbench kubernetes manifests`: the objects of an experiment's fleet as YAML, with new keys in their Secret.
 * @throws {SlbenchError} SETUP_TOOL_FAILED, USAGE_CLUSTER, and those of readJob()
 */
export async function renderFleet(experimentFile: string, choices: FleetChoices): Promise<string> {
  const { experiment } = await readJob({ experimentFile });
  return renderFleetOf(experiment, readSecrets(experiment), choices);
}

async function renderFleetOf(
  experiment: Job["experiment"],
  secrets: FleetOptions["secrets"],
  choices: FleetChoices,
): Promise<string> {
  const keys = await createFleetKeys();
  const manifests = fleetManifests({ ...choices, name: fleetName(experiment.name), keys, secrets });
  return manifests.map((manifest) => stringify(manifest)).join("---\n");
}

export interface ClusterRunOptions {
  readonly cluster: Cluster;
  /** Parent of the result folder. */
  readonly out: string;
  /** A file or Kustomize folder with manifests to apply; absent: those of renderFleet(). */
  readonly manifests?: string;
}

/**
 * `slbench kubernetes run`: starts the fleet, runs the experiment in it, brings the results home, removes the fleet.
 * @returns the exit code of `slbench run` in the cluster
 * @throws {SlbenchError} USAGE_CLUSTER, RUN_CLUSTER_BUSY, RUN_CLUSTER_START, RUN_CLUSTER_LOST, RUN_KUBECTL_FAILED
 */
export async function runInCluster(
  experimentFile: string,
  choices: FleetChoices,
  options: ClusterRunOptions,
): Promise<number> {
  const { cluster, manifests } = options;
  const job = await readJob({ experimentFile });
  const { experiment } = job;
  const fleet = fleetName(experiment.name);
  // Refused before anything is made.
  const secrets = manifests === undefined ? readSecrets(experiment) : {};
  const input = await mkdtemp(join(tmpdir(), "slbench-input-"));
  const interrupt = listenForInterrupt();
  try {
    await writeInput(job, input, stderrLog);
    await demandFree(cluster, fleet);
    await applyFleet(
      cluster,
      manifests === undefined
        ? { yaml: await renderFleetOf(experiment, secrets, choices) }
        : { path: manifests },
    );
    try {
      const pod = await interrupt.race(startFleet(cluster, fleet, input, interrupt.signal));
      return await finishRun(cluster, pod, fleet, options.out, interrupt.signal);
    } catch (error) {
      // Nothing was measured yet, unless the controller had begun.
      if (!keepsData(error)) await stopFleet(cluster, fleet);
      throw error;
    }
  } finally {
    interrupt.close();
    await rm(input, { recursive: true, force: true });
  }
}

/** Errors after which the cluster may hold the only copy of the data. */
const keepsData = (error: unknown) =>
  error instanceof SlbenchError && ["RUN_CLUSTER_LOST", "RUN_CLUSTER_FETCH"].includes(error.code);

/**
 * `slbench kubernetes fetch`: continues after the connection to a running fleet was lost.
 * @returns the exit code of `slbench run` in the cluster
 * @throws {SlbenchError} RUN_CLUSTER_START, RUN_CLUSTER_LOST, RUN_CLUSTER_FETCH, RUN_KUBECTL_FAILED
 */
export async function fetchFromCluster(experimentFile: string, options: ClusterRunOptions): Promise<number> {
  const { cluster, out } = options;
  const fleet = await fleetOf(experimentFile);
  const interrupt = listenForInterrupt();
  try {
    const pod = await findController(cluster, fleet, interrupt.signal, 1);
    return await finishRun(cluster, pod, fleet, out, interrupt.signal);
  } finally {
    interrupt.close();
  }
}

/** `slbench kubernetes stop`: removes an experiment's fleet, and with it what was not fetched. */
export async function stopInCluster(experimentFile: string, cluster: Cluster): Promise<void> {
  await stopFleet(cluster, await fleetOf(experimentFile));
}

async function fleetOf(experimentFile: string): Promise<string> {
  const { experiment }: Job = await readJob({ experimentFile });
  return fleetName(experiment.name);
}

/** @throws {SlbenchError} RUN_CLUSTER_BUSY */
async function demandFree(cluster: Cluster, fleet: string): Promise<void> {
  const found = await kubectl(cluster, [
    ...["get", "job", `${fleet}-controller`, "--ignore-not-found", "--output", "name"],
  ]);
  if (found.trim() === "") return;
  throw new SlbenchError<ToolErrorCode>(
    "RUN_CLUSTER_BUSY",
    `the cluster already has a fleet of this experiment (${found.trim()})`,
    {
      hint: "slbench kubernetes fetch EXPERIMENT brings its results home; slbench kubernetes stop EXPERIMENT removes it",
    },
  );
}

/** @param manifests as text, or a file or Kustomize folder */
async function applyFleet(
  cluster: Cluster,
  manifests: { readonly yaml: string } | { readonly path: string },
): Promise<void> {
  if ("yaml" in manifests) {
    await kubectl(cluster, ["apply", "--filename", "-"], { input: manifests.yaml });
    return;
  }
  const flag = /\.ya?ml$/.test(manifests.path) ? "--filename" : "--kustomize";
  await kubectl(cluster, ["apply", flag, manifests.path]);
}

/** Waits for all pods and sends the input. @returns the controller's pod */
async function startFleet(
  cluster: Cluster,
  fleet: string,
  input: string,
  stop: AbortSignal,
): Promise<string> {
  process.stderr.write(`kubernetes: starting ${fleet}\n`);
  const status = ["rollout", "status", `statefulset/${fleet}-worker`, `--timeout=${WORKERS_START_SECONDS}s`];
  await kubectl(cluster, status, { timeoutMs: (WORKERS_START_SECONDS + 30) * 1000, stop }).catch((cause) => {
    throw new SlbenchError<ToolErrorCode>(
      "RUN_CLUSTER_START",
      `not all workers are ready: ${(cause as Error).message}`,
      {
        hint: `see why: kubectl describe pods --selector app.kubernetes.io/instance=${fleet}; images, resources, and nodes without the function are needed`,
        cause,
      },
    );
  });
  const pod = await findController(cluster, fleet, stop);
  await sendInput(cluster, pod, input, stop);
  return pod;
}

/** Follows the run to its end, brings the results home and removes the fleet. */
async function finishRun(
  cluster: Cluster,
  pod: string,
  fleet: string,
  out: string,
  stop: AbortSignal,
): Promise<number> {
  const code = await followRun(cluster, fleet, pod, stop);
  const folders = await fetchResults(cluster, pod, out).catch((cause) => {
    throw new SlbenchError<ToolErrorCode>(
      "RUN_CLUSTER_FETCH",
      `the results are still in the pod ${pod}: ${(cause as Error).message}`,
      { hint: "slbench kubernetes fetch EXPERIMENT tries again", exitCode: 3, cause },
    );
  });
  await dismissController(cluster, pod);
  await stopFleet(cluster, fleet);
  for (const name of folders) process.stdout.write(`${join(out, name)}\n`);
  if (stop.aborted)
    throw interruptedError("what was measured is in the folder above; run the same command again");
  return code;
}

async function stopFleet(cluster: Cluster, fleet: string): Promise<void> {
  const labels = Object.entries(fleetLabels(fleet)).map(([key, value]) => `${key}=${value}`);
  const kinds = "job,statefulset,service,networkpolicy,secret";
  await kubectl(cluster, ["delete", kinds, "--selector", labels.join(","), "--wait=false"]);
}
