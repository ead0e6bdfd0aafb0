import type { Interval } from "@slbench/analyzer/logs";
import { execa } from "execa";
import { type HostInfo, readWorkerLoad, type WorkerLoad } from "../environment/machine.ts";
import { bundlePaths } from "./bundle.ts";
import { compareClock } from "./compare-clock.ts";
import { inFolder, type RunCommand, sshArguments, sshError, type WorkerHome } from "./ssh.ts";

/** A worker's machine, its clock and its load. */
export interface RemoteMachine {
  /** The worker's clock minus this machine's, in seconds. @throws {SlbenchError} RUN_SSH_FAILED */
  compareClock(): Promise<Interval>;
  /** Name, system, processor and memory of the machine. */
  facts(): Promise<HostInfo>;
  /** Records the machine's load until the returned function is called. Never rejects. */
  watchLoad(): () => Promise<WorkerLoad | undefined>;
}

export function remoteMachine(home: WorkerHome, run: RunCommand): RemoteMachine {
  return {
    async compareClock() {
      const command = inFolder(home, `exec ${bundlePaths.client} --clock`);
      const child = execa("ssh", [...sshArguments(home), command], { reject: false, timeout: 20_000 });
      const offset = await compareClock(child.stdin, child.stdout);
      child.stdin.end();
      const done = await child;
      if (offset !== undefined) return offset;
      throw sshError(home.sshTarget, done);
    },
    async facts() {
      const memory = "awk '/^MemTotal/ {print $2}' /proc/meminfo";
      const model = "sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1";
      const [name = "", system = "", cores = "", kilobytes = "", processor = ""] = (
        await run(`hostname; uname -srm; nproc; ${memory}; ${model}`)
      ).split("\n");
      return {
        ...{ name, system, processor, worker: home.address },
        cores: Number(cores),
        memoryBytes: Number(kilobytes) * 1024,
      };
    },
    watchLoad() {
      // The loop ends when ssh does, because its output is closed then.
      const looks = "while head -n 1 /proc/stat && grep MemAvailable /proc/meminfo; do sleep 1; done";
      const watching = execa("ssh", [...sshArguments(home), looks], { reject: false, stdin: "ignore" });
      return async () => {
        watching.kill();
        return readWorkerLoad(home.address, String((await watching).stdout ?? ""));
      };
    },
  };
}
