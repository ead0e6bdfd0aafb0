import { type ChildProcess, spawn } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fleetName, workerNames } from "../kubernetes/manifests.ts";
import {
  buildImages,
  canBuildImages,
  containerCommand,
  makeContainer,
  makeFleetKeys,
  removeContainer,
  removeImages,
  type TestContainer,
} from "../testing/images.ts";
import type { StandinConfig } from "../testing/kubectl-standin.ts";
import {
  can,
  canMakeNamespaces,
  controllerAddress,
  ended,
  makeNetwork,
  namespaceNames,
  removeNetwork,
  said,
  sh,
  workerAddress,
} from "../testing/network.ts";
import { runSlbench } from "../testing/slbench.ts";

/** The images of tools/containers, built and started as three machines: a controller and two workers. */
const tag = `c${process.pid.toString(36)}`;
const network = { ...namespaceNames(tag), prefix: "10.77.41" };
const functionPort = 18_124;
const possible = canBuildImages() && canMakeNamespaces(tag);
if (!possible)
  process.stderr.write(
    "skipped: container images are built with SLBENCH_TEST_CONTAINERS=1, as root, with buildah, mmdebstrap and iproute2\n",
  );
const containers = fileURLToPath(new URL("../../containers", import.meta.url));
const entry = (target: "worker" | "controller"): readonly string[] => {
  const [, text = "[]"] =
    new RegExp(`AS ${target}\\n[\\s\\S]*?^ENTRYPOINT (\\[.*\\])$`, "m").exec(
      readFileSync(join(containers, "Dockerfile"), "utf8"),
    ) ?? [];
  return JSON.parse(text);
};

describe.skipIf(!possible)("the images", () => {
  const work = possible ? mkdtempSync(join(tmpdir(), "slbench-images-")) : "";
  const keys = join(work, "keys");
  const running: ChildProcess[] = [];
  let images: { readonly worker: string; readonly controller: string };
  let made: readonly TestContainer[] = [];

  beforeAll(() => {
    sh(`chmod 755 ${work}`);
    images = buildImages(tag);
    made = [images.worker, images.worker, images.controller].map(makeContainer);
    makeNetwork(network);
    makeFleetKeys(keys);
    const hosts = [0, 1].map((index) => `${workerAddress(network, index)} worker-${index}`);
    writeFileSync(
      join(work, "hosts"),
      `127.0.0.1 localhost\n${controllerAddress(network)} controller\n${hosts.join("\n")}\n`,
    );
    mkdirSync(join(work, "experiment"));
    writeFileSync(
      join(work, "experiment", "containers.yaml"),
      `name: containers
function: {url: "http://${controllerAddress(network)}:${functionPort}/"}
request: {body: "{}"}
response: {valid: {status: 200}}
load: {repetitions: 1, requestsPerUser: 10, users: [3], thinkTimeSeconds: [0.2]}
jmeter: {localWorkers: 1}
`,
    );
  }, 900_000);

  afterAll(() => {
    for (const child of running) child.kill();
    removeNetwork(network);
    made.forEach(removeContainer);
    removeImages(Object.values(images ?? {}));
    rmSync(work, { recursive: true, force: true });
    rmSync(join(containers, "context"), { recursive: true, force: true });
  }, 60_000);

  const start = (command: readonly string[]) => {
    const child = spawn(command[0]!, command.slice(1), { stdio: ["ignore", "pipe", "pipe"] });
    running.push(child);
    return child;
  };
  const mounts = { [keys]: "/etc/slbench/ssh", [join(work, "hosts")]: "/etc/hosts" };

  test("serve a distributed run, as an ordinary user with nothing written outside home and /tmp", async () => {
    const server = `require("node:http").createServer((q, r) => q.resume().on("end", () => r.end("{}")))
      .listen(${functionPort}, "${controllerAddress(network)}", () => console.log("ready"))`;
    await said(start(["ip", "netns", "exec", network.controller, process.execPath, "-e", server]), "ready");
    for (const [index, namespace] of network.workers.entries()) {
      const hostname = `worker-${index}`;
      const command = containerCommand(made[index]!, {
        ...{ namespace, hostname, mounts },
        command: entry("worker"),
      });
      await said(start(command), "Server listening");
    }
    const controller = start(
      containerCommand(made[2]!, {
        ...{ namespace: network.controller, hostname: "controller" },
        mounts: { ...mounts, [join(work, "experiment")]: "/experiments" },
        environment: { SLBENCH_WORKERS: "worker-0,worker-1" },
        command: [...entry("controller"), "/experiments/containers.yaml", "--out", "/work/results"],
      }),
    );
    const { output } = await ended(controller);
    expect(output).toContain("30 of 30 requests successful");
    const results = join(made[2]!.root, "work", "results");
    const [name = ""] = readdirSync(results);
    const record = JSON.parse(readFileSync(join(results, name, "run.json"), "utf8"));
    expect(record).toMatchObject({ state: "complete" });
    const cell = join(results, name, "cells", readdirSync(join(results, name, "cells"))[0]!);
    expect(readdirSync(join(cell, "journals")).sort()).toEqual(["w1-u1.jsonl", "w1-u2.jsonl", "w2-u1.jsonl"]);
    // The bundle was small: JMeter and the client come from the image.
    const { root } = made[0]!;
    const bundle = join(root, "home/slbench/.cache/slbench-worker/containers/worker-0_8001");
    expect(sh(`readlink ${bundle}/jmeter`).toString()).toBe("/opt/slbench/worker/jmeter\n");
    const strays = `find ${root} -xdev -newer ${keys}/known_hosts -user 10001 -not -type d`;
    expect(sh(`${strays} -not -path '${root}/home/slbench/*' -not -path '${root}/tmp/*'`).toString()).toBe(
      "",
    );
    for (const namespace of network.workers) can(`ip netns pids ${namespace} | xargs -r kill`);
  }, 240_000);

  test("serve slbench kubernetes run, from start to report", async () => {
    const [cluster, secret, bin] = ["cluster", "secret", "bin"].map((name) => join(work, name)) as [
      string,
      string,
      string,
    ];
    mkdirSync(cluster);
    mkdirSync(bin);
    const standin = fileURLToPath(new URL("../testing/kubectl-standin.ts", import.meta.url));
    const flags = "--conditions=@slbench/source --disable-warning=ExperimentalWarning";
    writeFileSync(join(bin, "kubectl"), `#!/bin/sh\nexec ${process.execPath} ${flags} ${standin} "$@"\n`);
    sh(`chmod 755 ${bin}/kubectl`);
    const fleet = fleetName("containers");
    const lines = workerNames({ name: fleet, workers: 2 }).map(
      (name, index) => `${workerAddress(network, index)} ${name} ${name.split(".")[0]}\n`,
    );
    appendFileSync(join(work, "hosts"), lines.join(""));
    const inCluster = { [secret]: "/etc/slbench/ssh", [join(work, "hosts")]: "/etc/hosts" };
    const pod = (index: number, namespace: string, hostname: string, target: "worker" | "controller") => {
      const begin = { namespace, hostname };
      const command = [...entry(target), "{args}"];
      const start = containerCommand(made[index]!, { ...begin, mounts: inCluster, command });
      const cut = start.indexOf("--hostname");
      return {
        start: [...start.slice(0, cut), "{env}", ...start.slice(cut)],
        enter: containerCommand(made[index]!, { ...begin, mounts: {}, command: [] }),
      };
    };
    const config: StandinConfig = {
      pods: {
        [`${fleet}-worker-0`]: pod(0, network.workers[0], `${fleet}-worker-0`, "worker"),
        [`${fleet}-worker-1`]: pod(1, network.workers[1], `${fleet}-worker-1`, "worker"),
        [`${fleet}-controller-x7k2p`]: pod(2, network.controller, "controller", "controller"),
      },
      secretFolder: secret,
      user: 10_001,
    };
    writeFileSync(join(cluster, "config.json"), JSON.stringify(config));
    const { code, output } = await runSlbench(
      ["kubernetes", "run", join(work, "experiment", "containers.yaml")],
      work,
      { PATH: `${bin}:${process.env.PATH}`, STANDIN: cluster },
    );
    expect(output).toContain("30 of 30 requests successful");
    const [name = ""] = readdirSync(join(work, "results"));
    expect(output).toContain(join("results", name));
    expect(readdirSync(join(work, "results", name))).toEqual(
      expect.arrayContaining(["report.html", "run.json", "summary.json"]),
    );
    expect(readFileSync(join(work, "results", name, "logs", "worker-2.log"), "utf8")).toContain(
      "Thread finished",
    );
    expect(code, output).toBe(0);
  }, 240_000);
});
