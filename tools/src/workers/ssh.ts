import type { Readable } from "node:stream";
import { execa } from "execa";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";

/** Where `slbench workers start` put a bundle; kept in the cache folder as `workers/<experiment>.json`. */
export interface WorkerHome {
  /** `host:port`, as in the experiment. */
  readonly address: string;
  /** `user@host`, or a name from ~/.ssh/config. */
  readonly sshTarget: string;
  readonly sshConfig?: string;
  /** The bundle's folder on the worker, relative to the home folder. */
  readonly folder: string;
}

/** Runs a shell command in the bundle's folder on a worker. @throws {SlbenchError} RUN_SSH_FAILED */
export type RunCommand = (command: string, options?: { readonly timeoutMs?: number }) => Promise<string>;

/** Arguments for ssh without prompts: a password prompt would hang an unattended run. */
export function sshArguments(home: Pick<WorkerHome, "sshTarget" | "sshConfig">): readonly string[] {
  const config = home.sshConfig === undefined ? [] : ["-F", home.sshConfig];
  return [
    ...config,
    "-o",
    "BatchMode=yes",
    "-o",
    "ConnectTimeout=8",
    "-o",
    "ServerAliveInterval=5",
    "--", // a target that begins with a dash is not an option
    home.sshTarget,
  ];
}

/**
 * Runs a command in a worker's bundle folder.
 * @returns its standard output
 * @throws {SlbenchError} RUN_SSH_FAILED
 */
export async function runOverSsh(home: WorkerHome, command: string, timeout = 30_000): Promise<Uint8Array> {
  const options = { reject: false, stdin: "ignore", encoding: "buffer", timeout } as const;
  const done = await execa("ssh", [...sshArguments(home), inFolder(home, command)], options);
  if (!done.failed) return done.stdout;
  const stderr = new TextDecoder().decode(done.stderr);
  throw sshError(home.sshTarget, { stderr, timedOut: done.timedOut, code: done.code });
}

/**
 * Runs a command in a worker's bundle folder and reads its output while it runs.
 * @param read has to read the output to its end
 * @returns what `read` returns
 * @throws {SlbenchError} RUN_SSH_FAILED
 */
export async function streamOverSsh<T>(
  home: WorkerHome,
  command: string,
  read: (output: Readable) => Promise<T>,
  timeout: number,
): Promise<T> {
  const child = execa("ssh", [...sshArguments(home), inFolder(home, command)], {
    ...({ reject: false, stdin: "ignore", encoding: "buffer", timeout } as const),
    buffer: { stdout: false },
  });
  const result = await read(child.stdout).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  // If the output was not read to its end, ssh would wait for a reader.
  if ("error" in result) child.kill();
  const done = await child;
  if (done.failed && !("error" in result && done.isTerminated && !done.timedOut)) {
    const stderr = new TextDecoder().decode(done.stderr);
    throw sshError(home.sshTarget, { stderr, timedOut: done.timedOut, code: done.code });
  }
  if ("error" in result) throw result.error;
  return result.value;
}

/** A shell command that runs another one in the bundle folder. */
export const inFolder = ({ folder }: WorkerHome, command: string): string =>
  `cd && cd ${quote(folder)} && ${command}`;

export function sshError(
  target: string,
  done: { stderr?: unknown; timedOut?: boolean; code?: string | undefined },
): SlbenchError {
  const lastLine =
    String(done.stderr ?? "")
      .trim()
      .split("\n")
      .at(-1) ?? "";
  const what = done.code === "ENOENT" ? "ssh is not installed" : done.timedOut ? "time-out" : lastLine;
  return new SlbenchError<ToolErrorCode>(
    "RUN_SSH_FAILED",
    `ssh ${target} failed: ${what.slice(0, 200) || "no error message"}`,
    {
      hint: `check that this works without a prompt: ssh -o BatchMode=yes ${target} true`,
      cause: done,
    },
  );
}

/** For a POSIX shell. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
