import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Experiment } from "@slbench/jmeter-plans";
import type { Finding } from "../environment/finding.ts";
import { unresolved } from "../environment/host-name.ts";
import type { Payloads } from "../environment/payloads.ts";
import type { Prepared } from "../environment/prepare.ts";
import { parseJavaVersion } from "../jmeter/java.ts";
import { splitAddress } from "../jmeter/start-worker.ts";
import { bundlePaths } from "../workers/bundle.ts";
import type { WorkerShell } from "../workers/worker-shell.ts";

/** Checks that need a shell on the worker's machine: Java, bundle, disk, cores, host name. */
export async function checkWithShells(
  experiment: Experiment,
  shells: ReadonlyMap<string, WorkerShell>,
  prepared: Prepared,
): Promise<readonly Finding[]> {
  if (experiment.jmeter.remoteHosts.length === 0) return [];
  if (shells.size === 0) {
    return [
      {
        state: "unknown",
        what: "Java, disk and cores of the workers",
        found: "no ssh to them",
        fix: "start the workers through ssh: slbench workers start EXPERIMENT --hosts user@host,…",
      },
    ];
  }
  const payloadsHere = await hashPayloads(prepared.payloads);
  const findings = await Promise.all(
    [...shells.values()].map((shell) => examine(shell, prepared, payloadsHere)),
  );
  return findings.flat();
}

/** The same hash as `sha256sum` over the payloads' `sha256sum` lines on the worker. */
async function hashPayloads({ kind, path, names }: Payloads): Promise<string> {
  if (path === undefined) return "";
  if (kind === "lines")
    return createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
  const all = createHash("sha256");
  for (const name of [...names].sort()) {
    const hash = createHash("sha256").update(await readFile(join(path, name)));
    all.update(`${hash.digest("hex")}  ${name}\n`);
  }
  return all.digest("hex");
}

/** Prints the hash and the number of the payloads, as hashPayloads() makes it. */
function payloadQuestion({ kind, path, names }: Payloads): string {
  if (path === undefined) return "echo; echo 0";
  if (kind === "lines") return `sha256sum < ${bundlePaths.payloads}; wc -l < ${bundlePaths.payloads}`;
  // Frames have their manifest beside them, which is not a payload.
  const manifest = names.includes("manifest.json") ? "" : "! -name manifest.json";
  const list = `find . -maxdepth 1 -type f ! -name '.*' ${manifest} -printf '%f\\n' | LC_ALL=C sort`;
  return `cd ${bundlePaths.payloads} && ${list} | tr '\\n' '\\0' | xargs -0 sha256sum | sha256sum; ${list} | wc -l; cd ..`;
}

async function examine(
  shell: WorkerShell,
  prepared: Prepared,
  payloadsHere: string,
): Promise<readonly Finding[]> {
  const { address } = shell.home;
  const { host } = splitAddress(address);
  const questions = [
    '"$(if [ -n "$JAVA_HOME" ]; then echo "$JAVA_HOME/bin/"; fi)java" -version 2>&1 | head -n 1',
    "cat bundle.json | tr -d '\\n'; echo",
    `sha256sum < ${bundlePaths.client}`,
    payloadQuestion(prepared.payloads),
    "df -Pk . | awk 'NR == 2 {print $4}'",
    "nproc; cut -d' ' -f1 /proc/loadavg",
    'hostname; getent hosts "$(hostname)" | head -n 1; echo',
  ];
  let outputs: readonly string[];
  try {
    outputs = (await shell.run(questions.join("; echo @@; "))).split("@@\n");
  } catch (error) {
    const problem = error as Error & { hint?: string };
    return [{ state: "failed", what: `${address} ssh`, found: problem.message, fix: problem.hint ?? "" }];
  }
  const [java = "", bundle = "", client = "", payloads = "", disk = "", cores = "", name = ""] = outputs.map(
    (part) => part.trim(),
  );
  const version = parseJavaVersion(java) ?? "unknown";
  const { jmeterVersion, version: ownVersion } = prepared.jmeter;
  const there = JSON.parse(bundle || "{}") as { jmeter?: string; client?: string; build?: string };
  // Another platform's executable is another file of the same build.
  const sameClient = there.build === prepared.client.build && client.split(" ")[0] === there.client;
  const [payloadsHash = "", payloadCount = "0"] = payloads.split("\n");
  const samePayloads = payloadsHash.split(" ")[0] === payloadsHere;
  const [processors = 0, load = 0] = cores.split("\n").map(Number);
  const freeBytes = Number(disk) * 1024;
  const again = "slbench workers start EXPERIMENT copies the bundle again";
  const line = (
    what: string,
    good: boolean,
    found: string,
    fix: string,
    bad: Finding["state"] = "failed",
  ): Finding =>
    good
      ? { state: "ok", what: `${address} ${what}`, found }
      : { state: bad, what: `${address} ${what}`, found, fix };
  return [
    line(
      "Java",
      version === ownVersion,
      `${version}, here ${ownVersion}`,
      `on ${host}: apt-get install openjdk-17-jre-headless`,
      "warning",
    ),
    line(
      "JMeter",
      there.jmeter === jmeterVersion,
      `${there.jmeter ?? "not found"}, here ${jmeterVersion}`,
      again,
    ),
    line(
      "client",
      sameClient,
      sameClient ? `the same build (${there.build})` : "another build, or damaged",
      again,
    ),
    line(
      "payloads",
      samePayloads,
      samePayloads ? `${payloadCount}, the same SHA-256` : `not the ${prepared.payloads.count} from here`,
      again,
    ),
    line("disk", freeBytes > 1e9, `${(freeBytes / 1e9).toFixed(1)} GB free`, `on ${host}: free some space`),
    line(
      "free cores",
      load <= processors / 2,
      `${Math.max(0, processors - load).toFixed(1)} of ${processors} (load ${load})`,
      `on ${host}: ps aux --sort=-pcpu | head`,
      "warning",
    ),
    ownNameFinding(address, name),
  ];
}

/** @param answer the machine's name, and what getent says of it on the next line */
function ownNameFinding(address: string, answer: string): Finding {
  const [name = "", found = ""] = answer.split("\n");
  const what = `${address} name`;
  const { host } = splitAddress(address);
  if (found === "") return unresolved(what, name, `on ${host}: add a line with ${name} to /etc/hosts`);
  // Workers get their address explicitly, so a name that resolves to loopback is only a warning.
  if (!/^127\.|^::1/.test(found)) return { state: "ok", what, found };
  return { state: "warning", what, found, fix: `on ${host}: fix the line of its name in /etc/hosts` };
}
