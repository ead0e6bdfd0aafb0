import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { journalRows, resultOf, runSlbench } from "../testing/slbench.ts";

const work = mkdtempSync(join(tmpdir(), "slbench-any-function-"));
const SECRET = "s3cret-Zq81xYw7";
let server: Server;
let url = "";
/** What the server itself saw. */
const counted = { requests: 0, units: 0, bodies: new Set<string>(), clients: new Set<string>() };

/** A classifier that counts: needs a token, takes JSON, reports units and a time. */
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = await readAll(request);
    const reply = (status: number, value: object) => {
      response.writeHead(status, { "Content-Type": "application/json", "X-Instance": "replica-1" });
      response.end(JSON.stringify(value));
    };
    if (request.headers.authorization !== `Bearer ${SECRET}`) return reply(401, { error: "no valid token" });
    const { text } = JSON.parse(body) as { text: string };
    counted.requests++;
    counted.units += text.length;
    counted.bodies.add(text);
    reply(200, { label: "cat", inference_ms: 12.5, is_cold: false, usage: { characters: text.length } });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}/classify`;
  writeFileSync(join(work, "texts.txt"), "one\nsecond text\n\na third one\n");
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(work, { recursive: true, force: true });
});

async function readAll(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

const experiment = (
  name: string,
  load: string,
  response = "valid: {status: 200, json: {/label: present}}",
) => {
  const file = join(work, `${name}.yaml`);
  writeFileSync(
    file,
    `name: ${name}
function:
  url: ${url}
  headers: {Authorization: "Bearer \${env:SLBENCH_TEST_TOKEN}"}
request:
  lines: texts.txt
  contentType: application/json
  body: '{"text": \${text}, "user": "\${user}", "sequence": \${sequence}}'
response:
  ${response}
  times: {mlSeconds: {json: /inference_ms, unit: ms}}
  coldStart: {json: /is_cold}
  replica: {header: x-instance}
  units: {json: /usage/characters, name: characters}
load: ${load}
`,
  );
  return file;
};

/** Runs slbench; `commandLines` are those of all processes during the run. */
async function slbench(args: readonly string[], token: string | undefined, cwd = work) {
  let commandLines = "";
  const looking = setInterval(() => {
    commandLines += readCommandLines();
  }, 50);
  const env = token === undefined ? {} : { SLBENCH_TEST_TOKEN: token };
  const ended = await runSlbench(args, cwd, env).finally(() => clearInterval(looking));
  return { ...ended, commandLines };
}

function readCommandLines(): string {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      try {
        return readFileSync(join("/proc", name, "cmdline"), "latin1");
      } catch {
        return ""; // it has ended
      }
    })
    .join("\n");
}

/** Files below a folder that hold the text. */
const filesWith = (folder: string, text: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => {
    const file = join(folder, name);
    return statSync(file).isFile() && readFileSync(file, "latin1").includes(text);
  });

describe.skipIf(process.platform !== "linux")("slbench run with a JSON classifier", () => {
  test("counts every request and unit as the server does, and keeps the secret out of everything", async () => {
    Object.assign(counted, { requests: 0, units: 0 });
    const load = "{repetitions: 1, users: [1, 3], requestsPerUser: 10, start: together, order: as-written}";
    const { code, output, commandLines } = await slbench(["run", experiment("classify", load)], SECRET);
    expect(output).toContain("30 of 30 requests successful");
    expect(code).toBe(0);
    const folder = resultOf(work, "classify");
    const rows = journalRows(folder);
    expect(rows).toHaveLength(40);
    expect(counted.requests).toBe(40 + 5); // the probes before the first cell
    expect(counted.bodies).toEqual(new Set(["one", "second text", "a third one"]));
    const units = rows.reduce((sum, row) => sum + (row.units ?? Number.NaN), 0);
    // The second probe is a client of its own, which begins with the first payload again.
    const probed = ["one", "one", "second text", "a third one", "one"].join("").length;
    expect(units).toBe(counted.units - probed);
    expect(rows.every((row) => row.outcome === "ok" && row.mlSeconds === 0.0125)).toBe(true);
    expect(new Set(rows.map((row) => row.replica))).toEqual(new Set(["replica-1"]));
    expect(JSON.parse(readFileSync(join(folder, "request.json"), "utf8")).headers).toEqual({
      Authorization: `Bearer $${"{env:SLBENCH_TEST_TOKEN}"}`,
    });
    expect(filesWith(folder, SECRET)).toEqual([]);
    expect(output).not.toContain(SECRET);
    expect(commandLines).toContain("--request");
    expect(commandLines).not.toContain(SECRET);
  }, 120_000);

  test("sends at a rate, spread over the workers", async () => {
    Object.assign(counted, { requests: 0 });
    const load = "{repetitions: 1, arrivals: {ratePerSecond: 10, process: constant}, durationSeconds: 3}";
    const { code, output } = await slbench(["run", experiment("rate", load)], SECRET);
    expect(output).toContain("10 requests per second (constant)");
    expect(code).toBe(0);
    const rows = journalRows(join(resultOf(work, "rate"), "cells", "r10-r1"));
    expect(rows.length).toBe(counted.requests - 1);
    expect(Math.abs(rows.length - 30)).toBeLessThanOrEqual(2);
  }, 120_000);

  test.each([
    ["the secret is not set", undefined, undefined, /SLBENCH_TEST_TOKEN/],
    ["the token is wrong", "wrong", undefined, /✗ status: 401, expected 200[\s\S]*no valid token/],
    [
      "a pointer finds nothing",
      SECRET,
      "valid: {json: {/category: present}}",
      /✗ valid\.json \/category: not found[\s\S]*"label":"cat"/,
    ],
  ])(
    "stops before the first cell with exit code 1 if %s",
    async (name, token, response, message) => {
      const file = experiment(name.replaceAll(" ", "-"), "{users: 1}", response);
      const { code, output } = await slbench(["run", file], token);
      expect(output).toMatch(message);
      expect(output).not.toContain("[1/1]");
      expect(code).toBe(1);
    },
    60_000,
  );

  test("slbench doctor shows what each line of response found", async () => {
    const { code, output } = await slbench(["doctor", experiment("doctor", "{users: 1}")], SECRET);
    expect(output).toMatch(/function: http.*response: valid/);
    for (const line of ['valid.json /label: "cat"', "times.mlSeconds: 12.5 ms", 'replica: "replica-1"'])
      expect(output).toContain(`✓ ${line}`);
    expect(output.match(/✓ units \(characters\): 3/g)).toHaveLength(3); // here, and from both workers
    expect(output).not.toContain(SECRET);
    expect(code).toBe(0);
  }, 120_000);
});

test.skipIf(process.platform !== "linux")(
  "slbench run reports a function that ends during its first request, with what it printed",
  async () => {
    const folder = mkdtempSync(join(work, "ends-"));
    const source = `require("http").createServer(() => { console.error("illegal instruction"); process.exit(9); }).listen(8091, "127.0.0.1")`;
    writeFileSync(join(folder, "function.cjs"), source);
    writeFileSync(
      join(folder, "ends.yaml"),
      `name: ends
function: {url: "http://127.0.0.1:8091/", command: [node, function.cjs]}
request: {body: "{}"}
load: {users: 1}
`,
    );
    const { code, output } = await slbench(["run", "ends.yaml"], undefined, folder);
    expect(output).toContain("the function ended by itself (exit code 9) during its first request");
    expect(output).toContain("see its output: illegal instruction");
    expect(output).not.toContain("[1/1]");
    expect(code).toBe(3);
  },
  60_000,
);

describe.skipIf(process.platform !== "linux")("slbench init --function", () => {
  test.each(["python", "node"])(
    "%s: init and run in an empty folder end with a report",
    async (kind) => {
      const folder = join(work, `empty-${kind}`);
      mkdirSync(folder);
      expect((await slbench(["init", "--function", kind], undefined, folder)).code).toBe(0);
      const file = join(folder, "experiment.yaml");
      const written = readFileSync(file, "utf8");
      expect(written).toContain("repetitions: 3");
      writeFileSync(file, written.replace("repetitions: 3", "repetitions: 1")); // one run shows as much here
      const { code, output } = await slbench(["run", "experiment.yaml"], undefined, folder);
      expect(output).toContain("480 of 480 requests successful");
      expect(code).toBe(0);
      const [result = ""] = readdirSync(join(folder, "results"));
      expect(readFileSync(join(folder, "results", result, "report.html"), "utf8")).toContain("<svg");
      await expect(fetch("http://127.0.0.1:8090/")).rejects.toThrow(); // it ended with the run
    },
    180_000,
  );
});
