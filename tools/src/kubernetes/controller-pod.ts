import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { create } from "tar";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { makeFolder } from "../files/make-folder.ts";
import { unpackFiles } from "../workers/unpack-files.ts";
import { type Cluster, clusterArguments, execArguments, kubectl, streamFromPod } from "./kubectl.ts";
import { CONTAINER_NAME, JOB_FOLDER } from "./manifests.ts";

/** Files of a result folder: no hidden ones, no way out of the folder. */
const RESULT_FILES = /^(?:[\w@+:-][\w.@+:-]*\/)*[\w@+:-][\w.@+:-]*$/;
/** The controller interrupts its run if this file appears. */
const STOP_FILE = `${JOB_FOLDER}/stop`;
const POLL_MS = 2_000;
const START_MS = 300_000;

/**
 * Waits until the controller's container runs.
 * @returns its pod
 * @throws {SlbenchError} RUN_CLUSTER_START, RUN_KUBECTL_FAILED
 */
export async function findController(
  cluster: Cluster,
  fleet: string,
  stop: AbortSignal,
  waitMs = START_MS,
): Promise<string> {
  let phase = "";
  for (const end = Date.now() + waitMs; Date.now() < end && !stop.aborted; await sleep(POLL_MS)) {
    const found = await askController(cluster, fleet).catch(() => undefined);
    if (found?.phase === "Running") return found.pod;
    phase = found?.phase ?? "";
    if (hasEnded(phase)) break;
  }
  throw new SlbenchError<ToolErrorCode>(
    "RUN_CLUSTER_START",
    `the controller ${fleet}-controller does not run${phase === "" ? "" : ` (${phase})`}`,
    { hint: `see why: kubectl describe pods --selector job-name=${fleet}-controller` },
  );
}

/** The controller's pod and its phase; both empty if it does not exist. */
async function askController(cluster: Cluster, fleet: string) {
  const output = "jsonpath={.items[0].metadata.name} {.items[0].status.phase}";
  const query = ["get", "pods", "--selector", `job-name=${fleet}-controller`, "--output", output];
  const [pod = "", phase = ""] = (await kubectl(cluster, query)).split(" ");
  return { pod, phase };
}

const hasEnded = (phase: string) => phase === "Failed" || phase === "Succeeded";

/** Copies the input folder to the controller, which then begins. @throws {SlbenchError} RUN_KUBECTL_FAILED */
export async function sendInput(
  cluster: Cluster,
  pod: string,
  folder: string,
  stop: AbortSignal,
): Promise<void> {
  const target = `${JOB_FOLDER}/input`;
  const archive = Readable.from(create({ cwd: folder, portable: true, gzip: true }, ["."]));
  const unpack = `mkdir -p ${target} && tar -C ${target} -xzf - && touch ${target}/complete`;
  const command = execArguments(pod, ["sh", "-c", unpack], true);
  await kubectl(cluster, command, { input: archive, timeoutMs: 900_000, stop });
}

/**
 * Prints what the controller prints until its run has ended. A broken connection to the log is opened again.
 * @returns the exit code of `slbench run`
 * @throws {SlbenchError} RUN_CLUSTER_LOST if the controller is gone
 */
export async function followRun(
  cluster: Cluster,
  fleet: string,
  pod: string,
  stop: AbortSignal,
): Promise<number> {
  const following = new AbortController();
  const log = printLog(cluster, pod, following.signal);
  const interrupt = () => void kubectl(cluster, execArguments(pod, ["touch", STOP_FILE])).catch(() => {});
  stop.addEventListener("abort", interrupt, { once: true });
  try {
    let missed = 0;
    for (;;) {
      await sleep(POLL_MS);
      const ended = await readEnded(cluster, pod).catch(() => undefined);
      if (ended !== undefined && ended !== "") return Number(ended);
      missed = ended === undefined ? missed + 1 : 0;
      if (missed === 0) continue;
      const now = await askController(cluster, fleet).catch(() => undefined);
      if (missed >= MAX_MISSED || (now !== undefined && hasEnded(now.phase))) throw lost(pod);
    }
  } finally {
    stop.removeEventListener("abort", interrupt);
    following.abort();
    await log;
  }
}

/** Failed questions in a row after which the controller counts as gone: an API server may be away for a minute. */
const MAX_MISSED = 45;

const readEnded = async (cluster: Cluster, pod: string) => {
  const read = `cat ${JOB_FOLDER}/ended 2>/dev/null || true`;
  return (await kubectl(cluster, execArguments(pod, ["sh", "-c", read]))).trim();
};

/** Copies the controller's output to standard error. Never rejects. */
async function printLog(cluster: Cluster, pod: string, stop: AbortSignal): Promise<void> {
  let since: readonly string[] = [];
  while (!stop.aborted) {
    const args = ["logs", "--follow", ...since, pod, "--container", CONTAINER_NAME];
    await execa("kubectl", [...clusterArguments(cluster), ...args], {
      ...{
        reject: false,
        stdin: "ignore",
        stdout: ["pipe", process.stderr],
        stderr: "ignore",
        buffer: false,
      },
      cancelSignal: stop,
    });
    since = [`--since-time=${new Date().toISOString()}`];
    await sleep(POLL_MS, undefined, { signal: stop }).catch(() => {});
  }
}

function lost(pod: string): SlbenchError {
  return new SlbenchError<ToolErrorCode>("RUN_CLUSTER_LOST", `the controller ${pod} does not respond`, {
    hint: "see kubectl get pods; the workers keep their clients' journals until slbench kubernetes stop EXPERIMENT",
    exitCode: 3,
  });
}

/**
 * Copies the result folders home.
 * @param out their parent here
 * @returns the names of the result folders
 * @throws {SlbenchError} RUN_KUBECTL_FAILED
 */
export async function fetchResults(cluster: Cluster, pod: string, out: string): Promise<readonly string[]> {
  const folder = await makeFolder(out, "name another folder with --out");
  const pack = `mkdir -p ${JOB_FOLDER}/results && tar -C ${JOB_FOLDER}/results -cf - .`;
  const { names } = await streamFromPod(cluster, pod, ["sh", "-c", pack], (archive) =>
    unpackFiles(archive, folder, { wanted: RESULT_FILES }),
  );
  return [...new Set(names.flatMap((name) => (name.includes("/") ? [name.split("/")[0]!] : [])))].sort();
}

/** Lets the controller end: the results are here. */
export async function dismissController(cluster: Cluster, pod: string): Promise<void> {
  await kubectl(cluster, execArguments(pod, ["touch", `${JOB_FOLDER}/fetched`]));
}
