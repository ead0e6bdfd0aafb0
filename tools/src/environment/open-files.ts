import { readFile } from "node:fs/promises";
import { type Experiment, usersOnWorker } from "@slbench/jmeter-plans";
import type { Finding } from "./finding.ts";

/** JMeter with its jars, logs and sockets; it does not start with 60 open files. */
const JMETER_FILES = 256;
/** Three pipes per client process, and briefly one more. */
const FILES_PER_USER = 4;

/** The soft limit on open files of /proc/self/limits; undefined: no limit, or not Linux. */
export function parseOpenFilesLimit(limits: string): number | undefined {
  const limit = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return limit === undefined ? undefined : Number(limit);
}

/** Checks that a process may open as many files as this machine's busiest worker needs. */
export async function checkOpenFiles(experiment: Experiment): Promise<readonly Finding[]> {
  const limits = await readFile("/proc/self/limits", "utf8").catch(() => "");
  return checkLimit(parseOpenFilesLimit(limits), experiment);
}

export function checkLimit(
  limit: number | undefined,
  { load, jmeter }: Pick<Experiment, "load" | "jmeter">,
): readonly Finding[] {
  if (limit === undefined) return [];
  const users =
    jmeter.remoteHosts.length > 0 ? 0 : usersOnWorker(Math.max(1, ...load.users), jmeter.localWorkers, 0);
  const needed = JMETER_FILES + FILES_PER_USER * users;
  const found = `a process may open ${limit}`;
  if (limit >= needed) return [{ state: "ok", what: "open files", found }];
  const fix = `ulimit -n ${needed}`;
  return [
    limit < JMETER_FILES
      ? { state: "failed", what: "open files", found: `${found}, JMeter needs ${JMETER_FILES}`, fix }
      : {
          state: "warning",
          what: "open files",
          found: `${found}; a JMeter worker with ${users} users needs about ${needed}`,
          fix,
        },
  ];
}
