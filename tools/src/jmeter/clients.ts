import { delimiter, join } from "node:path";
import { execa } from "execa";
import type { JMeter } from "./home.ts";
import type { RmiKeys } from "./keys.ts";
import { splitAddress } from "./start-worker.ts";

/**
 * Ends the client processes of a worker on this machine with SIGTERM: each prints the report of what it
 * has, which the worker then still hands to the controller. The worker itself goes on.
 */
export async function endClients(workerPid: number | undefined): Promise<void> {
  for (const pid of await clientsOf(workerPid)) {
    try {
      process.kill(pid, "SIGTERM");
    } catch {
      // it has just ended
    }
  }
}

/** Processes in a worker's process group other than the worker. */
export async function clientsOf(workerPid: number | undefined): Promise<readonly number[]> {
  if (workerPid === undefined) return [];
  const asked = await execa("ps", ["-A", "-o", "pid=,pgid="], { reject: false, timeout: 5_000 });
  return (asked.stdout ?? "")
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([pid, pgid]) => pgid === workerPid && pid !== workerPid)
    .map(([pid]) => pid!);
}

/**
 * Has workers on other machines end their test, and with it their clients, through RMI. Their reports are
 * lost then, their journals are not. Gives up after 10 s; what cannot be reached is left.
 */
export async function stopTests(
  jmeter: JMeter,
  keys: RmiKeys | undefined,
  rmiHost: string,
  addresses: readonly string[],
): Promise<void> {
  if (addresses.length === 0) return;
  const lib = join(jmeter.home, "lib");
  const classPath = [jmeter.tls.classes, join(jmeter.home, "bin", "ApacheJMeter.jar")]
    .concat([join(lib, "ext", "*"), join(lib, "*")])
    .join(delimiter);
  const where = addresses.map(splitAddress).flatMap(({ host, port }) => [host, String(port)]);
  const secure = keys === undefined ? [] : [`-Dslbench.rmi=${keys.properties}`];
  const options = ["-XX:TieredStopAtLevel=1", `-Djava.rmi.server.hostname=${rmiHost}`, ...secure];
  await execa(jmeter.java, [...options, "-cp", classPath, "StopTest", ...where], {
    reject: false,
    stdin: "ignore",
    timeout: 10_000,
    killSignal: "SIGKILL",
  });
}
