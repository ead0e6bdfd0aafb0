import { delimiter, join } from "node:path";
import { execa } from "execa";
import type { JMeter } from "./home.ts";
import type { RmiKeys } from "./keys.ts";
import { splitAddress } from "./start-worker.ts";

/**
 * Ends the client processes of a local worker with SIGTERM. Each prints a report of its results so far, which the
 * worker still sends to the controller. The worker keeps running.
 */
export async function endClients(workerPid: number | undefined): Promise<void> {
  for (const pid of await clientsOf(workerPid)) {
    try {
      process.kill(pid, "SIGTERM");
    } catch {
      // it has ended meanwhile
    }
  }
}

/** Process ids in a worker's process group, without the worker. */
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
 * Stops the tests, and with them the clients, of workers on other machines through RMI. This loses the clients'
 * reports but not their journals. Gives up after 10 s and skips unreachable workers.
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
