import { Socket } from "node:net";

/**
 * Ends this process when the launcher that started it is gone, however it went.
 *
 * The launcher holds the other end of a pipe whose number is in SLBENCH_PARENT_FD; the end of that
 * pipe is the end of the launcher. Without the variable nothing happens.
 */
export function stopWithParent(): void {
  const fd = Number(process.env.SLBENCH_PARENT_FD);
  delete process.env.SLBENCH_PARENT_FD; // our own children have other parents
  if (!Number.isInteger(fd) || fd < 3) return;
  const pipe = new Socket({ fd });
  const stop = () => process.kill(process.pid, "SIGTERM");
  pipe.on("close", stop).on("error", () => {});
  pipe.resume();
  pipe.unref(); // waiting for it keeps no finished program alive
}
