/** Errors of the operating system that slbench explains. */
export type Errno =
  | "ENOSPC"
  | "EDQUOT"
  | "EFBIG"
  | "EROFS"
  | "EACCES"
  | "EPERM"
  | "EMFILE"
  | "ENFILE"
  | "ENOMEM"
  | "EAGAIN"
  | "EIO"
  | "ESTALE"
  | "ELOOP"
  | "ENAMETOOLONG"
  | "EISDIR"
  | "ENOTDIR"
  | "ENOTEMPTY";

/** Code of an explained system error: `SYSTEM_ENOSPC`. */
export type SystemErrorCode = `SYSTEM_${Errno}`;
