import type { Readable } from "node:stream";
import { execa } from "execa";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { CONTAINER_NAME } from "./manifests.ts";

/** Which cluster and namespace; absent: those of kubectl's current context. */
export interface Cluster {
  readonly context?: string;
  readonly namespace?: string;
}

export interface KubectlOptions {
  readonly input?: string | Readable;
  readonly timeoutMs?: number;
  /** Ends kubectl. */
  readonly stop?: AbortSignal;
}

/** Arguments that name the cluster. */
export const clusterArguments = ({ context, namespace }: Cluster): readonly string[] => [
  ...(context === undefined ? [] : ["--context", context]),
  ...(namespace === undefined ? [] : ["--namespace", namespace]),
];

/**
 * Runs kubectl.
 * @returns its standard output
 * @throws {SlbenchError} RUN_KUBECTL_FAILED
 */
export async function kubectl(
  cluster: Cluster,
  args: readonly string[],
  { input, timeoutMs = 60_000, stop }: KubectlOptions = {},
): Promise<string> {
  const done = await execa("kubectl", [...clusterArguments(cluster), ...args], {
    ...{ reject: false, timeout: timeoutMs },
    ...(input === undefined ? { stdin: "ignore" } : { input }),
    ...(stop !== undefined && { cancelSignal: stop }),
  });
  if (!done.failed) return done.stdout;
  throw kubectlError(args, done);
}

/** Arguments that run a command in a pod's container. */
export const execArguments = (pod: string, command: readonly string[], stdin = false): readonly string[] => [
  "exec",
  ...(stdin ? ["--stdin"] : []),
  pod,
  ...["--container", CONTAINER_NAME, "--", ...command],
];

/**
 * Runs a command in a pod and reads its output while it runs.
 * @param read has to read the output to its end
 * @returns what `read` returns
 * @throws {SlbenchError} RUN_KUBECTL_FAILED
 */
export async function streamFromPod<T>(
  cluster: Cluster,
  pod: string,
  command: readonly string[],
  read: (output: Readable) => Promise<T>,
): Promise<T> {
  const args = execArguments(pod, command);
  const child = execa("kubectl", [...clusterArguments(cluster), ...args], {
    ...({ reject: false, stdin: "ignore", encoding: "buffer" } as const),
    buffer: { stdout: false },
  });
  const result = await read(child.stdout).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("error" in result) child.kill();
  const done = await child;
  // If the command failed, that is why its output could not be read.
  if (done.failed && !done.isTerminated)
    throw kubectlError(args, { ...done, stderr: new TextDecoder().decode(done.stderr) });
  if ("error" in result) throw result.error;
  return result.value;
}

interface Failed {
  readonly stderr?: unknown;
  readonly code?: string | undefined;
  readonly timedOut?: boolean;
}

function kubectlError(args: readonly string[], done: Failed): SlbenchError {
  const command = args.slice(0, 2).join(" ");
  const lastLine = String(done.stderr ?? "")
    .trim()
    .split("\n")
    .at(-1);
  const what = done.code === "ENOENT" ? "kubectl is not installed" : done.timedOut ? "time-out" : lastLine;
  return new SlbenchError<ToolErrorCode>(
    "RUN_KUBECTL_FAILED",
    `kubectl ${command} failed: ${(what || "no error message").slice(0, 300)}`,
    { hint: "check that this works: kubectl get pods", cause: done },
  );
}
