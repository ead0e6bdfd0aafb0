import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Experiment, parseExperiment } from "@slbench/jmeter-plans";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { cacheFolder } from "../files/cache.ts";
import { shellWord } from "../help/shell-word.ts";
import { readJob } from "../results/job.ts";
import { readRunRecord, writeJson } from "../results/result-folder.ts";
import { bringBundles } from "./bring-bundles.ts";
import { experimentHosts } from "./bundle.ts";
import { collectJournals, describeCollected } from "./collect-journals.ts";
import { collectResponses, describeResponses } from "./collect-responses.ts";
import type { WorkerHome } from "./ssh.ts";
import { openWorkerShell, readWorkerShells, type WorkerShell } from "./worker-shell.ts";

export interface WorkersOptions {
  /** ssh targets in the order of the experiment's remoteHosts. */
  readonly hosts?: readonly string[];
  readonly sshConfig?: string;
}

/**
 * `slbench workers start|stop|status`: prints a line per host.
 * @returns false if a worker is not in the wanted state
 * @throws {SlbenchError} USAGE_HOSTS, USAGE_NO_HOSTS
 */
export async function runWorkers(
  action: "start" | "stop" | "status",
  experimentFile: string,
  options: WorkersOptions,
): Promise<boolean> {
  const { experiment } = await readJob({ experimentFile });
  const homes = workerHomes(experiment, options);
  if (action === "start") await bringBundles(experimentFile, homes);
  const shells = homes.map(openWorkerShell);
  const results = await Promise.allSettled(shells.map((shell) => act[action](shell)));
  for (const [index, result] of results.entries()) {
    const text = result.status === "fulfilled" ? result.value : (result.reason as Error).message;
    const { address, sshTarget } = homes[index] as WorkerHome;
    process.stdout.write(`${address} (ssh ${sshTarget}): ${text}\n`);
  }
  if (action === "start")
    await writeJson(join(await cacheFolder("workers"), `${experiment.name}.json`), homes);
  // Where journals may still be: workers collect asks there.
  if (action === "stop" && results.every((result) => result.status === "fulfilled"))
    await rm(join(await cacheFolder("workers"), `${experiment.name}.json`), { force: true });
  return results.every((result) => result.status === "fulfilled" && !result.value.startsWith("not "));
}

/** @throws {SlbenchError} USAGE_HOSTS, USAGE_NO_HOSTS */
function workerHomes(experiment: Experiment, options: WorkersOptions): readonly WorkerHome[] {
  const addresses = experimentHosts(experiment);
  const targets = options.hosts ?? addresses.map((address) => address.replace(/:\d+$/, ""));
  if (targets.length !== addresses.length) {
    throw new SlbenchError<ToolErrorCode>(
      "USAGE_HOSTS",
      `--hosts has ${targets.length} entries, but remoteHosts has ${addresses.length}`,
      {
        hint: "give one ssh target per remote host, in the same order",
        exitCode: 2,
      },
    );
  }
  return addresses.map(
    (address, index): WorkerHome => ({
      address,
      sshTarget: targets[index] ?? "",
      ...(options.sshConfig !== undefined && { sshConfig: options.sshConfig }),
      folder: `.cache/slbench-worker/${experiment.name}/${address.replaceAll(":", "_")}`,
    }),
  );
}

/**
 * `slbench workers collect`: fetches the journals and saved response bodies that a run left on workers. Prints a line
 * per cell.
 * @returns false if some could still not be fetched
 * @throws {SlbenchError} FILE_NO_RESULT, USAGE_HOSTS
 */
export async function runCollect(folder: string, options: WorkersOptions): Promise<boolean> {
  const { experiment: name } = await readRunRecord(folder);
  let shells = await readWorkerShells(name);
  if (options.hosts !== undefined || options.sshConfig !== undefined || shells.size === 0) {
    const file = join(folder, "experiment.yaml");
    const homes = workerHomes(parseExperiment(await readFile(file, "utf8"), file), options);
    shells = new Map(homes.map((home) => [home.address, openWorkerShell(home)]));
  }
  // Bodies first: only the journals show whether clients may still save bodies, and fetching deletes them.
  const bodies = await collectResponses(folder, shells);
  const cells = await collectJournals(folder, shells);
  const lines = [...bodies.map(describeResponses), ...cells.map(describeCollected)];
  for (const line of lines) process.stdout.write(`${line}\n`);
  if (lines.length === 0) process.stdout.write(`${folder}: nothing is left on workers\n`);
  if (cells.length > 0)
    process.stdout.write(`Run slbench analyze ${shellWord(folder)} to include the recovered requests\n`);
  return [...bodies, ...cells].every(({ stillLeft }) => stillLeft.length === 0);
}

const act: Readonly<Record<"start" | "stop" | "status", (shell: WorkerShell) => Promise<string>>> = {
  async start(shell) {
    await shell.restart();
    return "running";
  },
  async stop(shell) {
    await shell.stop();
    return "stopped";
  },
  async status(shell) {
    const alive =
      'if [ -f worker.pid ] && kill -0 "$(cat worker.pid)" 2>/dev/null; then echo running, process "$(cat worker.pid)"; else echo not running; fi';
    return (await shell.run(alive)).trim();
  },
};
