import { execa } from "execa";

/**
 * Ends the client processes of a slave on this machine with SIGTERM: each prints the report of what it
 * has, which the slave then still hands to the master. The slave itself goes on.
 */
export async function endClients(slavePid: number | undefined): Promise<void> {
  for (const pid of await clientsOf(slavePid)) {
    try {
      process.kill(pid, "SIGTERM");
    } catch {
      // it has just ended
    }
  }
}

/** Processes in a slave's process group other than the slave. */
export async function clientsOf(slavePid: number | undefined): Promise<readonly number[]> {
  if (slavePid === undefined) return [];
  const asked = await execa("ps", ["-A", "-o", "pid=,pgid="], { reject: false, timeout: 5_000 });
  return (asked.stdout ?? "")
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([pid, pgid]) => pgid === slavePid && pid !== slavePid)
    .map(([pid]) => pid!);
}
