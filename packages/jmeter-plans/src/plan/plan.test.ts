// biome-ignore-all lint/suspicious/noTemplateCurlyInString: JMeter writes its variables and functions like that
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  clientDeadlineSeconds,
  type PlanOptions,
  planSettings,
  renderPlan,
  SlbenchError,
  settingDifferences,
  usersOnWorker,
} from "../index.ts";

const plain: PlanOptions = {
  ...{ name: "paper u07-t1-r1", users: 7, workers: 2, thinkTime: "1", requestsPerUser: 37, seed: 1 },
  ...{ startRatePerSecond: 0.25, timeoutSeconds: 25, client: "/opt/slbench/slbench-client" },
  ...{ request: "/opt/slbench/request.json", payloads: "/opt/slbench/payloads" },
  ...{ journalFolder: "/var/tmp/journals" },
  ...{ resultXml: "/results/samples.xml", resultCsv: "/results/samples.csv" },
};
const windows: PlanOptions = {
  ...{ ...plain, platform: "windows", client: "C:\\Program Files\\slbench\\slbench-client.exe" },
  ...{ payloads: "C:\\cut frames\\", journalFolder: "C:\\journals", directory: "C:\\temp" },
};
const awkward: PlanOptions = {
  ...{ ...plain, name: "a & b <${__time()}>", request: "/q=${x},\\y&z=1", workers: 1 },
  ...{ payloads: "/tmp/$${frames}\\,", startRatePerSecond: 0.3, resultXml: "r,1.xml" },
};
const { thinkTime: _, requestsPerUser: _count, startRatePerSecond: _start, ...bare } = plain;
const openLoop: PlanOptions = {
  ...{ ...bare, name: "rates r02_5-r1", users: 2, ratePerSecond: 2.5, process: "poisson" },
  ...{ durationSeconds: 60, verify: true, responseFolder: "/var/tmp/responses" },
};

test.each<[string, PlanOptions]>([
  ["two-workers", plain],
  ["windows", windows],
  ["awkward-text", awkward],
  ["open-loop", openLoop],
])("renderPlan(): golden file %s.jmx", async (name, options) => {
  await expect(renderPlan(options)).toMatchFileSnapshot(`../../testdata/${name}.jmx`);
});

test("the client ends before JMeter would kill it, and both later than its requests may take", () => {
  fc.assert(
    fc.property(
      fc.record({
        requestsPerUser: fc.integer({ min: 1, max: 10_000 }),
        timeoutSeconds: fc.double({ min: 0.001, max: 600, noNaN: true }),
        thinkTimeSeconds: fc.double({ min: 0, max: 600, noNaN: true }),
      }),
      ({ thinkTimeSeconds, ...rest }) => {
        const load = { ...plain, ...rest, thinkTime: String(thinkTimeSeconds) };
        const settings = planSettings(renderPlan(load));
        const sampler = "TestPlan/ThreadGroup/SystemSampler/SystemSampler";
        const killMs = Number(settings.get(`${sampler}.timeout`));
        const args = [...settings.keys()].filter((key) => key.endsWith("Argument.value"));
        const flag = args.find((key) => settings.get(key) === "--deadline")!;
        const deadline = Number(settings.get(flag.replace(/\[(\d+)\]/, (_, row) => `[${Number(row) + 1}]`)));
        const longest = rest.requestsPerUser * (rest.timeoutSeconds + thinkTimeSeconds);
        expect(deadline).toBe(clientDeadlineSeconds(load));
        expect(deadline).toBeGreaterThan(longest);
        expect(killMs / 1000).toBeGreaterThan(deadline);
      },
    ),
    { numRuns: 50 },
  );
});

test.each([
  [{ thinkTime: "exponential:2", requestsPerUser: 100 }, 100 * 25 + 2 * 200 + 30],
  [{ thinkTime: "uniform:1..3", requestsPerUser: 10 }, 10 * 28 + 30],
  [{ thinkTime: "1", requestsPerUser: undefined, durationSeconds: 60 }, 60 + 25 + 30],
])("a client with %j may live %d s", (load, seconds) => {
  expect(clientDeadlineSeconds({ ...plain, ...load } as PlanOptions)).toBe(seconds);
});

test("users that start together wait for the common start only", () => {
  const settings = planSettings(renderPlan(openLoop));
  expect(settings.get("TestPlan/ThreadGroup/ThreadGroup.ramp_time")).toBe("0");
  expect(settings.get("TestPlan/ThreadGroup/ConstantTimer/ConstantTimer.delay")).not.toContain("threadNum");
});

describe("users over workers", () => {
  const shares = fc.record({
    users: fc.integer({ min: 1, max: 500 }),
    workers: fc.integer({ min: 1, max: 40 }),
    startRatePerSecond: fc.constantFrom(0.25, 0.3, 2, 7, 0.001),
  });

  test("are the total, spread as evenly as possible", () => {
    fc.assert(
      fc.property(shares, ({ users, workers }) => {
        const all = Array.from({ length: workers }, (_, index) => usersOnWorker(users, workers, index));
        expect(all.reduce((sum, one) => sum + one, 0)).toBe(users);
        expect(all[0]! - all.at(-1)!).toBeLessThanOrEqual(1);
        expect(all).toEqual(all.toSorted((a, b) => b - a));
      }),
    );
  });

  test("match the plan on each worker, and are zero if the worker does not fit", () => {
    fc.assert(
      fc.property(shares, ({ users, workers, startRatePerSecond }) => {
        const threads = planSettings(renderPlan({ ...plain, users, workers, startRatePerSecond })).get(
          "TestPlan/ThreadGroup/ThreadGroup.num_threads",
        )!;
        const on = (index: number, count: number) => evaluate(threads, { users, workers, index, count });
        for (let index = 0; index < workers; index++) {
          expect(on(index, workers)).toBe(usersOnWorker(users, workers, index));
        }
        expect([on(workers, workers), on(-1, workers), on(0, workers + 1), on(0, -1), on(-1, -1)]).toEqual([
          ...[0, 0, 0, 0, 0],
        ]);
      }),
      { numRuns: 50 },
    );
  });
});

describe("bursts", () => {
  const burstArguments = (requests: number, users: number) => {
    const open = { ...plain, users, ratePerSecond: 1, process: `bursts:${requests}/60/2` as const };
    const settings = planSettings(renderPlan(open));
    const values = [...settings].filter(([key]) => key.endsWith("Argument.value")).map(([, value]) => value);
    return { rate: values[values.indexOf("--rate") + 1]!, process: values[values.indexOf("--process") + 1]! };
  };
  /** As JEXL evaluates it for client `turn` from 0 on. */
  const jexl = (text: string, users: number, turn: number) =>
    new Function(
      `return ${text
        .replace(/^\$\{__jexl3\((.*)\)\}$/, "$1")
        .replaceAll(/\(\((.*?)\) \/ (\$\{users\})\)\.intValue\(\)/g, "Math.trunc(($1) / $2)")
        .replaceAll("${__threadNum}", "1")
        .replaceAll("${workers}", String(users))
        .replaceAll("${worker}", String(turn))
        .replaceAll("${users}", String(users))
        .replaceAll("${ratePerSecond}", "1")}`,
    )() as number;

  test.each([
    [20, 1, [20]],
    [20, 3, [7, 7, 6]],
    [3, 3, [1, 1, 1]],
  ])("of %i requests over %i clients", (requests, users, shares) => {
    const { rate, process } = burstArguments(requests, users);
    const [, share = ""] = /^bursts:(.*)\/60\/2$/.exec(process) ?? [];
    const turns = shares.map((_, turn) => turn);
    expect(turns.map((turn) => jexl(share, users, turn))).toEqual(shares);
    const rates = turns.map((turn) => jexl(rate, users, turn));
    expect(rates.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9);
    expect(rates[0]! - shares[0]! / 60).toBeCloseTo((1 - requests / 60) / users, 9);
  });
});

/** What JMeter's JEXL makes of the number of threads: whole numbers divide to whole numbers. */
function evaluate(
  text: string,
  known: { users: number; workers: number; index: number; count: number },
): number {
  const expression = text
    .replace(/^\$\{__jexl3\((.*)\)\}$/, "$1")
    .replaceAll("${__P(slbench.worker.count,-1)}", `(${known.count})`)
    .replaceAll("${worker}", `(${known.index})`)
    .replaceAll("${users}", `${known.users}`)
    .replaceAll("${workers}", `${known.workers}`)
    .replace(/\? (.*) \/ (\d+) :/, "? Math.trunc($1 / $2) :");
  return new Function(`return ${expression}`)() as number;
}

test.each<[string, Partial<PlanOptions>]>([
  ["a control character", { client: "a\u0001b" }],
  ["NUL in a name", { name: "\u0000" }],
  ["half a surrogate pair", { request: "/a/\ud800" }],
])("renderPlan() throws PLAN_BAD_TEXT for %s", (_, wrong) => {
  const render = () => renderPlan({ ...plain, ...wrong });
  expect(render).toThrow(SlbenchError);
  expect(render).toThrow(expect.objectContaining({ code: "PLAN_BAD_TEXT" }));
});

describe("the hand-made plans of the published runs", () => {
  const plans: readonly (readonly [file: string, users: number, thinkTimeSeconds: number])[] = [
    ["1ZeroSeconds", 1, 0],
    ["2OneSecond", 2, 1],
    ["3FiveSeconds", 3, 5],
    ["5OneSecond", 5, 1],
    ["9ZeroSeconds", 9, 0],
    ["OSProcessSampler2", 1, 10],
  ];
  const sampler = "TestPlan/ThreadGroup/SystemSampler/SystemSampler";

  test.each(plans)("%s: %i users, think time %i s: only intended settings differ", (file, users, think) => {
    const jmx = readFileSync(new URL(`../../testdata/hand-made/${file}.jmx`, import.meta.url), "utf8");
    const theirs = planSettings(jmx);
    const ours = planSettings(renderPlan({ ...plain, users, thinkTime: String(think), workers: 1 }));
    expect([
      Number(theirs.get("TestPlan/ThreadGroup/ThreadGroup.num_threads")),
      Number(theirs.get(`${sampler}.arguments/Arguments.arguments[1]/Argument.value`)),
    ]).toEqual([users, think]);
    const differences = settingDifferences(theirs, ours);
    const groups = new Set(
      differences.map((name) => meant.find(([start]) => name.startsWith(start))?.[0] ?? name),
    );
    expect([...groups].sort()).toEqual(meant.map(([start]) => start).sort());
  });

  /** Beginnings of the settings that differ in every plan, and why. All others are equal. */
  const meant: readonly (readonly [start: string, why: string])[] = [
    ["TestPlan@testname", "names the cell"],
    ["TestPlan/TestPlan.comments", "describes how to run it"],
    ["TestPlan/TestPlan.user_defined_variables", "what the cell is, in one table"],
    ["TestPlan/ThreadGroup@testname", "Users: the name of the threads"],
    ["TestPlan/ThreadGroup/ThreadGroup.num_threads", "each worker's part of the total"],
    ["TestPlan/ThreadGroup/ThreadGroup.ramp_time", "users ÷ start rate; by hand it was near that"],
    ["TestPlan/ThreadGroup/ConstantTimer", "the exact start; a ramp-up knows whole seconds only"],
    [`${sampler}.checkReturnCode`, "a client that crashes is a failure"],
    [`${sampler}.command`, "the compiled client, not Python"],
    [`${sampler}.arguments`, "the client's own"],
    [`${sampler}.directory`, "not needed"],
    [`${sampler}.timeout`, "a client that hangs must not hold up the run"],
    ["TestPlan/ThreadGroup/ResultSaver", "the same text is in the XML and in the journals"],
    ["TestPlan/ResultCollector/objProp/value/hostname", "tells workers apart"],
    ["TestPlan/ResultCollector/filename", "the cell's own file"],
    ["TestPlan/ResultCollector[2]", "the CSV besides"],
  ];
});
