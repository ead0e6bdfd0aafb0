import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { ownModule } from "@slbench/handler/own-module";

/**
 * Ends every process that a run started, even if the run's own process is killed.
 *
 * A small process in its own session reads from a pipe. The pipe closes when release() is called or when our process
 * ends, even by SIGKILL. The guard then ends the watched process groups and every process with the run's mark in its
 * environment, and removes the watched folders.
 */
export interface Guard {
  /** Value of `SLBENCH_RUN` in the environment of every process that the run starts. */
  readonly mark: string;
  /** Ends this process group with the run. */
  watchGroup(pgid: number): void;
  /** Removes this folder with the run, for example the one of its keys. */
  watchFolder(folder: string): void;
  /** Ends all remaining processes; resolves when they have ended. */
  release(): Promise<void>;
}

export const markVariable = "SLBENCH_RUN";

/** Starts the guard. Processes that are spawned afterwards with process.env inherit the mark. */
export function startGuard(): Guard {
  const mark = randomUUID();
  const env = { ...process.env };
  delete env[markVariable]; // the guard must not find itself
  const program = fileURLToPath(ownModule(import.meta.url, "./guard-process"));
  const child: ChildProcess = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", program, mark],
    {
      env,
      detached: true, // Ctrl-C must not reach the guard
      stdio: ["pipe", "ignore", "ignore"],
    },
  );
  child.unref();
  const pipe = child.stdin;
  pipe?.on("error", () => {}); // the guard was killed
  const exited = new Promise<void>((done) => {
    child.once("exit", () => done());
    child.once("error", () => done());
  });
  process.env[markVariable] = mark;
  const send = (line: string) => {
    if (pipe?.writable) pipe.write(`${line}\n`);
  };
  return {
    mark,
    watchGroup: (pgid) => send(`group ${pgid}`),
    watchFolder: (folder) => send(`folder ${folder}`),
    async release() {
      delete process.env[markVariable];
      child.ref();
      pipe?.end();
      await exited;
    },
  };
}
