import type { Interval } from "@slbench/analyzer/logs";
import { execa } from "execa";
import { LookReader, lookEachSecond, type MachineSamples } from "../environment/load-samples.ts";
import type { HostInfo } from "../environment/machine.ts";
import { bundlePaths } from "./bundle.ts";
import { compareClock } from "./compare-clock.ts";
import { inFolder, type RunCommand, sshArguments, sshError, type WorkerHome } from "./ssh.ts";

/** A worker's machine, its clock and its load. */
export interface RemoteMachine {
  /** The worker's clock minus this machine's, in seconds. @throws {SlbenchError} RUN_SSH_FAILED */
  compareClock(): Promise<Interval>;
  /** Name, system, processor and memory of the machine. */
  facts(): Promise<HostInfo>;
  /** Watches the machine until the returned function is called, or for `maxSeconds`. Never rejects. */
  watchLoad(maxSeconds: number): () => Promise<MachineSamples>;
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
    watchLoad(maxSeconds) {
      const command = inFolder(home, lookEachSecond(maxSeconds));
      const watching = execa("ssh", [...sshArguments(home), command], {
        ...{ reject: false, stdin: "ignore", stderr: "ignore", buffer: false },
      });
      const reader = new LookReader();
      watching.stdout.setEncoding("utf8").on("data", (chunk: string) => reader.push(chunk, Date.now()));
      return async () => {
        watching.kill(); // closes the loop's output, which ends it
        await watching;
        return reader.seen;
      };
    },
  };
}
