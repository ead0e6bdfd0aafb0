import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { drawNormal } from "../stats/draw-normal.ts";
import type { Interval } from "../stats/interval.ts";
import { createRandom } from "../stats/random.ts";
import { publishedRuns as runs } from "../testing/published-runs.ts";
import { figuresOfCell, simulatedCell } from "../testing/simulated-cell.ts";
import { predict } from "./asking/predict.ts";
import { fitModel } from "./fit-model.ts";
import { censoredNormal } from "./fitting/censored.ts";
import type { ModelCell } from "./fitting/observation.ts";
import { average } from "./numeric/average.ts";
import type { ModelParameters } from "./station/parameters.ts";

const published: readonly ModelCell[] = runs.map((run) => ({
  users: run.threads,
  thinkTimeSeconds: run.thinkTimeSeconds,
  clients: run.clients.map((client) => ({
    roundTripSeconds: client.roundTripSeconds,
    successfulRequests: client.mlSeconds.length,
    handlerSeconds: client.handlerSeconds,
  })),
}));

describe("fitModel() on the published runs", () => {
  const model = fitModel(published, { limitSeconds: 25, train: (cell) => cell.users <= 4, replications: 60 });

  test.each(runs.filter((run) => run.threads > 4).map((run) => [run.threads, run.thinkTimeSeconds] as const))(
    "fitted on 1 to 4 users it predicts %i users with think time %i s within 6 %%, success within 0.05",
    (users, thinkTimeSeconds) => {
      const run = runs.find((one) => one.threads === users && one.thinkTimeSeconds === thinkTimeSeconds);
      const measured = run?.published ?? { meanRoundTripSeconds: 0, meanSuccessRate: 0 };
      const [one] = predict([{ users, thinkTimeSeconds }], model.prediction);
      const error = (one?.meanRoundTripSeconds ?? 0) / measured.meanRoundTripSeconds - 1;
      expect(Math.abs(error)).toBeLessThan(0.06);
      expect(Math.abs((one?.successRate ?? 0) - measured.meanSuccessRate)).toBeLessThan(0.05);
    },
  );

  it("says that the capacity was not seen", () => {
    expect(model.verdict.level).toBe("caution");
    expect(model.verdict.reasons.join(" ")).toContain("at most 4 users");
    expect(model.intervals.servers.high).toBeUndefined();
  });

  it.each([3, 4])("does not trust 1 to %i users with nothing beyond to confirm them", (most) => {
    const alone = published.filter((cell) => cell.users <= most);
    const { verdict } = fitModel(alone, { limitSeconds: 25, replications: 20 });
    expect(verdict.level).toBe("do not trust");
    expect(verdict.reasons.join(" ")).toContain(`at most ${most} users`);
  });

  it("does not trust a fit on 1 to 3 users, and its intervals hold what came", () => {
    const small = fitModel(published, {
      limitSeconds: 25,
      train: (cell) => cell.users <= 3,
      replications: 60,
    });
    expect(small.verdict.level).toBe("do not trust");
    for (const run of runs.filter((candidate) => candidate.threads === 5)) {
      const [one] = predict([{ users: 5, thinkTimeSeconds: run.thinkTimeSeconds }], small.prediction);
      expect(one?.interval.low).toBeLessThan(run.published.meanRoundTripSeconds);
      expect(one?.interval.high).toBeGreaterThan(run.published.meanRoundTripSeconds);
    }
  });
});

describe("fitModel() on a run of the local function on two cores", () => {
  const local = JSON.parse(
    readFileSync(new URL("../../testdata/local-run.json", import.meta.url), "utf8"),
  ) as readonly ModelCell[];
  const model = fitModel(local, { limitSeconds: 25, train: (cell) => cell.users <= 4, replications: 40 });

  it("sees that one process serves a request after the other", () => {
    expect(model.parameters.discipline).toBe("first-come");
    expect(model.parameters.servers).toBeLessThan(1.3);
  });

  it("predicts the upper half of the loads from the lower within 10% in the median, each within 10%", () => {
    expect(model.heldOut.cells.map((cell) => cell.users)).toEqual([6, 8, 6, 8]);
    expect(model.heldOut.medianErrorRatio).toBeLessThan(0.05);
    for (const cell of model.heldOut.cells) expect(Math.abs(cell.errorRatio)).toBeLessThan(0.1);
    expect(model.verdict.expectedShare).toBeGreaterThan(0.8);
  });
});

const truth: ModelParameters = {
  demandSeconds: 0.8,
  servers: 3,
  contention: 0.02,
  delaySeconds: 0,
  demandVariation: 0.08,
};

/** A measured cell of the truth, in which each run is off by `noise`. */
function measure(
  users: number,
  thinkTimeSeconds: number,
  noise: number,
  random: () => number,
  limitSeconds = 100,
): ModelCell {
  return simulatedCell(truth, {
    ...{ users, thinkTimeSeconds, limitSeconds, runError: noise, startRatePerSecond: 4 },
    seed: Math.floor(2 ** 31 * random()),
  });
}

describe("fitModel() on simulated truth with 1% noise", () => {
  it("predicts throughput and mean round trip within 5% at twice the fitted load", () => {
    const random = createRandom(11);
    const cells = [1, 2, 3, 4, 5, 6].flatMap((users) =>
      [0, 1].map((think) => measure(users, think, 0.01, random)),
    );
    const model = fitModel(cells, { limitSeconds: 100 });
    for (const users of [8, 12]) {
      const [one] = predict([{ users, thinkTimeSeconds: 1 }], model.prediction);
      const mean = average(
        Array.from({ length: 30 }, () => figuresOfCell(measure(users, 1, 0.01, random)).mean),
      );
      expect(Math.abs((one?.meanRoundTripSeconds ?? 0) / mean - 1)).toBeLessThan(0.05);
      expect(Math.abs(((one?.throughputPerSecond ?? 0) * (mean + 1)) / users - 1)).toBeLessThan(0.05);
    }
  });

  it("gives 95% intervals that hold 89 to 99% of the runs that come, and success rates not less often", () => {
    const random = createRandom(2026);
    const hold = { mean: 0, success: 0, throughput: 0 };
    let all = 0;
    const limitSeconds = 2.8;
    for (let trial = 0; trial < 25; trial++) {
      const cells = [1, 2, 3, 4, 6, 8].flatMap((users) =>
        [0, 1].map((think) => measure(users, think, 0.01, random, limitSeconds)),
      );
      const { prediction } = fitModel(cells, { limitSeconds, seed: trial + 1 });
      for (const users of [5, 7, 9, 10]) {
        const { mean, success } = figuresOfCell(measure(users, 0, 0.01, random, limitSeconds));
        const [one] = predict([{ users, thinkTimeSeconds: 0 }], prediction);
        const holds = (interval: Interval | undefined, value: number) =>
          interval !== undefined && value >= interval.low - 1e-3 && value <= interval.high + 1e-3 ? 1 : 0;
        hold.mean += holds(one?.interval, mean);
        hold.success += holds(one?.successRateInterval, success);
        hold.throughput += holds(one?.throughputInterval, (users * success) / mean);
        all++;
      }
    }
    for (const count of Object.values(hold)) expect(count / all).toBeGreaterThanOrEqual(0.89);
    for (const count of [hold.mean, hold.throughput]) expect(count / all).toBeLessThanOrEqual(0.99);
  }, 600_000);
});

test("repetitions that differ by more than the loads do are no ground for a model", () => {
  const random = createRandom(4);
  const cells = [1, 2, 3].map((users) => {
    const quiet = measure(users, 20, 0.01, random);
    const repeated = quiet.clients.map(({ roundTripSeconds, ...client }, index) => ({
      ...client,
      repetition: 2,
      roundTripSeconds: roundTripSeconds.map((seconds) => seconds * (index % 2 === 0 ? 3 : 2)),
    }));
    return { ...quiet, clients: [...quiet.clients, ...repeated] };
  });
  const { verdict } = fitModel(cells, { limitSeconds: 100, replications: 10 });
  expect(verdict.level).toBe("do not trust");
  expect(verdict.reasons.join(" ")).toContain("Repetitions of one cell with think time 20 s");
});

describe("fitModel() refuses", () => {
  const random = createRandom(1);
  test.each([
    ["no cells", [], "MODEL_NO_CELLS"],
    ["one cell", [measure(2, 0, 0, random)], "MODEL_TOO_FEW_CELLS"],
    ["one number of users", [measure(2, 0, 0, random), measure(2, 1, 0, random)], "MODEL_TOO_FEW_CELLS"],
    [
      "cells in which all failed",
      [1, 2].map((users) => ({
        users,
        thinkTimeSeconds: 0,
        clients: [{ roundTripSeconds: [25, 25, 25], successfulRequests: 0 }],
      })),
      "MODEL_ALL_FAILED",
    ],
    [
      "more users than can be solved for",
      [measure(1, 0, 0, random), { ...measure(2, 0, 0, random), users: 1_000_000 }],
      "MODEL_TOO_MANY_USERS",
    ],
    [
      "milliseconds taken for seconds",
      [1, 2].map((users) => ({
        users,
        thinkTimeSeconds: 0,
        clients: [{ roundTripSeconds: [900, 950], successfulRequests: 2 }],
      })),
      "MODEL_BAD_UNITS",
    ],
  ])("%s", (_name, cells, code) => {
    expect(() => fitModel(cells as readonly ModelCell[], { limitSeconds: 25 })).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

describe("fitModel() on measurements that contradict each other", () => {
  const random = createRandom(9);
  const good = [1, 2, 3, 4, 5, 6].map((users) => measure(users, 0, 0.01, random));
  const quick = { limitSeconds: 100, replications: 10 };
  const reasons = (cells: readonly ModelCell[]) => fitModel(cells, quick).verdict;
  const scaled = (cell: ModelCell, times: number): ModelCell => ({
    ...cell,
    clients: cell.clients.map((client) => ({
      ...client,
      roundTripSeconds: client.roundTripSeconds.map((seconds) => seconds * times),
    })),
  });

  it("trusts them where nothing does", () => {
    expect(reasons(good).level).toBe("trust");
  });

  it("points out two results of different hosts, whatever a refit of them comes to", () => {
    const verdict = reasons([...good, ...good.map((cell) => scaled(cell, 20))]);
    expect(verdict.level).toBe("do not trust");
    expect(verdict.reasons[0]).toMatch(
      /^Two results differ in 1 user with think time 0 s: .* fit each result separately/,
    );
  });

  it("refuses answers that came later than the limit", () => {
    expect(() => fitModel(good, { ...quick, limitSeconds: 1 })).toThrow(
      expect.objectContaining({
        code: "MODEL_BAD_UNITS",
        message: expect.stringContaining("the limit of 1 s"),
      }),
    );
  });

  it("mentions the few of them", () => {
    const [first, ...others] = good as [ModelCell, ...ModelCell[]];
    const [client] = first.clients as [ModelCell["clients"][0]];
    const slow = {
      ...client,
      roundTripSeconds: [...client.roundTripSeconds.slice(1), 2 * quick.limitSeconds],
    };
    const verdict = reasons([{ ...first, clients: [slow] }, ...others]);
    expect(verdict.reasons.join(" ")).toContain("1 of 37 successful requests of 1 user");
  });

  it("refuses handlers that took longer than the round trip they are a part of", () => {
    const handlers = good.map((cell) => ({
      ...cell,
      clients: cell.clients.map((client) => ({
        ...client,
        handlerSeconds: client.roundTripSeconds.map(() => 400),
      })),
    }));
    expect(() => fitModel(handlers, quick)).toThrow(
      expect.objectContaining({ code: "MODEL_BAD_UNITS", message: expect.stringContaining("handler") }),
    );
  });

  it("warns of a think time that looks like milliseconds", () => {
    const verdict = reasons([...good, { ...measure(2, 1, 0.01, random), thinkTimeSeconds: 1000 }]);
    expect(verdict.reasons.join(" ")).toContain("for 1000 ms write think=1.");
  });

  it("does not trust a log of one client that is labelled with eight users", () => {
    const verdict = reasons([...good, { ...measure(1, 0, 0.01, random), users: 8 }]);
    expect(verdict.level).toBe("do not trust");
    expect(verdict.reasons.join(" ")).toContain("8 users with think time 0 s: the logs hold 1 client.");
  });
});

test.each([0, 1e-9, 0.001])("cells that hardly scatter (%d s) have narrow intervals", (scatter) => {
  const cells = [1, 2, 3, 4, 5, 6].map((users): ModelCell => {
    const mean = 2 * Math.max(1, users / 3);
    const roundTripSeconds = Array.from({ length: 30 }, (_, index) => mean + (index % 2) * scatter);
    const clients = Array.from({ length: users }, () => ({ roundTripSeconds, successfulRequests: 30 }));
    return { users, thinkTimeSeconds: 0, clients };
  });
  const { prediction, intervals } = fitModel(cells, { limitSeconds: 25, replications: 60 });
  for (const users of [1, 4, 8, 12]) {
    const [one] = predict([{ users, thinkTimeSeconds: 0 }], prediction);
    const mean = one?.meanRoundTripSeconds as number;
    expect(one?.interval.low).toBeGreaterThan(0.9 * mean);
    expect(one?.interval.low).toBeGreaterThan(0.97 * intervals.demandSeconds.low);
    expect(one?.interval.high).toBeLessThan(1.15 * mean);
  }
});

test("censoredNormal() finds mean and spread although a third was cut", () => {
  const random = createRandom(5);
  const values = Array.from({ length: 4000 }, () => 24 + 3 * drawNormal(random));
  const whole = values.filter((value) => value < 25);
  const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, value) => sum + value, 0);
  const moments = {
    count: whole.length,
    sum: sumOf(whole),
    squares: sumOf(whole.map((value) => value ** 2)),
  };
  const { mean, stdev } = censoredNormal(moments, values.length - whole.length, 25);
  expect(Math.abs(mean - 24)).toBeLessThan(0.15);
  expect(Math.abs(stdev - 3)).toBeLessThan(0.15);
});
