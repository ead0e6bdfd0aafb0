// The five packages as npm would publish them, installed into an empty folder and used from there.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { resultOf } from "./testing/slbench.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const projects = [
  "packages/client",
  "packages/handler",
  "packages/jmeter-plans",
  "packages/analyzer",
  "tools",
];
/** The Node that npm runs on: the user's, which may be older than the one that runs the tests. */
const hostNode = process.env.npm_node_execpath ?? process.execPath;
const env = { PATH: [dirname(hostNode), process.env.PATH].join(delimiter), NODE_OPTIONS: "" };

let work: string;
let app: string;

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), "slbench-packed-"));
  app = join(work, "app");
  await leaveStale();
  await execa("npm", ["run", "pack", "--", "--pack-destination", work], { cwd: root });
  const tarballs = (await readdir(work))
    .filter((name) => name.endsWith(".tgz"))
    .map((name) => join(work, name));
  expect(tarballs).toHaveLength(projects.length);
  await execa("npm", ["install", "--prefix", app, "--no-audit", "--no-fund", ...tarballs], {
    cwd: work,
    env,
  });
}, 300_000);

afterAll(() => rm(work, { recursive: true, force: true }));

/** What the compiler built from a source that has gone since. */
async function leaveStale(): Promise<void> {
  const folder = join(root, "packages/client/dist/removed");
  await mkdir(folder, { recursive: true });
  for (const ending of ["js", "js.map", "d.ts"]) await writeFile(join(folder, `source.${ending}`), "");
}

const slbench = async (args: readonly string[]): Promise<string> => {
  const { all } = await execa(join(app, "node_modules", ".bin", "slbench"), args, {
    ...{ cwd: app, env, all: true, stdin: "ignore", timeout: 240_000 },
  });
  return all;
};

it("ships nothing that was built from removed sources", async () => {
  const shipped = await readdir(join(app, "node_modules/@slbench/client/dist"));
  expect(shipped).toContain("index.js");
  expect(shipped).not.toContain("removed");
});

it("installs no package that only some uses need", () => {
  for (const name of ["bun", "rolldown", "@tensorflow/tfjs-node", "onnxruntime-node", "node"])
    expect(existsSync(join(app, "node_modules", name)), name).toBe(false);
});

it("brings the examples and the schema, and generates plans from one of them in an empty folder", async () => {
  expect(await slbench(["--version"])).toMatch(/^\d+\.\d+\.\d+$/);
  expect(await slbench(["generate", "examples/paper.yaml", "--out", "plans"])).toContain("27 plans");
  expect(await readFile(join(app, "plans", "u09-t5-r1.jmx"), "utf8")).toContain("<jmeterTestPlan");
  const schema = await readFile(join(root, "packages/jmeter-plans/experiment.schema.json"), "utf8");
  expect(JSON.parse(await slbench(["schema"]))).toEqual(JSON.parse(schema));
}, 300_000);

it("measures a new function from init to report, on the Node that npm runs on", async () => {
  await slbench(["init", "--function", "node"]);
  const experiment = await readFile(join(app, "experiment.yaml"), "utf8");
  await writeFile(
    join(app, "experiment.yaml"),
    experiment.replace("users: [1, 2, 4]", "users: 2").replace("repetitions: 3", "repetitions: 1"),
  );
  const output = await slbench(["run", "experiment.yaml", "--requests-per-user", "5"]);
  const folder = resultOf(app, "guess-language");
  expect(output).toContain(join(folder, "report.html"));
  const run = JSON.parse(await readFile(join(folder, "run.json"), "utf8"));
  expect(run.state).toBe("complete");
  expect(await slbench(["analyze", folder])).toContain("100.0%");
}, 300_000);

it("reads a log of any JMeter test", async () => {
  const log = join(root, "packages/analyzer/testdata/jtl-csv/00240c3__results10Full.csv");
  expect(await slbench(["analyze", log])).toContain("OS Process Sampler");
});
