import type { Command } from "commander";
import type { ClusterRunOptions, FleetChoices } from "../kubernetes/run-in-cluster.ts";
import { collect } from "./collect.ts";
import { positiveInteger } from "./numbers.ts";

interface FleetFlags {
  readonly workers: number;
  readonly workerImage: string;
  readonly controllerImage: string;
  readonly workerCpu: string;
  readonly workerMemory: string;
  readonly awayFrom?: string;
  readonly awayNamespace?: string;
  readonly pullSecret?: string;
  readonly threshold: readonly string[];
}

interface ClusterFlags {
  readonly context?: string;
  readonly namespace?: string;
  readonly out?: string;
  readonly manifests?: string;
}

export function registerKubernetes(program: Command): void {
  const kubernetes = program
    .command("kubernetes")
    .description("Run an experiment with workers in a Kubernetes cluster")
    .addHelpText(
      "after",
      "\nExample:\n  slbench kubernetes run experiment.yaml --workers 4 \\\n    --worker-image REG/slbench-worker:0.1.0 \\\n    --controller-image REG/slbench-controller:0.1.0",
    );
  withCluster(withFleet(kubernetes.command("run <experiment>")))
    .description("Start workers and controller, run, bring the results home, remove all")
    .option("--out <dir>", "folder for the result folder", "results")
    .option("--manifests <path>", "apply this file or Kustomize folder instead of the manifests")
    .addHelpText(
      "after",
      `
The function's address must be one inside the cluster. kubectl must be able to
create the objects that slbench kubernetes manifests prints, and to use exec.

Example:
  slbench kubernetes run experiment.yaml --workers 4 --namespace load \\
    --worker-image REG/slbench-worker:0.1.0 \\
    --controller-image REG/slbench-controller:0.1.0 \\
    --away-from faas_function=slblur --away-namespace openfaas-fn

Exit codes: those of slbench run`,
    )
    .exitOverride()
    .action(async (experiment: string, flags: FleetFlags & ClusterFlags) => {
      const { runInCluster } = await import("../kubernetes/run-in-cluster.ts");
      process.exitCode = await runInCluster(experiment, toChoices(flags), toOptions(flags));
    });
  withFleet(kubernetes.command("manifests <experiment>"))
    .description("Print the objects as YAML, to read or to change them")
    .addHelpText(
      "after",
      `
The Secret holds new private keys: treat the output like a password.

Example:
  slbench kubernetes manifests experiment.yaml --workers 4 > base/fleet.yaml`,
    )
    .exitOverride()
    .action(async (experiment: string, flags: FleetFlags) => {
      const { renderFleet } = await import("../kubernetes/run-in-cluster.ts");
      process.stdout.write(await renderFleet(experiment, toChoices(flags)));
    });
  withCluster(kubernetes.command("fetch <experiment>"))
    .description("Follow a run whose connection was lost, and bring its results home")
    .option("--out <dir>", "folder for the result folder", "results")
    .addHelpText("after", "\nExample:\n  slbench kubernetes fetch experiment.yaml --namespace load")
    .exitOverride()
    .action(async (experiment: string, flags: ClusterFlags) => {
      const { fetchFromCluster } = await import("../kubernetes/run-in-cluster.ts");
      process.exitCode = await fetchFromCluster(experiment, toOptions(flags));
    });
  withCluster(kubernetes.command("stop <experiment>"))
    .description("Remove an experiment's workers and controller, with what was not fetched")
    .addHelpText("after", "\nExample:\n  slbench kubernetes stop experiment.yaml --namespace load")
    .exitOverride()
    .action(async (experiment: string, flags: ClusterFlags) => {
      const { stopInCluster } = await import("../kubernetes/run-in-cluster.ts");
      await stopInCluster(experiment, toOptions(flags).cluster);
    });
}

const withCluster = (command: Command): Command =>
  command
    .option("--context <name>", "kubectl context (default: the current one)")
    .option("--namespace <name>", "namespace, which must exist (default: the context's)");

const withFleet = (command: Command): Command =>
  command
    .option("--workers <n>", "number of workers", positiveInteger, 2)
    .option("--worker-image <image>", "image of the workers", "slbench-worker:0.1.0")
    .option("--controller-image <image>", "image of the controller", "slbench-controller:0.1.0")
    .option("--worker-cpu <quantity>", "processors of each worker", "2")
    .option("--worker-memory <quantity>", "memory of each worker (docs/scale.md)", "2Gi")
    .option("--away-from <label=value>", "the function's pods: stay away from their nodes")
    .option("--away-namespace <name>", "namespace of the function's pods (default: this one)")
    .option("--pull-secret <name>", "Secret for a private registry")
    .option("--threshold <rule>", "condition that every cell must meet; repeatable", collect, []);

function toChoices(flags: FleetFlags): FleetChoices {
  const { workers, workerImage, controllerImage, workerCpu, workerMemory, pullSecret } = flags;
  return {
    ...{ workers, workerImage, controllerImage, workerCpu, workerMemory },
    ...(pullSecret !== undefined && { pullSecret }),
    ...(flags.awayFrom !== undefined && {
      awayFrom: {
        labels: Object.fromEntries(flags.awayFrom.split(",").map((pair) => toLabel(pair))),
        ...(flags.awayNamespace !== undefined && { namespace: flags.awayNamespace }),
      },
    }),
    runOptions: flags.threshold.flatMap((rule) => ["--threshold", rule]),
  };
}

function toLabel(pair: string): readonly [string, string] {
  const cut = pair.indexOf("=");
  return cut < 0 ? [pair.trim(), ""] : [pair.slice(0, cut).trim(), pair.slice(cut + 1).trim()];
}

function toOptions({ context, namespace, out = "results", manifests }: ClusterFlags): ClusterRunOptions {
  return {
    cluster: {
      ...(context !== undefined && { context }),
      ...(namespace !== undefined && { namespace }),
    },
    out,
    ...(manifests !== undefined && { manifests }),
  };
}
