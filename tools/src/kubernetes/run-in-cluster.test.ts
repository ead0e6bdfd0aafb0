import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StandinConfig } from "../testing/kubectl-standin.ts";
import { runSlbench } from "../testing/slbench.ts";

/**
 * The command line's side of a run in a cluster, against a stand-in for kubectl. Its controller does not measure: it
 * reports what it was given. containers.namespaces.test.ts measures, with the images.
 */
const standin = fileURLToPath(new URL("../testing/kubectl-standin.ts", import.meta.url));
const CONTROLLER = `
const { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } = require("node:fs");
const [folder, mode, ...args] = process.argv.slice(2);
const wait = (file) => { while (!existsSync(folder + "/" + file)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50); };
wait("input/complete");
console.error("controller: args " + JSON.stringify(args));
mkdirSync(folder + "/results/cluster-1/cells/u1", { recursive: true });
writeFileSync(folder + "/results/cluster-1/cells/u1/journal.jsonl", "{}\\n");
writeFileSync(folder + "/results/cluster-1/given.json", JSON.stringify({
  experiment: readFileSync(folder + "/input/experiment.yaml", "utf8"),
  payloads: readdirSync(folder + "/input/payloads").sort(),
}));
if (mode === "dies") process.exit(1);
if (mode === "stops") { console.error("controller: measuring"); wait("stop"); }
writeFileSync(folder + "/ended", mode === "stops" ? "130\\n" : "4\\n");
wait("fetched");
`;

describe("slbench kubernetes", () => {
  let work: string;
  let environment: Record<string, string>;

  beforeEach(() => {
    work = mkdtempSync(join(tmpdir(), "slbench-cluster-"));
    mkdirSync(join(work, "bin"));
    mkdirSync(join(work, "cluster"));
    mkdirSync(join(work, "faces"));
    for (const name of ["a.jpg", "b.jpg", "ignored.txt"]) writeFileSync(join(work, "faces", name), name);
    writeFileSync(
      join(work, "bin", "kubectl"),
      `#!/bin/sh\nexec ${process.execPath} --conditions=@slbench/source --disable-warning=ExperimentalWarning ${standin} "$@"\n`,
    );
    chmodSync(join(work, "bin", "kubectl"), 0o755);
    writeFileSync(join(work, "controller.cjs"), CONTROLLER);
    writeFileSync(
      join(work, "cluster.yaml"),
      `name: cluster
function: {url: "http://gateway.openfaas:8080/function/slblur"}
request: {files: "faces/*.jpg"} # two of them
response: {valid: {status: 200}}
load: {users: 2}
jmeter: {localWorkers: 2}
`,
    );
    const path = [join(work, "bin"), process.env.PATH].join(delimiter);
    environment = { PATH: path, STANDIN: join(work, "cluster") };
  });

  afterEach(() => {
    execFileSync(join(work, "bin", "kubectl"), ["delete", "job"], {
      env: { ...process.env, ...environment },
    });
    rmSync(work, { recursive: true, force: true });
  });

  function prepareCluster(mode: "ends" | "dies" | "stops"): void {
    const folder = join(work, "cluster", "pod");
    mkdirSync(folder);
    const worker = { start: ["sleep", "600"], enter: [] };
    const controller = join(work, "controller.cjs");
    const config: StandinConfig = {
      pods: {
        "slbench-cluster-worker-0": worker,
        "slbench-cluster-worker-1": worker,
        "slbench-cluster-controller-x7k2p": {
          start: [process.execPath, controller, folder, mode, "{args}"],
          enter: [],
          paths: { "/work/job": folder },
        },
      },
    };
    writeFileSync(join(work, "cluster", "config.json"), JSON.stringify(config));
  }

  const slbench = (...args: readonly string[]) =>
    runSlbench(["kubernetes", ...args, "--namespace", "load"], work, environment);
  const calls = () =>
    readFileSync(join(work, "cluster", "calls"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as string[]);

  test("sends a self-contained experiment, brings the results home, and removes the fleet", async () => {
    prepareCluster("ends");
    const { code, output } = await slbench("run", "cluster.yaml", "--threshold", "success>=0.99");
    expect(output).toContain('controller: args ["--job","/work/job","--threshold","success>=0.99"]');
    expect(output).toContain(join("results", "cluster-1"));
    expect(code).toBe(4); // the controller's
    const given = JSON.parse(readFileSync(join(work, "results", "cluster-1", "given.json"), "utf8"));
    expect(given.payloads).toEqual(["a.jpg", "b.jpg"]);
    expect(given.experiment).toContain("files: payloads");
    expect(readdirSync(join(work, "results", "cluster-1", "cells", "u1"))).toEqual(["journal.jsonl"]);
    expect(existsSync(join(work, "cluster", "objects.json"))).toBe(false);
    for (const call of calls()) expect(call.slice(0, 2)).toEqual(["--namespace", "load"]);
  }, 180_000);

  test("keeps the fleet if the controller is lost, and names what to do", async () => {
    prepareCluster("dies");
    const run = slbench("run", "cluster.yaml");
    await expect
      .poll(() => existsSync(join(work, "cluster", "objects.json")), { timeout: 90_000 })
      .toBe(true);
    const busy = await slbench("run", "cluster.yaml");
    expect(busy.output).toContain("already has a fleet of this experiment");
    const { code, output } = await run;
    expect(code).toBe(3);
    expect(output).toContain("does not respond");
    expect(existsSync(join(work, "cluster", "objects.json"))).toBe(true);
    expect((await slbench("stop", "cluster.yaml")).code).toBe(0);
    expect(existsSync(join(work, "cluster", "objects.json"))).toBe(false);
  }, 180_000);

  test("ends the run on Ctrl-C, and brings home what was measured", async () => {
    prepareCluster("stops");
    const main = fileURLToPath(new URL("../main.ts", import.meta.url));
    const args = ["--conditions=@slbench/source", main, "kubernetes", "run", "cluster.yaml"];
    const child = spawn(process.execPath, args, {
      ...{ cwd: work, env: { ...process.env, ...environment } },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let output = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
    await expect.poll(() => output, { timeout: 90_000 }).toContain("controller: measuring");
    child.kill("SIGINT");
    const [code] = await once(child, "close");
    expect(code).toBe(130);
    expect(existsSync(join(work, "results", "cluster-1", "given.json"))).toBe(true);
    expect(existsSync(join(work, "cluster", "objects.json"))).toBe(false);
  }, 180_000);

  test("follows a run whose connection was lost", async () => {
    prepareCluster("stops");
    const first = slbench("run", "cluster.yaml");
    await expect
      .poll(() => existsSync(join(work, "cluster", "pod", "results")), { timeout: 90_000 })
      .toBe(true);
    const second = slbench("fetch", "cluster.yaml", "--out", "again");
    await new Promise((done) => setTimeout(done, 3_000));
    writeFileSync(join(work, "cluster", "pod", "stop"), "");
    const ends = await Promise.all([first, second]);
    // Whoever comes second finds the fleet removed.
    expect(ends.map(({ code }) => code)).toContain(130);
  }, 180_000);

  // biome-ignore lint/suspicious/noTemplateCurlyInString: literal text of an experiment
  const withSecret = 'function: {url: "http://f", headers: {authorization: "Bearer ${env:TOKEN}"}}';
  test.each([
    ["function: {url: local}", "cannot reach"],
    [withSecret, "a header takes its value from the variable TOKEN, which is not set here"],
  ])(
    "refuses %s",
    async (line, message) => {
      prepareCluster("ends");
      const text = readFileSync(join(work, "cluster.yaml"), "utf8");
      writeFileSync(join(work, "cluster.yaml"), text.replace(/^function: .*$/m, line));
      const { code, output } = await slbench("run", "cluster.yaml");
      expect(output).toContain(message);
      expect(code).toBe(2);
      expect(existsSync(join(work, "cluster", "calls"))).toBe(false);
    },
    60_000,
  );
});
