import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  experimentCells,
  type PlanOptions,
  parseExperiment,
  readPlan,
  renderPlan,
} from "@slbench/jmeter-plans";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cacheFolder } from "../files/cache.ts";
import { findJMeter } from "../jmeter/home.ts";
import { checkPlans } from "./check-plans.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const examples = fileURLToPath(new URL("../../examples/", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "slbench-generate-test-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const slbench = (...args: readonly string[]) =>
  execa(process.execPath, ["--conditions=@slbench/source", main, ...args], {
    cwd: work,
    reject: false,
    timeout: 120_000,
  });

/** Neither client nor frames are needed to write plans. */
const elsewhere = ["--client", "/opt/slbench/slbench-client", "--payloads", "/opt/slbench/frames"];

describe("slbench generate", () => {
  test("writes the published experiment's 27 plans, and JMeter loads each", async () => {
    const out = join(work, "paper");
    const file = join(examples, "paper.yaml");
    const made = await slbench("generate", file, "--out", out, "--check", ...elsewhere);
    expect(made.stdout).toMatch(/^27 plans for 2 JMeter workers together in .*, each loaded by JMeter \d/);
    expect(made.exitCode).toBe(0);
    const cells = experimentCells(parseExperiment(readFileSync(file, "utf8"), file));
    expect(readdirSync(out).sort()).toEqual(
      ["request.json", ...cells.map((cell) => `${cell.name}.jmx`)].sort(),
    );
    expect(JSON.parse(readFileSync(join(out, "request.json"), "utf8"))).toMatchObject({
      ...{ url: "http://127.0.0.1:8080/function/slblur", encode: "base64", timeoutSeconds: 25 },
    });
    for (const cell of cells) {
      const { users, thinkTime, requestsPerUser, request, resultXml } = readPlan(
        readFileSync(join(out, `${cell.name}.jmx`), "utf8"),
      );
      expect({ users, thinkTime, requestsPerUser, request, resultXml }).toEqual({
        ...{ users: cell.users, thinkTime: String(cell.thinkTimeSeconds), requestsPerUser: 37 },
        request: join(out, "request.json"),
        resultXml: join(out, `${cell.name}.xml`),
      });
    }
  }, 120_000);

  test.skipIf(process.platform !== "linux")(
    "refuses a place that takes no folder at once",
    async () => {
      const refused = await slbench("generate", "examples/quick.yaml", "--out", "/proc/plans", ...elsewhere);
      expect(refused.stderr).toContain("cannot create the folder /proc/plans");
      expect(refused).toMatchObject({ exitCode: 1, timedOut: false });
    },
    30_000,
  );

  test("names the wrong field and its line, with exit code 2", async () => {
    const file = join(work, "wrong.yaml");
    writeFileSync(file, "name: wrong\nload:\n  user: 3\n");
    const refused = await slbench("generate", file, ...elsewhere);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("wrong.yaml:3:3: load.user is not a field; did you mean users?");
  }, 30_000);

  test("reports a missing experiment with exit code 2", async () => {
    const refused = await slbench("generate", "none.yaml");
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("none.yaml does not exist");
  }, 30_000);
});

const plan: PlanOptions = {
  ...{ name: "try", users: 3, workers: 1, startRatePerSecond: 4, thinkTime: "0", requestsPerUser: 2 },
  ...{ request: "/r/$" + "{f}.json", timeoutSeconds: 1, seed: 1 },
  ...{ client: "/bin/echo", payloads: "/a,b\\c" },
  ...{ resultXml: join(work, "samples.xml"), resultCsv: join(work, "samples.csv") },
};

describe.each<
  [version: string, tellsFunctions: boolean, find: () => Promise<{ home: string; java: string }>]
>([
  ["found by slbench", true, () => findJMeter()],
  ["5.5, the oldest", false, olderJMeter], // it only writes a line into its log
])("JMeter %s", (_, tellsFunctions, find) => {
  let jmeter: { home: string; java: string };
  beforeAll(async () => {
    jmeter = await find();
  }, 300_000);

  test("accepts generated plans and rejects other files", async () => {
    const good = renderPlan(plan);
    const plans: readonly (readonly [name: string, jmx: string, problem?: RegExp])[] = [
      ["good", good],
      ["torn", good.slice(0, 2000), /Problem loading XML/],
      ["unknown-element", good.replaceAll("SystemSampler", "NoSampler"), /Problem loading XML/],
      ["unknown-window", good.replace("ThreadGroupGui", "NoGui"), /NoGui/],
    ];
    const files = plans.map(([name, jmx]) => {
      const file = join(work, `${name}.jmx`);
      writeFileSync(file, jmx);
      return file;
    });
    const checked = await checkPlans(jmeter, files);
    for (const [index, [name, , problem]] of plans.entries()) {
      expect(checked[index]?.problem ?? "", name).toMatch(problem ?? /^$/);
    }
  }, 120_000);

  test.runIf(tellsFunctions)(
    "rejects an unterminated function",
    async () => {
      const file = join(work, "open-function.jmx");
      writeFileSync(file, renderPlan(plan).replace('testname="try"', `testname="$${"{__P(a"}"`));
      const [checked] = await checkPlans(jmeter, [file]);
      expect(checked?.problem).toMatch(/InvalidVariableException/);
    },
    60_000,
  );

  test("runs a plan: every user once, text unchanged", async () => {
    for (const file of [plan.resultXml, plan.resultCsv]) rmSync(file, { force: true });
    const file = join(work, "run.jmx");
    writeFileSync(file, renderPlan(plan));
    const jar = join(jmeter.home, "bin", "ApacheJMeter.jar");
    const which = ["-Jslbench.worker.count=1", "-Jslbench.worker.index=0", "-Jjmeterengine.nongui.port=0"];
    const log = ["-j", join(work, "run.log")];
    await execa(jmeter.java, ["-Djava.awt.headless=true", "-jar", jar, "-n", "-t", file, ...log, ...which], {
      timeout: 60_000,
    });
    const rows = readFileSync(plan.resultCsv, "utf8").trim().split("\n");
    expect(
      rows
        .slice(1)
        .map((row) => row.split(",").slice(3, 6))
        .sort(),
    ).toEqual([1, 2, 3].map((user) => ["0", "OK", `Users 1-${user}`]));
    const xml = readFileSync(plan.resultXml, "utf8");
    expect(xml).toContain("--request /r/$" + "{f}.json --payloads /a,b\\c --count 2");
    expect([1, 2, 3].every((user) => xml.includes(`--user w1-u${user} `))).toBe(true);
  }, 120_000);
});

/** JMeter 5.5, assembled by the pom that brings 5.6.3, once into the cache. */
async function olderJMeter(): Promise<{ home: string; java: string }> {
  const { java } = await findJMeter();
  const home = join(await cacheFolder("test"), "jmeter-5.5");
  if (existsSync(home)) return { home, java };
  const made = `${home}.${process.pid}`;
  mkdirSync(join(made, "home", "lib", "ext"), { recursive: true });
  copyFileSync(fileURLToPath(new URL("../../jmeter/pom.xml", import.meta.url)), join(made, "pom.xml"));
  const goals = ["dependency:copy-dependencies@jars", "dependency:unpack-dependencies@config"];
  const options = [
    "-B",
    "-ntp",
    "-C",
    "-f",
    join(made, "pom.xml"),
    "-Djmeter.version=5.5",
    `-Dslbench.work=${made}`,
  ];
  await execa("mvn", [...options, ...goals], { timeout: 240_000 });
  for (const jar of readdirSync(join(made, "jars"))) {
    if (jar.startsWith("ApacheJMeter_config")) continue;
    const own =
      jar === "ApacheJMeter-5.5.jar"
        ? "bin/ApacheJMeter.jar"
        : join("lib", jar.startsWith("ApacheJMeter_") ? "ext" : "", jar);
    renameSync(join(made, "jars", jar), join(made, "home", own));
  }
  renameSync(join(made, "home"), home);
  rmSync(made, { recursive: true, force: true });
  return { home, java };
}
