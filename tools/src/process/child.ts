import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Guard } from "./guard.ts";

export interface Ending {
  readonly exitCode?: number;
  readonly signal?: NodeJS.Signals;
  /** The program could not be started at all. */
  readonly error?: Error;
}

/** A long-running program in its own process group, with its output in a file. */
export interface Child {
  readonly pid: number | undefined;
  /** Never rejects. */
  readonly ended: Promise<Ending>;
  /** Set as soon as it has ended. */
  readonly ending: Ending | undefined;
  /** The last lines of its output, newest last. */
  readonly tail: readonly string[];
  /** Calls back for each line of output, from the first on. */
  onLine(listener: (line: string) => void): void;
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM to the group, SIGKILL after the grace; resolves when it has ended. */
  stop(graceMs?: number): Promise<Ending>;
}

export interface ChildOptions {
  readonly cwd: string;
  /** Standard output and error are appended to it. */
  readonly logFile: string;
  readonly guard: Guard;
  readonly env?: NodeJS.ProcessEnv;
}

const TAIL_LINES = 40;

export function startChild(command: string, args: readonly string[], options: ChildOptions): Child {
  const log = createWriteStream(options.logFile, { flags: "a" });
  log.on("error", () => {}); // a full disk must not end the run
  const child: ChildProcess = spawn(command, [...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    detached: true, // an own group: Ctrl-C does not reach it, and one signal reaches all its children
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (child.pid !== undefined) options.guard.watchGroup(child.pid);

  const tail: string[] = [];
  const listeners: ((line: string) => void)[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on("line", (line) => {
      log.write(`${line}\n`);
      tail.push(line);
      if (tail.length > TAIL_LINES) tail.shift();
      for (const listener of listeners) listener(line);
    });
  }

  let ending: Ending | undefined;
  const ended = new Promise<Ending>((done) => {
    const finish = (value: Ending) => {
      if (ending !== undefined) return;
      ending = value;
      log.end();
      done(value);
    };
    child.once("error", (error) => finish({ error }));
    // "close" would wait for grandchildren that still hold the pipe.
    child.once("exit", (code, signal) => {
      // First read the lines that are already in the pipe.
      setImmediate(() =>
        finish({ ...(code !== null && { exitCode: code }), ...(signal !== null && { signal }) }),
      );
    });
  });

  const send = (signal: NodeJS.Signals) => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // the group has ended
    }
  };
  return {
    pid: child.pid,
    ended,
    get ending() {
      return ending;
    },
    tail,
    onLine: (listener) => listeners.push(listener),
    signal: send,
    async stop(graceMs = 2_000) {
      send("SIGTERM");
      const kill = setTimeout(() => send("SIGKILL"), graceMs);
      const value = await ended;
      clearTimeout(kill);
      send("SIGKILL"); // processes that the leader left in its group
      return value;
    },
  };
}
