import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";

/**
 * Ends everything that a run started, whatever becomes of the run's own process.
 *
 * A small process of its own session holds the reading end of a pipe. When the pipe closes, because
 * release() was called or because we died, even by SIGKILL, it ends the process groups that it was told
 * of and every process that carries the run's mark in its environment, and removes the private folders.
 */
export interface Guard {
  /** `SLBENCH_RUN`: every process that the run starts carries it in its environment. */
  readonly mark: string;
  /** To be ended with the run. */
  watchGroup(pgid: number): void;
  /** To be removed with the run, for example the folder of its keys. */
  watchFolder(folder: string): void;
  /** Ends whatever is left and resolves when it has ended. */
  release(): Promise<void>;
}

export const markVariable = "SLBENCH_RUN";

/** Starts the guard; what is spawned afterwards with process.env inherits the mark. */
export function startGuard(): Guard {
  const mark = randomUUID();
  const env = { ...process.env };
  delete env[markVariable]; // the guard must not find itself
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const program = fileURLToPath(new URL(`./guard-process.${extension}`, import.meta.url));
  const child: ChildProcess = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", program, mark],
    {
      env,
      detached: true, // a terminal's Ctrl-C is not for the guard
      stdio: ["pipe", "ignore", "ignore"],
    },
  );
  child.unref();
  const pipe = child.stdin;
  pipe?.on("error", () => {}); // the guard was killed: nothing to tell it any more
  const exited = new Promise<void>((done) => {
    child.once("exit", () => done());
    child.once("error", () => done());
  });
  process.env[markVariable] = mark;
  const tell = (line: string) => {
    if (pipe?.writable) pipe.write(`${line}\n`);
  };
  return {
    mark,
    watchGroup: (pgid) => tell(`group ${pgid}`),
    watchFolder: (folder) => tell(`folder ${folder}`),
    async release() {
      delete process.env[markVariable];
      child.ref();
      pipe?.end();
      await exited;
    },
  };
}
