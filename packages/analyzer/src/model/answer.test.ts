import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it, test } from "vitest";
import type { ModelCell } from "../queueing/index.ts";
import { publishedRuns } from "../testing/published-runs.ts";
import { simulatedCell } from "../testing/simulated-cell.ts";
import { sizedCells, sizedHost } from "../testing/sized-cells.ts";
import { answerQuestions, checkQuestions, type Questions } from "./answer.ts";
import { renderModelText, renderPredictionsCsv } from "./render-model.ts";

const file = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));

const cells: readonly ModelCell[] = publishedRuns.map((run) => ({
  users: run.threads,
  thinkTimeSeconds: run.thinkTimeSeconds,
  clients: run.clients.map((client) => ({
    roundTripSeconds: client.roundTripSeconds,
    successfulRequests: client.mlSeconds.length,
  })),
}));

const ask = (questions: Partial<Questions> = {}) =>
  answerQuestions(cells, { whatIf: [], timeout: 25, seed: 1, replications: 8, ...questions });

test("the answer is as its published schema says", () => {
  const validate = new Ajv2020({ strict: false }).compile(file("../../model.schema.json"));
  const answer = ask({
    train: "users<=4",
    predict: "users=6..9 think=0,1,5",
    arrivals: "0.1,5",
    whatIf: ["servers=8"],
    maxUsers: "success>=0.99 and p95<20s",
    next: true,
    platform: {
      rules: [{ rule: "kpa", target: 1, maxReplicas: 4 }],
      concurrency: 1,
      startSeconds: 2,
      goal: "p95<60s",
    },
    burst: ["4@60s"],
  });
  const valid = validate(JSON.parse(JSON.stringify(answer)));
  expect(validate.errors ?? []).toEqual([]);
  expect(valid).toBe(true);
  expect(validate({ schema: "slbench.model/2" })).toBe(false);
  const [light, heavy] = answer.openPredictions ?? [];
  expect(light?.meanUncutSeconds).toBeGreaterThan(answer.parameters.demandSeconds);
  expect(light?.interval.low).toBeLessThan(light?.meanRoundTripSeconds as number);
  expect(heavy).not.toHaveProperty("meanUncutSeconds");
  expect(heavy?.utilization).toBeGreaterThan(1);
  expect(heavy?.successRate).toBeLessThan(0.2);
  expect(answer.predictions.map(({ users, thinkTimeSeconds }) => [users, thinkTimeSeconds])).toEqual(
    [6, 7, 8, 9].flatMap((users) => [0, 1, 5].map((think) => [users, think])),
  );
});

test("the answer for cells with cold starts is as its published schema says", () => {
  const validate = new Ajv2020({ strict: false }).compile(file("../../model.schema.json"));
  const host = {
    ...{ demandSeconds: 1, servers: 2, contention: 0, delaySeconds: 0, demandVariation: 0.1 },
    coldStarts: { seconds: 1, variation: 0.1, keepAliveSeconds: 4 },
  };
  const cold = [1, 2].flatMap((users) =>
    [0, 5].map((thinkTimeSeconds) =>
      simulatedCell(host, { users, thinkTimeSeconds, seed: users, reportsColdStarts: true }),
    ),
  );
  const answer = answerQuestions(cold, { whatIf: [], timeout: 25, seed: 1, replications: 8 });
  expect(answer.coldStarts).toMatchObject({ source: "flagged", rule: "instances" });
  validate(JSON.parse(JSON.stringify(answer)));
  expect(validate.errors ?? []).toEqual([]);
});

describe("answerQuestions()", () => {
  it("predicts autoscaled replicas under the loads that are asked about, and refuses none", () => {
    const platform = {
      rules: [{ rule: "per-request", keepAliveSeconds: 10, maxReplicas: 9 }],
      ...{ concurrency: 0, startSeconds: 2, goal: "p95<15s" },
    } as const;
    const answer = ask({ platform, predict: "users=2 think=5", arrivals: "0.1", burst: ["3@60s"] });
    expect(answer.platform?.predictions.map(({ load }) => load.kind)).toEqual(["users", "rate", "burst"]);
    const text = renderModelText(answer);
    expect(text).toMatch(/A burst of 3 requests every 60 s\n +rule +max +p95 s/);
    expect(text).toMatch(
      /a burst of 3 requests every 60 s: per-request 10 s, at most 9 replicas, 1 at a time/,
    );
    expect(() => checkQuestions({ platform })).toThrow(/no load is given/);
  });

  it("shows times below a millisecond with three figures", () => {
    const fast = (users: number, seconds: number): ModelCell => ({
      ...{ users, thinkTimeSeconds: 0 },
      clients: Array.from({ length: users }, (_, client) => ({
        roundTripSeconds: Array.from({ length: 30 }, (_, n) => seconds * (1 + 0.02 * ((n + client) % 5))),
        successfulRequests: 30,
      })),
    });
    const answer = answerQuestions([fast(1, 0.0004), fast(2, 0.0005), fast(4, 0.001), fast(8, 0.002)], {
      ...{ whatIf: [], timeout: 25, seed: 1, replications: 5, predict: "users=1 think=0" },
    });
    expect(renderModelText(answer)).toMatch(/service demand +0\.000[34]\d\d? s/);
    expect(renderModelText(answer)).toMatch(/\n +1 +0 +0\.0004\d/);
  });

  it("predicts bursts as experiments send them, but not to autoscaled replicas", () => {
    const arrivals = "0.1 seconds=1000 process=bursts:6/100";
    const text = renderModelText(ask({ arrivals }));
    expect(text).toContain("Open loop, bursts of 6 every 100 s");
    const [bursts] = ask({ arrivals }).openPredictions ?? [];
    const [poisson] = ask({ arrivals: "0.1 seconds=1000" }).openPredictions ?? [];
    expect(bursts?.meanRoundTripSeconds).toBeGreaterThan(1.1 * (poisson?.meanRoundTripSeconds as number));
    expect(bursts).not.toHaveProperty("meanUncutSeconds");
    expect(() => ask({ arrivals: "0.1 seconds=90 process=bursts:6/100" })).toThrow(
      /ends before its first burst/,
    );
    const platform = {
      rules: [{ rule: "per-request", keepAliveSeconds: 10, maxReplicas: 9 }],
      ...{ concurrency: 0, startSeconds: 2 },
    } as const;
    expect(() => checkQuestions({ platform, arrivals })).toThrow(/predicted for Poisson arrivals/);
  });

  it("says the same twice", () => {
    expect(ask({ predict: "users=8" })).toEqual(ask({ predict: "users=8" }));
  });

  it("makes heavy loads faster with more servers, replicas or half the demand", () => {
    const base = ask({ predict: "users=9" }).predictions[0]?.meanUncutSeconds ?? 0;
    for (const change of ["servers=8", "replicas=2", "demand*0.5"]) {
      const [what] = ask({ predict: "users=9", whatIf: [change] }).whatIfs;
      expect(what?.predictions[0]?.meanUncutSeconds).toBeLessThan(0.7 * base);
    }
  });

  it("answers more requests with a longer limit", () => {
    const { predictions, whatIfs } = ask({ predict: "users=9", whatIf: ["timeout=60"] });
    expect(whatIfs[0]?.predictions[0]?.successRate).toBeGreaterThan(predictions[0]?.successRate ?? 1);
  });

  it("finds the most users that keep a goal, fewer for a stricter one", () => {
    const most = (goal: string) => ask({ maxUsers: goal }).maxUsers?.answers[0]?.users ?? 0;
    expect(most("mean<12s")).toBe(4);
    expect(most("mean<15s")).toBe(5);
    expect(most("mean<1s")).toBe(0);
  });

  it("proposes a cell that was not measured", () => {
    const { next } = ask({ next: true });
    expect(
      cells.some((cell) => cell.users === next?.users && cell.thinkTimeSeconds === next?.thinkTimeSeconds),
    ).toBe(false);
  });

  it("gives no bare number: each figure has its interval, and holds itself", () => {
    const answer = ask({ predict: "users=2,8,20 think=0,5" });
    const holds = (interval: { low: number; high?: number } | undefined, value: number) => {
      expect(interval?.low).toBeLessThanOrEqual(value);
      expect(interval?.high ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(value);
    };
    for (const one of answer.predictions) {
      holds(one.interval, one.meanRoundTripSeconds);
      holds(one.meanUncutInterval, one.meanUncutSeconds);
      holds(one.successRateInterval, one.successRate);
      holds(one.throughputInterval, one.throughputPerSecond);
    }
    for (const { interval, users } of answer.saturation) {
      holds(interval, users);
      expect(interval.low).toBeLessThan(users);
    }
    for (const cell of answer.heldOut.cells) {
      holds(cell.interval, cell.predictedSeconds);
      holds(cell.successRateInterval, cell.predictedSuccessRate);
    }
    const [head, ...rows] = renderPredictionsCsv(answer.predictions).trim().split("\n");
    expect(head).toContain("successRateLow,successRateHigh,throughputLow,throughputHigh");
    for (const row of rows) expect(row.split(",")).toHaveLength(head?.split(",").length ?? 0);
  });

  it("reports where the search for the most users ended, and is more careful at the worse end", () => {
    const most = (goal: string) => ask({ maxUsers: goal, replications: 40 }).maxUsers?.answers[0];
    expect(most("mean<30s")).toMatchObject({ users: 1000, atLeast: true, conservativeAtLeast: true });
    const strict = most("success>=0.5");
    expect(strict).not.toHaveProperty("atLeast");
    expect(strict?.conservativeUsers).toBeLessThanOrEqual(strict?.users as number);
    expect(renderModelText(ask({ maxUsers: "mean<30s" }))).toContain("at least 1000");
  });

  it("counts no request that was cut as within a percentile beyond the limit", () => {
    const most = (goal: string) => ask({ maxUsers: goal }).maxUsers?.answers;
    for (const percentile of ["p50", "p99"])
      expect(most(`${percentile}<100`)).toEqual(most(`${percentile}<=25`));
  });

  it("says what replicas take for granted", () => {
    const answer = ask({ predict: "users=9", whatIf: ["replicas=2", "servers=8"] });
    expect(answer.whatIfs.map(({ assumption }) => assumption?.slice(0, 20))).toEqual([
      "Hosts like this one,",
      undefined,
    ]);
    expect(renderModelText(answer)).toContain("A gateway that chooses at random does worse");
  });

  it("shows the success of held-out cells, and warns of a model that misses it", () => {
    const questions = { whatIf: [], timeout: 25, seed: 1, replications: 8, train: "users<=4" };
    const good = answerQuestions(cells, questions);
    expect(renderModelText(good)).toMatch(/ 7 users, think 0 s: .*\n +success 89\.6%, \d+\.\d% \(/);
    expect(renderModelText(good)).not.toMatch(/success 100\.0%, 100\.0%/);
    expect(good.verdict.reasons.join(" ")).not.toContain("success rate of");
    const cut = cells.map((cell) => ({
      ...cell,
      clients: cell.clients.map((client) => ({
        ...client,
        successfulRequests: client.successfulRequests - (cell.users === 5 ? 8 : 0),
      })),
    }));
    const { verdict } = answerQuestions(cut, questions);
    expect(verdict.level).toBe("caution");
    expect(verdict.reasons.join(" ")).toMatch(
      /success rate of 3 of 4 held-out cells .* 5 users .* measured 78\.4%, predicted (100|99)\.\d%/,
    );
  });

  it("names a cell in which every request failed, and does not trust a model that contradicts it", () => {
    const failed = (users: number): ModelCell => ({
      ...{ users, thinkTimeSeconds: 0 },
      clients: Array.from({ length: users }, () => ({
        roundTripSeconds: Array.from({ length: 37 }, () => 25),
        successfulRequests: 0,
      })),
    });
    const light = cells.filter((cell) => cell.users <= 5);
    const questions = { whatIf: [], timeout: 25, seed: 1, replications: 8 };
    const contradicted = answerQuestions([...light, failed(6)], questions);
    expect(contradicted.verdict.level).toBe("do not trust");
    expect(contradicted.verdict.reasons[0]).toContain("No request of 6 users with think time 0 s succeeded");
    expect(contradicted.heldOut.cells.at(-1)).toMatchObject({ users: 6, measuredSuccessRate: 0 });
    const explained = answerQuestions([...light, failed(20)], questions);
    expect(explained.verdict.level).not.toBe("do not trust");
    expect(explained.verdict.reasons.join(" ")).toContain("No request of 20 users");
  });

  test.each([
    [{ predict: "users=none" }, "MODEL_BAD_QUESTION"],
    [{ whatIf: ["color=blue"] }, "MODEL_BAD_QUESTION"],
    [{ whatIf: ["servers=1.2.3"] }, "MODEL_BAD_QUESTION"],
    [{ train: "size<4" }, "EXPRESSION_NAME"],
    [{ maxUsers: "p95>1" }, "EXPRESSION_VALUE"],
    [{ maxUsers: "success>=0.9s" }, "EXPRESSION_VALUE"],
    [{ maxUsers: "p95" }, "EXPRESSION_SYNTAX"],
  ])("refuses %j", (questions, code) => {
    expect(() => ask(questions)).toThrow(expect.objectContaining({ code, exitCode: 2 }));
  });
});

test("the answer is as its schema says if demand depends on size", () => {
  const validate = new Ajv2020({ strict: false }).compile(file("../../model.schema.json"));
  for (const host of [sizedHost(1), sizedHost(1, 0)]) {
    const questions = { whatIf: [], timeout: 60, seed: 1, replications: 8 };
    const answer = answerQuestions(sizedCells(host, 1), questions);
    validate(JSON.parse(JSON.stringify(answer)));
    expect(validate.errors ?? []).toEqual([]);
    expect(answer.demandBySize?.leaveOneOutError).toBeDefined();
  }
});

test("texts show verdict, interval and every prediction", () => {
  const answer = ask({ predict: "users=6,7" });
  const text = renderModelText(answer);
  expect(text).toContain(`Verdict: ${answer.verdict.level}`);
  expect(text).toMatch(/\n +6 +0 +\d/);
  expect(renderPredictionsCsv(answer.predictions).trim().split("\n")).toHaveLength(3);
});
