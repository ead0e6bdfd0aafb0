import { SlbenchError } from "@slbench/client/error";
import type { Errno, SystemErrorCode } from "./system-error-code.ts";

/** An error of the operating system, explained. */
export interface SystemProblem {
  /** The system's name: `ENOSPC`. */
  readonly errno: Errno;
  /** A clause without full stop: `the disk is full`. */
  readonly reason: string;
  /** What to do next, as an imperative. */
  readonly hint: string;
}

const RIGHTS = "check who owns the folder and its permissions, or work on a copy of your own";

/** Errors caused by the machine or its files rather than by slbench. */
const PROBLEMS: Readonly<Record<Errno, readonly [reason: string, hint: string]>> = {
  ENOSPC: ["the disk is full", "free some space on this disk, then repeat the command"],
  EDQUOT: [
    "your disk quota is used up",
    "free some space or ask for a larger quota, then repeat the command",
  ],
  EFBIG: ["the file would exceed the size limit", "raise the limit (ulimit -f) or use another file system"],
  EROFS: ["the file system is read-only", "copy the folder to a disk that you may write to"],
  EACCES: ["permission denied", RIGHTS],
  EPERM: ["operation not permitted", RIGHTS],
  EMFILE: [
    "too many open files in this process",
    "raise the limit (ulimit -n 65536), then repeat the command",
  ],
  ENFILE: ["too many open files on this machine", "close other programs or raise fs.file-max"],
  ENOMEM: ["not enough memory", "close other programs or use a machine with more memory"],
  EAGAIN: [
    "no further process or thread can be started",
    "raise the limit (ulimit -u) or close other programs",
  ],
  EIO: ["the disk reports an input/output error", "check the disk, then repeat the command"],
  ESTALE: ["the network file system lost the file", "mount it again, then repeat the command"],
  ELOOP: [
    "a symbolic link stands where a file or folder is expected",
    "replace the link by what it points to",
  ],
  ENAMETOOLONG: ["the path is too long", "use a shorter path"],
  EISDIR: ["a folder stands where a file is expected", "name a file, or move that folder away"],
  ENOTDIR: ["a file stands where a folder is expected", "name a folder, or move that file away"],
  ENOTEMPTY: ["a folder stands where a file is expected", "move that folder away"],
};

const isErrno = (text: string | undefined): text is Errno =>
  text !== undefined && Object.hasOwn(PROBLEMS, text);

/** JavaScript's message for ENOMEM. */
const ALLOCATION_FAILED = /allocation failed/i;

/** The first system error among an error and its causes; undefined if there is none. */
export function systemProblem(error: unknown): SystemProblem | undefined {
  for (let one = error, depth = 0; one instanceof Error && depth < 10; one = one.cause, depth++) {
    const errno = ALLOCATION_FAILED.test(one.message) ? "ENOMEM" : (one as NodeJS.ErrnoException).code;
    // For a read or a write, EAGAIN only means "not yet".
    if (errno === "EAGAIN" && !(one as NodeJS.ErrnoException).syscall?.startsWith("spawn")) continue;
    if (!isErrno(errno)) continue;
    const [reason, hint] = PROBLEMS[errno];
    return { errno, reason, hint };
  }
  return undefined;
}

/**
 * A system error as a message with a hint; exit code 3, because earlier files are kept.
 *
 * @param task what failed, such as `cannot write results/x/requests.csv`; default: the system call and its path
 * @returns undefined if this is not a system error
 *
 * @example
 * ```ts
 * await writeFile(file, text).catch((cause: unknown) => {
 *   throw systemError(cause, `cannot write ${file}`) ?? cause;
 * });
 * ```
 */
export function systemError(error: unknown, task?: string): SlbenchError<SystemErrorCode> | undefined {
  const problem = systemProblem(error);
  if (problem === undefined) return undefined;
  const { errno, reason, hint } = problem;
  return new SlbenchError<SystemErrorCode>(
    `SYSTEM_${errno}`,
    `${task ?? taskOf(error)}: ${reason} (${errno})`,
    {
      hint,
      exitCode: 3,
      cause: error,
    },
  );
}

function taskOf(error: unknown): string {
  const { syscall, path } = error as Partial<NodeJS.ErrnoException>;
  if (syscall === undefined) return "cannot continue";
  return path === undefined ? `${syscall} failed` : `cannot ${syscall} ${path}`;
}
