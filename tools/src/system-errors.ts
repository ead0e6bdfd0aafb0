import { ToolError } from "./errors.ts";

interface Saying {
  /** What the system refused, to be followed by the path. */
  readonly what: string;
  readonly hint: string;
}

const FULL: Saying = {
  what: "no space is left on the disk",
  hint: "make room on that disk, then run the command again; slbench run --resume FOLDER continues a run",
};
const DENIED: Saying = {
  what: "the system denies access",
  hint: "check the owner and the permissions, or name another folder with --out",
};
const FILES: Saying = {
  what: "too many files are open",
  hint: "raise the limit (ulimit -n 4096), then run the command again",
};
const MEMORY: Saying = {
  what: "the system has no memory left",
  hint: "close other programs, or use fewer users, then run the command again",
};

/** What a person can do something about, by the system's own code. */
const SAYINGS: Readonly<Record<string, Saying>> = {
  ENOSPC: FULL,
  EDQUOT: { ...FULL, what: "the disk quota is used up" },
  EFBIG: { ...FULL, what: "the file is larger than the system allows" },
  EACCES: DENIED,
  EPERM: DENIED,
  EROFS: { ...DENIED, what: "the file system is read-only" },
  EMFILE: FILES,
  ENFILE: FILES,
  ENOMEM: MEMORY,
  EAGAIN: {
    what: "the system starts no further process",
    hint: "raise the limit (ulimit -u), or use fewer users, then run the command again",
  },
  EIO: {
    what: "the disk reports an error",
    hint: "check the disk (dmesg), or use another one",
  },
};

/** 3: what was measured so far is kept, and there may be more to come. */
const EXIT_CODE = 3;

/**
 * An error of the operating system as a sentence; undefined if it is none that a person can act on. Errors that
 * wrap one count as well.
 */
export function describeSystemError(error: unknown): ToolError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    const { code, path, syscall, message } = at as NodeJS.ErrnoException;
    const isAllocation = at instanceof RangeError && /allocation failed/i.test(message);
    const saying = isAllocation ? MEMORY : SAYINGS[code ?? ""];
    if (saying === undefined) continue;
    const where = path === undefined ? (syscall === undefined ? "" : ` (${syscall})`) : `: ${path}`;
    return new ToolError("FILE_SYSTEM", `${saying.what}${where}`, {
      hint: saying.hint,
      exitCode: EXIT_CODE,
      cause: error,
    });
  }
  return undefined;
}
