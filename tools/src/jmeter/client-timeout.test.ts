import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PlanOptions, renderPlan } from "@slbench/jmeter-plans";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureClientExecutable } from "../setup/client.ts";
import { findJMeter } from "./home.ts";

const work = mkdtempSync(join(tmpdir(), "slbench-timeout-"));
const client = join(work, "slbench-client");
let server: Server;
beforeAll(async () => {
  // A copy: nobody else's clients are counted.
  copyFileSync((await ensureClientExecutable()).path, client);
  mkdirSync(join(work, "frames"));
  for (const name of ["1.jpg", "2.jpg"]) writeFileSync(join(work, "frames", name), "a frame");
  server = createServer((request, response) => {
    if (request.url === "/answers")
      response.end('{"image":"/9j/","faces":[],"mlSeconds":0.05,"totalSeconds":0.06}');
    else if (request.url === "/trickles") {
      response.writeHead(200);
      const drop = setInterval(() => response.write("x"), 50);
      response.once("close", () => clearInterval(drop));
    }
    request.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
}, 300_000);
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(work, { recursive: true, force: true });
});

const countClients = async () =>
  Number((await execa("pgrep", ["-c", "-f", `^${client}`], { reject: false })).stdout);

test.each([
  ["thinking", "answers", 600],
  ["waiting for an answer", "is-silent", 0],
  ["reading an answer without end", "trickles", 0],
])(
  "a client that JMeter's own time-out meets while it is %s is gone a second later",
  async (_doing, path, thinkTimeSeconds) => {
    const folder = mkdtempSync(join(work, "run-"));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`;
    const plan: PlanOptions = {
      ...{
        name: "timeout",
        users: 2,
        slaves: 1,
        startRatePerSecond: 50,
        thinkTimeSeconds,
        framesPerClient: 2,
      },
      ...{ url, timeoutSeconds: 600, encoding: "base64", format: "json" },
      ...{ client, framesFolder: join(work, "frames") },
      ...{ resultXml: join(folder, "samples.xml"), resultCsv: join(folder, "samples.csv") },
    };
    const jmx = renderPlan(plan);
    const short = jmx.replace(
      /(<longProp name="SystemSampler.timeout">|<name>SystemSampler.timeout<\/name>\s*<value>)\d+/,
      "$12000",
    );
    expect(short).not.toBe(jmx);
    writeFileSync(join(folder, "plan.jmx"), short);
    const jmeter = await findJMeter();
    const jar = join(jmeter.home, "bin", "ApacheJMeter.jar");
    const args = ["-Djava.awt.headless=true", "-jar", jar, "-n", "-t", join(folder, "plan.jmx")];
    const turn = ["-Jslbench.slave.count=1", "-Jslbench.slave.index=0", "-Jjmeterengine.nongui.port=0"];
    const run = execa(jmeter.java, [...args, "-j", join(folder, "jmeter.log"), ...turn], { timeout: 60_000 });
    await expect.poll(countClients, { interval: 50 }).toBe(2);
    const rows = () =>
      existsSync(plan.resultCsv) ? readFileSync(plan.resultCsv, "utf8").trim().split("\n").length - 1 : 0;
    await expect.poll(rows, { interval: 20 }).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await countClients()).toBe(0);
    await run;
    expect(readFileSync(plan.resultXml, "utf8")).toContain("Process timeout reached after 2000 milliseconds");
  },
);
