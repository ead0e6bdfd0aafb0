// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are literal text here
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import {
  type Experiment,
  experimentJsonSchema,
  parseAutoscale,
  parseExperiment,
  SlbenchError,
} from "../index.ts";

const examples = new URL("../../../../tools/examples/", import.meta.url);
const schemaFile = new URL("../../experiment.schema.json", import.meta.url);

test("the shortest experiment gets the published limits and rates", () => {
  expect(parseExperiment("name: x\nload: {users: 4, thinkTimeSeconds: [0, 1]}", "x.yaml")).toEqual({
    name: "x",
    function: {
      ...{
        url: "local",
        method: "POST",
        headers: {},
        timeoutSeconds: 25,
        replicas: 1,
        concurrency: 0,
        backend: "auto",
        mode: "http",
      },
    },
    request: { order: "same" },
    response: {},
    verify: false,
    load: {
      ...{ users: [4], thinkTimeSeconds: [0, 1], requestsPerUser: 37, start: "together", repetitions: 3 },
      ...{ warmUpRequests: 0, coolDownSeconds: 0, order: "random", seed: 1 },
    },
    jmeter: { localWorkers: 2, remoteHosts: [], mode: "Standard", rmi: "tls" },
    thresholds: [],
  });
});

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1).join(",");
const rest = "load: {users: 1, thinkTimeSeconds: 0}\n";

test.each<[name: string, text: string, url: string]>([
  ["a word", "function: local\n", "local"],
  ["an address alone", "function: https://a.example/f\n", "https://a.example/f"],
  [
    "with settings",
    "function: {url: http://127.0.0.1:8080/f, timeoutSeconds: 60}\n",
    "http://127.0.0.1:8080/f",
  ],
])("accepts the function as %s", (_, text, url) => {
  const request = url === "local" ? "" : "request: {files: images}\n";
  expect(parseExperiment(`name: x\n${text}${request}${rest}`, "x.yaml").function.url).toBe(url);
});

test.each<[name: string, text: string, message: string]>([
  [
    "unknown field, typo",
    `name: x\nfuncton: local\n${rest}`,
    "e:2:1: functon is not a field; did you mean function?",
  ],
  [
    "unknown field, short form",
    "name: x\nload:\n  users: 1\n  thinkTimeSeconds: 0\n  thinktime: 3\n",
    "e:5:3: load.thinktime is not a field; did you mean thinkTimeSeconds?",
  ],
  ["unknown field", `name: x\n${rest}colour: red\n`, "e:3:1: colour is not a field"],
  [
    "a list that contains itself",
    `name: x\n${rest}thresholds: &t [*t]\n`,
    "e:3:17: thresholds[0] is a block that contains itself: it must be text",
  ],
  [
    "in the other form of a field",
    `name: x\nfunction:\n  url: local\n  replica: 3\n${rest}`,
    "e:4:3: function.replica is not a field; did you mean replicas?",
  ],
  [
    "missing",
    "name: x\nload:\n  thinkTimeSeconds: 1\n",
    "e:2:1: load.users is missing: give users, for example 1..8, or arrivals",
  ],
  ["empty", "name: x\nload:\n", "e:2:1: load is empty: it must be fields with values"],
  [
    "in a list",
    "name: x\nload:\n  users: [1, -2]\n  thinkTimeSeconds: 0\n",
    "e:3:14: load.users[1] is -2: it must be above 0",
  ],
  [
    "half a user",
    "name: x\nload: {users: 1.5, thinkTimeSeconds: 0}",
    "e:2:8: load.users is 1.5: it must be a whole number",
  ],
  [
    "text for a number",
    "name: x\nload: {users: '7', thinkTimeSeconds: 0}",
    'e:2:8: load.users is "7": give a number, a range such as 1..8, or a list of them',
  ],
  [
    "twice in a list",
    "name: x\nload: {users: [1, 2, 1], thinkTimeSeconds: 0}",
    "e:2:8: load.users is [1,2,1]: each number may appear once",
  ],
  [
    "an empty list",
    "name: x\nload: {users: [], thinkTimeSeconds: 0}",
    "e:2:8: load.users is []: it must not be empty",
  ],
  [
    "no number",
    "name: x\nload: {users: 1, thinkTimeSeconds: [0, .nan]}",
    "e:2:40: load.thinkTimeSeconds[1] is NaN: it must be seconds, exponential:1, uniform:0.5..1.5, idle:60/10, or a list of them",
  ],
  [
    "a bad choice",
    `name: x\nrequest: {encode: base65}\n${rest}`,
    'e:2:11: request.encode is "base65": it must be binary or base64',
  ],
  [
    "a bad name",
    `name: a/b\n${rest}`,
    'e:1:1: name is "a/b": letters, digits, dot, dash and underscore only',
  ],
  [
    "a name that is too long for a folder",
    `name: ${"x".repeat(201)}\n${rest}`,
    expect.stringMatching(/^e:1:1: name is "x+…: it may have at most 200 characters$/),
  ],
  [
    "a bad address",
    `name: x\nfunction: nowhere\n${rest}`,
    'e:2:1: function is "nowhere": give local, or an address such as http://127.0.0.1:8080/function/slblur',
  ],
  [
    "a setting of the local function only",
    `name: x\nfunction: {url: 'http://a/b', replicas: 2}\n${rest}`,
    "e:2:31: function.replicas is 2: only a function with `url: local` has it",
  ],
  [
    "an unknown arrival process",
    "name: x\nload: {arrivals: {ratePerSecond: 1, process: bursts}}",
    'e:2:37: load.arrivals.process is "bursts": give poisson, constant or bursts:20/60/1',
  ],
  [
    "bursts of more than the rate",
    "name: x\nload: {arrivals: {ratePerSecond: [1, 0.3], process: 'bursts:20/60'}}",
    "e:2:19: load.arrivals.ratePerSecond is [1,0.3]: the bursts alone are 0.333 requests per second",
  ],
  [
    "bursts of fewer requests than workers",
    "name: x\nload: {arrivals: {ratePerSecond: 1, process: 'bursts:2/60'}}\njmeter: {localWorkers: 3}",
    'e:2:37: load.arrivals.process is "bursts:2/60": 3 workers share each burst, so it needs at least 3 requests',
  ],
  [
    "an unknown rule of replicas",
    `name: x\nfunction: {url: local, autoscale: {rule: hpa, maxReplicas: 2}}\n${rest}`,
    'e:2:36: function.autoscale.rule is "hpa": it must be kpa, openfaas or per-request',
  ],
  [
    "a field of another rule of replicas",
    `name: x\nfunction: {url: local, autoscale: {rule: kpa, target: 1, maxReplicas: 2, keepAliveSeconds: 9}}\n${rest}`,
    "e:2:74: function.autoscale.keepAliveSeconds is not a field of this rule",
  ],
  [
    "fewer replicas at most than at least",
    `name: x\nfunction: {url: local, autoscale: {rule: kpa, target: 1, minReplicas: 3, maxReplicas: 2}}\n${rest}`,
    "e:2:58: function.autoscale.minReplicas is 3: it must be at most maxReplicas, which is 2",
  ],
  [
    "a panic window longer than the stable one",
    `name: x\nfunction: {url: local, autoscale: {rule: kpa, target: 1, maxReplicas: 2, stableWindowSeconds: 10, panicWindowSeconds: 11}}\n${rest}`,
    "e:2:99: function.autoscale.panicWindowSeconds is 11: it must be at most the stable window of 10 s",
  ],
  [
    "a fixed number of replicas beside a rule",
    `name: x\nfunction: {url: local, replicas: 2, autoscale: {rule: per-request, keepAliveSeconds: 9, maxReplicas: 2}}\n${rest}`,
    "e:2:24: function.replicas is 2: give replicas or autoscale, not both",
  ],
  [
    "a process per request beside a rule",
    `name: x\nfunction: {url: local, mode: fork, autoscale: {rule: per-request, keepAliveSeconds: 9, maxReplicas: 2}}\n${rest}`,
    'e:2:24: function.mode is "fork": autoscale needs mode http',
  ],
  [
    "more than one request per replica with a replica per request",
    `name: x\nfunction: {url: local, concurrency: 2, autoscale: {rule: per-request, keepAliveSeconds: 9, maxReplicas: 2}}\n${rest}`,
    "e:2:24: function.concurrency is 2: with rule per-request, each replica has one request at a time",
  ],
  [
    "a rule for a function elsewhere",
    `name: x\nfunction: {url: 'http://a/b', autoscale: {rule: per-request, keepAliveSeconds: 9, maxReplicas: 2}}\n${rest}`,
    'e:2:31: function.autoscale is {"rule":"per-request","keepAliveSeconds":9,"maxReplicas":2}: only a function with `url: local` has it',
  ],
  [
    "metrics of the local function",
    `name: x\nfunction: {url: local, metrics: {url: 'http://a/metrics'}}\n${rest}`,
    expect.stringMatching(/: slbench reads the processor time of the local function itself$/),
  ],
  ...["rate(cpu[5m])", 'cpu{pod=~"ocr-.*"}', 'cpu{pod!="a"}', "cpu{pod=a}", 'cpu{pod = "a"}', "cpu{}"].map(
    (counter): [name: string, text: string, message: string] => [
      `the counter ${counter}`,
      JSON.stringify({
        name: "x",
        function: { url: "http://a/b", metrics: { url: "http://a/metrics", counter } },
        request: { lines: "a.txt" },
        load: { users: 1 },
      }),
      expect.stringMatching(
        /function\.metrics\.counter is .*: a metric's name, with labels if need be: name\{pod="ocr-0",/,
      ),
    ],
  ),
  [
    "two sources of frames",
    `name: x\nrequest:\n  video: a\n  frames: b\n${rest}`,
    'e:4:3: request.frames is "b": give files, video, frames or lines, not video and frames',
  ],
  [
    "two kinds of workers",
    `name: x\njmeter: {localWorkers: 2, remoteHosts: [a]}\n${rest}`,
    "e:2:10: jmeter.localWorkers is 2: give localWorkers or remoteHosts, not both",
  ],
  [
    "an invalid host",
    `name: x\njmeter: {remoteHosts: ['a b']}\n${rest}`,
    'e:2:24: jmeter.remoteHosts[0] is "a b": a host name or address, with :port if it is not the default',
  ],
  [
    "a password in the address",
    `name: x\nfunction: "http://me:secret@h/f"\n${rest}`,
    'e:2:1: function is "http://***@h/f": it contains a user name or password, which every result would store; send it as function.headers: {Authorization: …}',
  ],
  [
    "a host that ssh would read as an option",
    `name: x\n${rest}jmeter: {remoteHosts: ["-Fevil"]}\n`,
    'e:3:24: jmeter.remoteHosts[0] is "-Fevil": a host name or address, with :port if it is not the default',
  ],
  [
    "more repetitions than can be run",
    "name: y\nload: {users: [100000], thinkTimeSeconds: [0], repetitions: 900000000}\n",
    "e:2:48: load.repetitions is 900000000: it must be at most 1000",
  ],
  [
    "more cells than can be run",
    `name: y\nload: {users: [${numbers(101)}], thinkTimeSeconds: [${numbers(100)}], repetitions: 2}\n`,
    "e:2:627: load.repetitions is 2: users × think times × repetitions are 20200 cells; at most 10000 can be run",
  ],
  [
    "more requests in a cell than can be analysed",
    "name: y\nload: {users: 100000, thinkTimeSeconds: 0, requestsPerUser: 1001}\n",
    "e:2:44: load.requestsPerUser is 1001: 100000 users would send 100100000 requests in one cell; at most 100000000 can be analysed",
  ],
  [
    "a pause without end",
    "name: y\nload: {users: 1, thinkTimeSeconds: 1.0e+300}\n",
    "e:2:18: load.thinkTimeSeconds is 1e+300: it must be at most 86400",
  ],
  [
    "a field of an earlier version",
    `name: x\nencoding: base64\n${rest}`,
    "e:2:1: encoding is not a field any more; write request.encode: base64 or binary",
  ],
  [
    "an earlier field of the load",
    "name: x\nload: {users: 1, startRatePerSecond: 2}\n",
    "e:2:18: load.startRatePerSecond is not a field any more; write load.start, for example start: 0.25/s",
  ],
  [
    "an unknown placeholder",
    `name: x\nfunction: http://a/\nrequest: {lines: l.txt, body: '{"p": \${prompt}}'}\n${rest}`,
    'e:3:25: request.body is "{\\"p\\": ${prompt}}": ${prompt} is not a placeholder; use ${base64}, ${text}, ${json}, ${sequence}, ${user}, ${uuid}',
  ],
  [
    "a pointer without a slash",
    `name: x\nfunction: http://a/\nrequest: {files: a}\nresponse: {replica: {json: id}}\n${rest}`,
    'e:4:22: response.replica.json is "id": a JSON pointer starts with /, for example /result/label',
  ],
  [
    "a time without its unit in the name",
    `name: x\nfunction: http://a/\nrequest: {files: a}\nresponse: {times: {ml: {json: /a}}}\n${rest}`,
    'e:4:20: response.times.ml is {"json":"/a"}: a name that ends in Seconds, for example mlSeconds',
  ],
  [
    "no payloads",
    `name: x\nfunction: http://a/\n${rest}`,
    "e:1:1: request is missing: name the payloads: files: a folder or pattern, lines: a text file, or a body without a payload",
  ],
  [
    "another placeholder in a header",
    `name: x\nfunction: {url: "http://a/", headers: {A: "\${TOKEN}"}}\nrequest: {files: a}\n${rest}`,
    'e:2:40: function.headers.A is "${TOKEN}": only ${env:NAME} can be inserted into a header',
  ],
  [
    "users and arrivals",
    "name: x\nload: {users: 1, arrivals: {ratePerSecond: 1}}\n",
    "e:2:8: load.users is 1: an open loop (arrivals) has no users",
  ],
  [
    "a start without a unit",
    "name: x\nload: {users: 1, start: fast}\n",
    'e:2:18: load.start is "fast": give together, or a rate from 0.001/s to 1000/s, for example 0.25/s',
  ],
  [
    "a unit of Server-Timing",
    `name: x\nresponse: {times: {aSeconds: {serverTiming: a, unit: s}}}\n${rest}`,
    'e:2:20: response.times.aSeconds is {"serverTiming":"a","unit":"s"}: give json: a pointer, or header: a name, each with a unit, or serverTiming: a metric',
  ],
  [
    "a descending range",
    "name: x\nload: {users: 8..1}\n",
    'e:2:8: load.users is "8..1": a range ascends, with at most 1000 numbers up to 100000',
  ],
  [
    "a body for GET",
    `name: x\nfunction: {url: "http://a/", method: GET}\nrequest: {body: x}\n${rest}`,
    'e:3:1: request is {"body":"x"}: a GET request has no body: set payloads to none and leave out body',
  ],
  ["no fields", "- 1\n", "e:1:1: the file is [1]: it must be fields with values"],
])("parseExperiment() throws EXPERIMENT_BAD_FIELD: %s", (_, text, message) => {
  expect(faultOf(text)).toMatchObject({ code: "EXPERIMENT_BAD_FIELD", message, exitCode: 2 });
});

test.each<[name: string, text: string, message: string]>([
  [
    "an open list",
    "name: [x\n",
    "e:2:1: Flow sequence in block collection must be sufficiently indented and end with a ]",
  ],
  ["a field twice", "name: x\nname: y\n", "e:2:1: Map keys must be unique"],
  [
    "aliases that multiply",
    `a: &a [${"x,".repeat(10)}]\n${"bcdefghij".replace(/./g, (name, at: number) => `${name}: &${name} [${`*${"abcdefghij"[at]},`.repeat(10)}]\n`)}`,
    "e: Excessive alias count indicates a resource exhaustion attack",
  ],
  [
    "a file that is no experiment",
    "x".repeat(200_000),
    "e: it has 200000 characters, more than the 100000 of an experiment",
  ],
  ["an alias of nothing", "name: *x\n", "e: Unresolved alias (the anchor must be set before the alias): x"],
])("parseExperiment() throws EXPERIMENT_NOT_YAML: %s", (_, text, message) => {
  expect(faultOf(text)).toMatchObject({ code: "EXPERIMENT_NOT_YAML", message });
});

test("parseExperiment() names every fault of a file, and cuts long values", () => {
  const { message } = faultOf(`name: ${"x y".repeat(50)}\nload: {users: 0, thinkTimeSeconds: -1}\n`);
  const lines = message.split("\n");
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^e:1:1: name is "x yx .{70,80}…: letters/);
});

test("parseExperiment() names twenty faults and counts the rest", () => {
  const { message } = faultOf(Array.from({ length: 50 }, (_, index) => `field${index}: 1\n`).join(""));
  const lines = message.split("\n");
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toMatch(/^e: and \d+ more$/);
});

test("parseExperiment() rejects endless nesting", () => {
  expect(faultOf(`name: x\nload: ${"[".repeat(20_000)}`).message).toMatch(/it is nested too deeply|must/);
});

test.each([
  ["10.0.0.2", true],
  ["10.0.0.2:8001", true],
  ["[fe80::1]:8001", true],
  ["worker_1.example.com", true],
  ["-oProxyCommand=x", false],
  ["root@host", false],
  ["a..b", false],
  ["[::::]", false],
  ["x:99999", false],
  ["x:0", false],
])("remoteHosts takes %s: %s", (host, isHost) => {
  const read = () => parseExperiment(`name: x\n${rest}jmeter: {remoteHosts: ["${host}"]}\n`, "e");
  if (isHost) expect(read().jmeter.remoteHosts).toEqual([host]);
  else expect(read).toThrow("a host name or address");
});

test("every number of an experiment has an upper limit", () => {
  const open: string[] = [];
  const walk = (schema: Record<string, unknown>, path: string) => {
    const isNumber = schema.type === "number" || schema.type === "integer";
    if (isNumber && schema.maximum === undefined && schema.exclusiveMaximum === undefined) open.push(path);
    if (schema.type === "array" && schema.maxItems === undefined) open.push(path);
    for (const [name, part] of Object.entries(schema))
      if (typeof part === "object" && part !== null) walk(part as Record<string, unknown>, `${path}/${name}`);
  };
  walk(experimentJsonSchema() as Record<string, unknown>, "");
  expect(open).toEqual([]);
});

test("parseExperiment() returns an experiment or throws a SlbenchError for any text", () => {
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.object().map((value) => stringify(value)),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        text,
        text.map((more) => `name: x\n${rest}${more}`),
      ),
      (any) => {
        try {
          parseExperiment(any, "e");
        } catch (error) {
          expect(error).toBeInstanceOf(SlbenchError);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("an experiment survives writing and reading", () => {
  const experiment = parseExperiment(`name: x\nfunction: local\n${rest}`, "e");
  const { remoteHosts, ...jmeter } = experiment.jmeter;
  expect(parseExperiment(stringify({ ...experiment, jmeter }), "e")).toEqual(experiment);
  expect(remoteHosts).toEqual([]);
});

describe("examples", () => {
  const files = readdirSync(examples).filter((name) => name.endsWith(".yaml"));
  const read = (name: string): Experiment =>
    parseExperiment(readFileSync(new URL(name, examples), "utf8"), name);

  test.each(files)("%s is valid and names the schema for editors", (name) => {
    expect(read(name).name).toBe(name.replace(".yaml", ""));
    const [first] = readFileSync(new URL(name, examples), "utf8").split("\n");
    expect(first).toBe("# yaml-language-server: $schema=../../packages/jmeter-plans/experiment.schema.json");
  });

  test("paper.yaml is the published experiment", () => {
    const { load, function: target } = read("paper.yaml");
    expect(load.users).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(load.thinkTimeSeconds).toEqual([0, 1, 5]);
    expect([load.requestsPerUser, load.start, target.timeoutSeconds]).toEqual([37, "0.25/s", 25]);
  });
});

test("experiment.schema.json is current (npm run schema -w packages/jmeter-plans)", () => {
  expect(JSON.parse(readFileSync(schemaFile, "utf8"))).toEqual(experimentJsonSchema());
});

function faultOf(text: string): SlbenchError {
  try {
    parseExperiment(text, "e");
  } catch (error) {
    if (error instanceof SlbenchError) return error;
    throw error;
  }
  throw new Error("parseExperiment() took it");
}

test.each(["", "\n", "# only a comment\n"])("parseExperiment(%j) says that the file is empty", (text) => {
  expect(() => parseExperiment(text, "x.yaml")).toThrow(
    expect.objectContaining({ code: "EXPERIMENT_BAD_FIELD", message: "x.yaml is empty" }),
  );
});

describe("parseAutoscale()", () => {
  test("reads a rule as it stands in an experiment", () => {
    expect(parseAutoscale("{rule: openfaas, by: rps, target: 50, maxReplicas: 4}", "--autoscale")).toEqual({
      ...{ rule: "openfaas", by: "rps", target: 50, maxReplicas: 4 },
    });
  });

  test("names the option and the field in an error", () => {
    expect(() =>
      parseAutoscale("{rule: openfaas, by: rps, target: 50, maxReplica: 4}", "--autoscale"),
    ).toThrow("--autoscale:1:39: maxReplica is not a field; did you mean maxReplicas?");
    expect(() => parseAutoscale("{rule: foo}", "--autoscale")).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("{rule: kpa, ") }),
    );
    expect(() => parseAutoscale("kpa", "--autoscale")).toThrow(
      '--autoscale:1:1: the rule is "kpa": it must be fields with values',
    );
  });
});
