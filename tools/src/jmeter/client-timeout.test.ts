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
import { type AddressInfo, createServer as createListener, type Server as Listener } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PlanOptions, parseExperiment, renderPlan, requestSpec } from "@slbench/jmeter-plans";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureClientExecutable } from "../setup/client.ts";
import { findJMeter } from "./home.ts";

const work = mkdtempSync(join(tmpdir(), "slbench-timeout-"));
const client = join(work, "slbench-client");
const faceBlur = requestSpec(parseExperiment("name: x\nload: {users: 1}", "x.yaml"));
let server: Server;
/** Takes connections, reads nothing and says nothing. */
let deaf: Listener;
beforeAll(async () => {
  // A copy, so that clients of other tests are not counted.
  copyFileSync((await ensureClientExecutable()).path, client);
  for (const folder of ["frames", "large"]) mkdirSync(join(work, folder));
  for (const name of ["1.jpg", "2.jpg"]) writeFileSync(join(work, "frames", name), "a frame");
  // More than the buffers of both ends take.
  writeFileSync(join(work, "large", "1.jpg"), Buffer.alloc(48 * 2 ** 20));
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
  deaf = createListener({ pauseOnConnect: true }, (socket) => socket.on("error", () => {}));
  for (const each of [server, deaf])
    await new Promise<void>((resolve) => each.listen(0, "127.0.0.1", resolve));
}, 300_000);
afterAll(() => {
  server.closeAllConnections();
  for (const each of [server, deaf]) each.close();
  rmSync(work, { recursive: true, force: true });
});

const countClients = async () =>
  Number((await execa("pgrep", ["-c", "-f", `^${client}`], { reject: false })).stdout);

interface Doing {
  readonly doing: string;
  readonly url?: (server: string, deaf: string) => string;
  readonly thinkTimeSeconds?: number;
  readonly frames?: string;
  /** JMeter's time-out. */
  readonly afterMs?: number;
}

const DOINGS: readonly Doing[] = [
  { doing: "starting", afterMs: 1 },
  { doing: "thinking", url: (to) => `http://${to}/answers`, thinkTimeSeconds: 600 },
  { doing: "connecting with TLS", url: (_, to) => `https://${to}/` },
  { doing: "sending to a server that does not read", url: (_, to) => `http://${to}/`, frames: "large" },
  { doing: "waiting for a response" },
  { doing: "reading an endless response", url: (to) => `http://${to}/trickles` },
  { doing: "sending one request after another", url: (to) => `http://${to}/answers` },
];

test.each(DOINGS)(
  "a client that reaches JMeter's time-out while $doing ends within a second",
  async ({ url, thinkTimeSeconds = 0, frames = "frames", afterMs = 2000 }) => {
    const folder = mkdtempSync(join(work, "run-"));
    const [to, deafTo] = [server, deaf].map((each) => `127.0.0.1:${(each.address() as AddressInfo).port}`);
    const plan: PlanOptions = {
      ...{
        name: "timeout",
        users: 2,
        workers: 1,
        startRatePerSecond: 50,
        thinkTime: String(thinkTimeSeconds),
        requestsPerUser: 1_000_000,
      },
      ...{ timeoutSeconds: 600, seed: 1, client, payloads: join(work, frames) },
      request: join(folder, "request.json"),
      ...{ resultXml: join(folder, "samples.xml"), resultCsv: join(folder, "samples.csv") },
    };
    const address = url?.(`${to}`, `${deafTo}`) ?? `http://${to}/is-silent`;
    const spec = { ...faceBlur, url: address, timeoutSeconds: 600 };
    writeFileSync(plan.request, JSON.stringify(spec));
    const jmx = renderPlan(plan);
    const short = jmx.replace(
      /(<longProp name="SystemSampler.timeout">|<name>SystemSampler.timeout<\/name>\s*<value>)\d+/,
      `$1${afterMs}`,
    );
    expect(short).not.toBe(jmx);
    writeFileSync(join(folder, "plan.jmx"), short);
    const jmeter = await findJMeter();
    const jar = join(jmeter.home, "bin", "ApacheJMeter.jar");
    const args = ["-Djava.awt.headless=true", "-jar", jar, "-n", "-t", join(folder, "plan.jmx")];
    const turn = ["-Jslbench.worker.count=1", "-Jslbench.worker.index=0", "-Jjmeterengine.nongui.port=0"];
    const run = execa(jmeter.java, [...args, "-j", join(folder, "jmeter.log"), ...turn], { timeout: 60_000 });
    if (afterMs > 1000) await expect.poll(countClients, { interval: 50 }).toBe(2);
    const rows = () =>
      existsSync(plan.resultCsv) ? readFileSync(plan.resultCsv, "utf8").trim().split("\n").length - 1 : 0;
    await expect.poll(rows, { interval: 20 }).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await countClients()).toBe(0);
    await run;
    expect(readFileSync(plan.resultXml, "utf8")).toContain(
      `Process timeout reached after ${afterMs} milliseconds`,
    );
  },
);
