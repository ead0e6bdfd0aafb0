import { copyFile, cp, mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { parseDocument } from "yaml";
import { findPayloads } from "../environment/payloads.ts";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import type { Job } from "../results/job.ts";
import type { SetupLog } from "../setup/steps.ts";

/**
 * Fills a folder with an experiment and every file that it names, so that it can be run elsewhere. The payloads are
 * made here, which keeps video tools out of the cluster.
 * @throws {SlbenchError} USAGE_CLUSTER; errors of findPayloads()
 */
export async function writeInput(
  { experiment, file, text }: Pick<Job, "experiment" | "file" | "text">,
  folder: string,
  log: SetupLog,
): Promise<void> {
  demandPortable(experiment);
  const base = dirname(resolve(file));
  const document = parseDocument(text);
  const payloads = await findPayloads(experiment, base, log);
  if (payloads.path !== undefined) {
    for (const name of ["video", "frames", "files", "lines"]) document.deleteIn(["request", name]);
    await copyPayloads(payloads.path, payloads.kind === "lines" ? undefined : payloads.names, folder);
    document.setIn(["request", payloads.kind === "lines" ? "lines" : "files"], "payloads");
  }
  const { expected } = experiment.response.valid ?? {};
  if (expected !== undefined) {
    await cp(resolve(base, expected), join(folder, "expected"), { recursive: true });
    document.setIn(["response", "valid", "expected"], "expected");
  }
  const ca = experiment.function.tls?.ca;
  if (ca !== undefined) {
    await copyFile(resolve(base, ca), join(folder, "ca.pem"));
    document.setIn(["function", "tls", "ca"], "ca.pem");
  }
  await writeFile(join(folder, "experiment.yaml"), document.toString());
}

/** @param names the files of a folder; absent: `from` is a file */
async function copyPayloads(
  from: string,
  names: readonly string[] | undefined,
  folder: string,
): Promise<void> {
  const to = join(folder, "payloads");
  if (names === undefined) return copyFile(from, to);
  await mkdir(to);
  for (const name of names) await copyFile(join(from, name), join(to, basename(name)));
}

/** @throws {SlbenchError} USAGE_CLUSTER */
function demandPortable(experiment: Job["experiment"]): void {
  const refuse = (what: string, hint: string) => {
    throw new SlbenchError<ToolErrorCode>("USAGE_CLUSTER", `${experiment.name}: ${what}`, {
      ...{ hint, exitCode: 2 },
    });
  };
  if (experiment.function.url === "local" || experiment.function.command !== undefined)
    refuse(
      "slbench would start the function on this machine, which the cluster's workers cannot reach",
      "deploy it, and give function.url its address inside the cluster, such as http://gateway.openfaas:8080/function/slblur",
    );
}
