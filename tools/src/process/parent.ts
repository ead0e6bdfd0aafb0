import { Socket } from "node:net";

/**
 * Ends this process when the launcher that started it has ended, even by SIGKILL.
 *
 * The launcher holds the other end of a pipe whose descriptor is in SLBENCH_PARENT_FD, so the pipe closes with it.
 * Without the variable nothing happens.
 */
export function stopWithParent(): void {
  const fd = Number(process.env.SLBENCH_PARENT_FD);
  delete process.env.SLBENCH_PARENT_FD; // our children have another parent
  if (!Number.isInteger(fd) || fd < 3) return;
  const pipe = new Socket({ fd });
  const stop = () => process.kill(process.pid, "SIGTERM");
  pipe.on("close", stop).on("error", () => {});
  pipe.resume();
  pipe.unref(); // the pipe must not keep a finished program alive
}
