import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../files/cache.ts";
import { type RemoteJournals, remoteJournals } from "./remote-journals.ts";
import { type RemoteMachine, remoteMachine } from "./remote-machine.ts";
import { type RemoteProcess, remoteProcess } from "./remote-process.ts";
import { type RemoteResponses, remoteResponses } from "./remote-responses.ts";
import { type RunCommand, runOverSsh, type WorkerHome } from "./ssh.ts";

/** Access to a worker's machine through ssh. */
export interface WorkerShell extends RemoteProcess, RemoteJournals, RemoteResponses, RemoteMachine {
  readonly home: WorkerHome;
  readonly run: RunCommand;
}

export function openWorkerShell(home: WorkerHome): WorkerShell {
  const run: RunCommand = async (command, options) =>
    new TextDecoder().decode(await runOverSsh(home, command, options?.timeoutMs));
  return {
    home,
    run,
    ...remoteProcess(home, run),
    ...remoteJournals(home, run),
    ...remoteResponses(home, run),
    ...remoteMachine(home, run),
  };
}

/** Shells of the workers that `slbench workers start` started for an experiment. */
export async function readWorkerShells(experiment: string): Promise<ReadonlyMap<string, WorkerShell>> {
  const file = join(await cacheFolder("workers"), `${experiment}.json`);
  const homes: readonly WorkerHome[] = await readFile(file, "utf8").then(JSON.parse, () => []);
  return new Map(homes.map((home) => [home.address, openWorkerShell(home)]));
}
